/** Runs a command line of ours against a picture that is a value, and catches what it writes. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SettingsEditor } from "../../src/audit/audited.ts";
import { main } from "../../src/cli/program.ts";
import type { Root } from "../../src/cli/root.ts";
import type { Interruption, Screen, Terminal } from "../../src/cli/terminal.ts";
import { DotmError } from "../../src/errors.ts";
import type { AgentClock } from "../../src/store/agent-clocks.ts";
import type { BrokenValue } from "../../src/store/broken-values.ts";
import type { ForeignKey } from "../../src/store/foreign-keys.ts";
import type { History } from "../../src/store/history-reader.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import type { TeamReader } from "../../src/store/team.ts";
import { NOW, storedSettings, storedSite } from "./stored-site.ts";

/** What came of a command. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** How often the store was closed. */
  readonly closed: number;
}

/** What may be different from the usual world of a test. */
export interface World {
  readonly reader?: MapReader;
  readonly settings?: SettingsEditor;
  readonly foreign?: readonly ForeignKey[];
  readonly broken?: readonly BrokenValue[];
  readonly clocks?: readonly AgentClock[];
  readonly history?: History;
  readonly team?: TeamReader;
  readonly root?: Partial<Root>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  readonly isTerminal?: boolean;
  readonly screen?: Screen;
  readonly interrupted?: () => Promise<Interruption>;
  readonly reloadAsked?: () => Promise<"SIGHUP">;
  /** Opens no picture but behaves as the real thing, for errors on the way to it. */
  readonly real?: boolean;
}

/** Where commands of tests write down what they change, unless they say otherwise. */
const AUDIT = join(tmpdir(), `dotm-audit-${process.pid}.log`);
const WRITERS: ReadonlySet<string> = new Set(["settings", "map"]);

const NOBODY: TeamReader = {
  members: async () => [],
  queue: async () => ({ waiting: 0, workers: 0, poison: 0 }),
};

/** Runs `dotm` with the arguments. */
export async function dotm(args: readonly string[], world: World = {}): Promise<Outcome> {
  const written = { out: "", err: "" };
  let closed = 0;
  const sink = (name: "out" | "err") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal: world.isTerminal ?? false,
  });
  const terminal: Terminal = {
    out: sink("out"),
    err: sink("err"),
    screen: world.screen ?? null,
    input: async () => Buffer.from((world.stdin ?? "") as Buffer),
    around: {
      env: { ...(WRITERS.has(args[0] ?? "") ? { DOTM_AUDIT__FILE: AUDIT } : {}), ...world.env },
      cwd: world.cwd ?? tmpdir(),
      home: "/nonexistent/home",
      root: false,
      systemFolder: "/nonexistent/etc",
      systemData: "/nonexistent/var",
    },
    now: () => NOW,
    interrupted: world.interrupted ?? (() => new Promise<Interruption>(() => {})),
    reloadAsked: world.reloadAsked ?? (() => new Promise(() => {})),
    program: "dotm",
  };
  const root: Root = {
    startDaemon: () => Promise.reject(new Error("no daemon in this test")),
    startDemo: () => Promise.reject(new Error("no demo in this test")),
    ...world.root,
  };
  const open = async () => ({
    reader: world.reader ?? storedSite(),
    settings: world.settings ?? storedSettings(),
    history: async () => world.history ?? noHistory(),
    team: world.team ?? NOBODY,
    foreign: async function* () {
      yield* world.foreign ?? [];
    },
    broken: async function* () {
      yield* world.broken ?? [];
    },
    clocks: async function* () {
      yield* world.clocks ?? [];
    },
    about: "a store of the test",
    close: () => {
      closed += 1;
    },
  });
  // A picture that is a value stands at an address nobody calls.
  const where = world.real === true || !READERS.has(args[0] ?? "") ? [] : ["--url", "redis://127.0.0.1:1"];
  const code = await main([...args, ...where], root, { terminal, ...(world.real === true ? {} : { open }) });
  return { code, ...written, closed };
}

/** A history without snapshots. */
function noHistory(): History {
  const nothing = new DotmError("DOTM_NOT_FOUND", "No snapshot has been taken yet.", "dotm history list");
  return { list: async () => [], at: () => Promise.reject(nothing) };
}

const READERS: ReadonlySet<string> = new Set([
  "export",
  "history",
  "impact",
  "causes",
  "graph",
  "get",
  "settings",
  "map",
  "report",
  "what-if",
  "path",
]);
