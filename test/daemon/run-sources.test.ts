import { afterEach, expect, it } from "vitest";
import type { PushConfig } from "../../src/config/config-value.ts";
import { RunSources, type RunSourcesDeps } from "../../src/daemon/run-sources.ts";
import { DotmError } from "../../src/errors.ts";
import { HealthTeller } from "../../src/ingest/health-teller.ts";
import { QuietLog } from "../../src/ingest/quiet-log.ts";
import type { ObservationSink, Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import { NOON } from "../support/builders.ts";
import { eventually } from "../support/process.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const LONG = 3600;

let sources: RunSources | undefined;

afterEach(() => sources?.stop());

const push = (name: string): PushConfig => ({ name, site: null, type: "push", token: null, staleAfter: 60 });

/** A source that says how it is when `speak` is called, and whose start ends then. */
class Slow implements Source {
  readonly name: string;
  readonly #health: HealthTeller;
  readonly #spoken: Promise<void>;
  speak: () => void = () => undefined;
  isStopped = false;

  constructor(name: string, sink: ObservationSink) {
    this.name = name;
    const [now, quiet] = [() => NOON, new QuietLog(SILENT, () => NOON)];
    this.#health = new HealthTeller({ source: name, type: "push", staleAfter: 60, sink, quiet, now });
    this.#spoken = new Promise((resolve) => {
      this.speak = () => {
        this.#health.well();
        resolve();
      };
    });
  }

  start(): Promise<void> {
    return this.#spoken;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }
}

function running(names: readonly string[], more: Partial<RunSourcesDeps> = {}) {
  const told = new Told();
  const made = new Map<string, Slow>();
  const begun: string[] = [];
  const make: RunSourcesDeps["make"] = ({ name }, sink) => {
    const source = new Slow(name, sink);
    made.set(name, source);
    return source;
  };
  const run = new RunSources({
    ...{ configured: names.map(push), make, sink: told.sink, logger: SILENT, now: () => NOON },
    begun: ({ name }) => begun.push(name),
    times: { patience: LONG, retry: LONG },
    ...more,
  });
  sources = run;
  return { run, told, made, begun };
}

it("begins with all at once, and goes on when each has told how it is", async () => {
  const { run, made, begun } = running(["a", "b"]);
  expect(run.silent).toEqual(["a", "b"]);
  const started = run.start();
  expect([...made.keys()]).toEqual(["a", "b"]);
  made.get("b")?.speak();
  expect(run.silent).toEqual(["a"]);
  made.get("a")?.speak();
  await started;
  expect([run.silent, begun.sort()]).toEqual([[], ["a", "b"]]);
});

it("waits for nobody where there is none, and a bounded time for those that say nothing", async () => {
  await running([]).run.start();
  const { run, made } = running(["hangs", "b"], { times: { patience: 0.05, retry: LONG } });
  const started = run.start();
  made.get("b")?.speak();
  await started;
  expect(run.silent).toEqual([]);
});

it("tells of a source that says nothing at all, until it does", async () => {
  const { run, told, made } = running(["hangs", "b"], { times: { patience: 0.01, retry: 0.05 } });
  const started = run.start();
  made.get("b")?.speak();
  await started;
  expect(await told.until(isUnwell)).toMatchObject({
    source: "hangs",
    error: expect.stringMatching(/^hangs has said nothing since the start, 0\.05 s ago\. It is waited for/),
  });
  made.get("hangs")?.speak();
  await told.until((seen) => isWell()(seen) && seen.source === "hangs");
  expect(told.all.filter(isUnwell)).toHaveLength(1);
});

it("begins once, however often it is told to", async () => {
  const { run, made } = running(["a"]);
  const started = run.start();
  const first = made.get("a");
  const again = run.start();
  first?.speak();
  await Promise.all([started, again]);
  expect(made.get("a")).toBe(first);
});

it("tells what is wrong with a source that cannot be made, and makes it when that is mended", async () => {
  let isMended = false;
  const told = new Told();
  const made = new Map<string, Slow>();
  const { run } = running(["bad", "good"], {
    make: ({ name }, sink) => {
      if (name === "bad" && !isMended) {
        throw new DotmError("DOTM_SOURCE_UNREADABLE", "cannot read nagios.cfg", "Give its path.");
      }
      const source = new Slow(name, sink);
      made.set(name, source);
      return source;
    },
    sink: told.sink,
    times: { patience: LONG, retry: 0.02 },
  });
  const started = run.start();
  made.get("good")?.speak();
  await started;
  expect(told.all.find(isUnwell)).toMatchObject({ source: "bad", error: "cannot read nagios.cfg. Give its path." });
  isMended = true;
  const bad = await eventually("the source is made", async () => made.get("bad"));
  bad.speak();
  expect(await told.until((seen) => isWell()(seen) && seen.source === "bad")).toMatchObject({ ok: true });
});

it("ends one whose start failed, and tells of it", async () => {
  let ended = 0;
  const { run, told } = running(["a"], {
    make: ({ name }) => ({
      name,
      start: () => Promise.reject(new Error("broken")),
      stop: async () => {
        ended++;
      },
    }),
  });
  await run.start();
  expect([ended, told.all.filter(isUnwell).map(({ error }) => error)]).toEqual([
    1,
    ["broken. This is a fault of DOTM: please report it."],
  ]);
});

it("ends while sources begin: none goes on, tells anything more, or is tried again", async () => {
  const { run, told, made, begun } = running(["a", "b"]);
  const started = run.start();
  await run.stop();
  await started;
  expect([...made.values()].map(({ isStopped }) => isStopped)).toEqual([true, true]);
  made.get("a")?.speak();
  await Promise.resolve();
  expect([told.all, begun]).toEqual([[], []]);
});
