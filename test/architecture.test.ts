/** The import directions of ARCHITECTURE.md are checked by machine; here the checker itself is checked. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./support/process.ts";

const RULES = ".dependency-cruiser.cjs";
const ROOMS = ["src", "nagios", "agent"];

/** What dependency-cruiser says, as far as it is read here. */
interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { name: string } }[];
  };
}

/** A file that breaks a rule: where it stands and what it imports. */
type Plant = readonly [file: string, imports: string];

/** One for each rule. */
const PLANTS: Readonly<Record<string, Plant>> = {
  "no-cycles": ["src/model/planted-cycle-back.ts", "./planted-cycle.ts"],
  resolvable: ["src/model/planted-unresolvable.ts", "./nowhere.ts"],
  "pure-stays-pure": ["src/impact/planted-clock.ts", "node:fs"],
  "model-imports-only-model": ["src/model/planted-errors.ts", "../errors.ts"],
  "nagios-imports-only-model": ["nagios/planted-impact.ts", "../src/impact/planted-target.ts"],
  "host-text-imports-only-model": ["src/host-text/planted-errors.ts", "../errors.ts"],
  "host-text-in-ingest-and-cli": ["src/web/planted-host-text.ts", "../host-text/planted-target.ts"],
  "steps-do-not-know-each-other": ["src/impact/planted-mapping.ts", "../mapping/planted-target.ts"],
  "agent-stands-alone": ["agent/planted-model.ts", "../src/model/ids.ts"],
  "plugin-stands-alone": ["src/plugin/planted-errors.ts", "../errors.ts"],
  "plugin-is-known-by-its-options": ["src/cli/planted-plugin.ts", "../plugin/planted-target.ts"],
  "agent-is-known-by-its-report": ["src/ingest/planted-agent.ts", "../../agent/planted-target.ts"],
  "edges-do-not-know-each-other": ["src/web/planted-cli.ts", "../cli/planted-target.ts"],
  "cli-knows-store-and-ingest": ["src/cli/planted-web.ts", "../web/planted-target.ts"],
  "store-is-the-last-edge": ["src/ingest/planted-store.ts", "../store/planted-target.ts"],
  "audit-knows-store": ["src/audit/planted-web.ts", "../web/planted-target.ts"],
  "only-daemon-computes": ["src/web/planted-compute.ts", "../compute.ts"],
  "daemon-is-started-by-roots": ["src/cli/planted-daemon.ts", "../daemon/planted-target.ts"],
  "nobody-imports-demo": ["src/cli/planted-demo.ts", "../demo/planted-target.ts"],
  "dialects-only-in-ingest": ["src/store/planted-dialect.ts", "../../nagios/planted-target.ts"],
  "topology-only-in-compute": ["src/cli/planted-topology.ts", "../topology/planted-target.ts"],
  "mapping-in-compute-and-readers": ["src/store/planted-mapping.ts", "../mapping/planted-target.ts"],
  "impact-in-compute-and-readers": ["src/store/planted-impact.ts", "../impact/planted-target.ts"],
  "render-in-web-and-cli": ["src/store/planted-render.ts", "../render/planted-target.ts"],
  "daemon-leaves-cli-alone": ["src/daemon/planted-cli.ts", "../cli/planted-target.ts"],
  "shared-imports-only-shared": ["src/asset.ts", "./model/ids.ts"],
  "redis-only-in-store": ["src/web/planted-redis.ts", "ioredis"],
  "http-only-in-web": ["src/cli/planted-express.ts", "express"],
  "commander-only-in-cli": ["src/web/planted-commander.ts", "commander"],
  "chokidar-only-in-ingest": ["src/web/planted-chokidar.ts", "chokidar"],
  "no-tests-in-production": ["src/web/planted-test.ts", "../../test/planted-target.ts"],
};

describe("the import rules", () => {
  it("see every TypeScript file and find nothing wrong in the tree", async () => {
    const { modules, summary } = await cruise(ROOT, RULES);
    const seen = new Set(modules.map((module) => module.source));
    const files = ROOMS.flatMap((room) => sourcesIn(room));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 60_000);

  describe("in a copy of the tree with one violation planted for each", () => {
    let copy: string;
    let found: ReadonlySet<string>;

    beforeAll(async () => {
      copy = mkdtempSync(join(tmpdir(), "dotm-architecture-"));
      layOut(copy);
      for (const each of Object.values(PLANTS)) {
        plant(copy, each);
      }
      const { summary } = await cruise(copy, "planted.cjs");
      found = new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    }, 60_000);

    afterAll(() => rmSync(copy, { recursive: true, force: true }));

    for (const rule of ruleNames()) {
      it(`${rule} is reported`, () => {
        const planted = PLANTS[rule];
        expect(planted, `plant a violation of ${rule} in this test`).toBeDefined();
        expect([...found]).toContain(`${rule}: ${planted?.[0]}`);
      });
    }
  });
});

describe("ARCHITECTURE.md", () => {
  const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");

  it("names every room of the house", () => {
    const rooms = [...ROOMS, "templates", "bin", "test", "bench", "docs"].filter((room) =>
      existsSync(join(ROOT, room)),
    );
    const inner = foldersIn("src").map((name) => `src/${name}`);
    expect([...rooms, ...inner].filter((room) => !text.includes(`\`${room}`))).toEqual([]);
  });

  it("speaks only of files and folders that are there", () => {
    const named = text.match(/`(?:src|nagios|agent|bin|test|bench|docs|templates)(?:\/[\w.-]+)*\/?`/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect(named.map((name) => name.slice(1, -1)).filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

async function cruise(folder: string, rules: string): Promise<Cruise> {
  const program = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [program, ...ROOMS, "--config", rules, "--output-type", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Cruise;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);
}

function foldersIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(ROOT, folder, entry.name)).length > 0)
    .map((entry) => entry.name);
}

function ruleNames(): string[] {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, RULES)) as { forbidden: { name: string }[] };
  return forbidden.map((rule) => rule.name);
}

function layOut(copy: string): void {
  for (const name of [...ROOMS, RULES, "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  // The rules speak of node_modules/NAME: a link is not to be followed to where it really is.
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const rules = `const base = require("./${RULES}");
module.exports = { ...base, options: { ...base.options, preserveSymlinks: true } };`;
  writeFileSync(join(copy, "planted.cjs"), rules);
  // The other half of the cycle, which is reported once, at the file whose name comes first.
  writeFileSync(join(copy, "src/model/planted-cycle.ts"), importing("./planted-cycle-back.ts"));
}

/** Writes a breaking file, and what it imports where the tree has no such file. */
function plant(copy: string, [file, imports]: Plant): void {
  write(join(copy, file), importing(imports));
  const target = join(copy, dirname(file), imports);
  if (imports.startsWith(".") && !imports.includes("nowhere") && !existsSync(target)) {
    write(target, "export const target = 1;\n");
  }
}

function importing(what: string): string {
  return `import * as planted from "${what}";\n\nexport const seen = planted;\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
