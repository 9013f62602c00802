/** What happens where the machine has no file descriptor left, in processes of their own whose limit is really reached. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeReal } from "../support/real.ts";

const NODE = [process.execPath, "--import", "./test/long/typescript.js", "--input-type=module", "-e"] as const;

/** Runs a script of which every descriptor is taken before `act`; what it prints, `ended` last where nothing ended it before. */
async function withNone(imports: string, act: string): Promise<string> {
  const script = `import { openSync } from "node:fs";
    ${imports}
    try { for (;;) openSync("/dev/null", "r"); } catch {}
    await (${act}).catch((error) => console.log(error.message));
    setImmediate(() => { console.log("ended"); process.exit(); });`;
  const child = spawn("prlimit", ["--nofile=200:200", ...NODE, script], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  await once(child, "close");
  return said;
}

/** What a name space of its own is told, so that nobody else is short of watches. */
const NO_WATCHES = "echo 0 > /proc/sys/user/max_inotify_instances";
const MAY_LIMIT_WATCHES = spawnSync("unshare", ["-Ur", "sh", "-c", NO_WATCHES]).status === 0;

describeReal("without a file descriptor", ["prlimit"], () => {
  it("a host is not asked over ssh, and that is told", async () => {
    const said = await withNone(
      `import { fetchSsh } from "./src/ingest/fetch-ssh.ts";`,
      `fetchSsh({ address: "h", port: 22, identityFile: null, knownHostsFile: null }, { user: "u", total: 5000 }, new AbortController().signal)`,
    );
    expect(said).toBe("cannot run ssh: EMFILE\nended\n");
  });

  it("nothing is sent by send_nsca, and that is told", async () => {
    const said = await withNone(
      `import { nsca } from "./src/notify/nsca.ts";
       const result = { host: "h", check: "c", state: 0, output: "", details: [], figures: [], at: 5 };`,
      `nsca({ name: "n", command: "true", host: "h", port: 1, configFile: null }).send([result], new AbortController().signal)`,
    );
    expect(said).toMatch(/^true failed \(spawn true EMFILE\)\.\nended\n$/);
  });

  it.skipIf(!MAY_LIMIT_WATCHES)(
    "reports put into a folder are taken though it cannot be watched, and that is told",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "dotm-unwatched-"));
      const spool = JSON.stringify(join(folder, "spool"));
      const script = `import { renameSync, writeFileSync } from "node:fs";
      import { ReportSpool } from "./src/ingest/report-spool.ts";
      const log = { warn: ({ error }) => console.log(error), error: console.log, info() {}, debug() {} };
      const sink = async ({ file }) => { console.log(file); process.exit(); };
      const spool = new ReportSpool({ folder: ${spool}, sink, log, now: () => 0, every: 0.05 });
      await spool.start();
      writeFileSync(${spool} + "/a.json", "{}");`;
      const { stdout } = await promisify(execFile)("unshare", [
        "-Ur",
        "sh",
        "-c",
        `${NO_WATCHES} && exec "$@"`,
        "sh",
        ...NODE,
        script,
      ]);
      expect(stdout).toMatch(/EMFILE.*\na\.json\n$/s);
      rmSync(folder, { recursive: true });
    },
  );
});
