/** The daemon as systemd starts it, with no more rights than its unit gives: it works, and can do nothing else. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reportOf, sendReport } from "../support/dotm-process.ts";
import { eventually, freePort, ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { describeAsRoot } from "../support/real.ts";

const MACHINE = join(ROOT, "test/support/systemd-machine.sh");
const SYSTEMD = ["/lib/systemd/systemd", "--system", "--unit=boot.target", "--log-target=console"];
const IDENTITY = 64_999;

let folder = "";
let machine: TestProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync("/var/tmp/dotm-daemon-unit-");
  mkdirSync(join(folder, "tree"));
});
afterEach(async () => {
  await machine?.stop();
  machine = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string, mode = 0o644): void {
  const file = join(folder, "tree", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** The program, its user and its unit, which waits for nothing that this machine does not have. */
function install(port: number): void {
  const at = join(folder, "tree/usr/lib/dotm");
  for (const part of ["bin", "dist", "src", "templates", "nagios", "node_modules", "package.json"]) {
    cpSync(join(ROOT, part), join(at, part), { recursive: true, dereference: part === "node_modules" });
  }
  put("usr/bin/dotm", `#!/bin/sh\nexec "${process.execPath}" /usr/lib/dotm/bin/dotm.js "$@"\n`, 0o755);
  put("etc/passwd", `${readFileSync("/etc/passwd", "utf8")}dotm:x:${IDENTITY}:${IDENTITY}::/var/lib/dotm:/bin/false\n`);
  put("etc/group", `${readFileSync("/etc/group", "utf8")}dotm:x:${IDENTITY}:\n`);
  put("etc/dotm/dotm.yaml", `web: { listen: "127.0.0.1:${port}" }\nagents: { auth: none }\n`);
  put("etc/systemd/system/dotm.service", readFileSync(join(ROOT, "packaging/dotm.service"), "utf8"));
  const order = "[Unit]\nDefaultDependencies=no\nAfter=\nWants=\n";
  put("etc/systemd/system/dotm.service.d/order.conf", order);
  put("etc/systemd/system/boot.target", "[Unit]\nWants=dotm.service\n");
}

describeAsRoot(
  "the daemon's unit, started by systemd",
  ["/lib/systemd/systemd", "unshare", "mount", "redis-server"],
  () => {
    const able = () => {
      const trial = mkdtempSync("/var/tmp/dotm-daemon-unit-");
      mkdirSync(join(trial, "tree"));
      const { status } = spawnSync(MACHINE, [trial, "test", "-d", "/sys/fs/cgroup"]);
      rmSync(trial, { recursive: true, force: true });
      return status === 0 && !/^\/(?:root|home)\//.test(process.execPath);
    };

    it.runIf(able())(
      "keeps a store of its own, takes reports and shows them, as a user without any right",
      async () => {
        const port = await freePort();
        install(port);
        machine = startProgram(MACHINE, [folder, ...SYSTEMD]);
        const url = `http://127.0.0.1:${port}/`;
        const running = machine;
        await eventually(
          "the daemon to be ready",
          async () => {
            expect(running.stdout + running.stderr).not.toMatch(/Failed to start dotm|Freezing execution/);
            return (await fetch(`${url}readyz`)).status === 200 ? true : undefined;
          },
          60_000,
        );
        expect(await sendReport(url, reportOf("app1", 1))).toBe(200);
        await eventually("its page", async () =>
          (await (await fetch(`${url}host/app1`)).text()).includes("8080") ? true : undefined,
        );
        const status = rightsOf(port);
        expect(status).toMatchObject({ Uid: `${IDENTITY}`, CapEff: "0", CapBnd: "0", NoNewPrivs: "1", Seccomp: "2" });
      },
      120_000,
    );
  },
);

/** What the kernel says of the process that listens at a port of this machine: the first value of each line. */
function rightsOf(port: number): Readonly<Record<string, string>> {
  const { stdout } = spawnSync("ss", ["-Hltnp", `sport = :${port}`], { encoding: "utf8" });
  const pid = /pid=(\d+)/.exec(stdout)?.[1] ?? "";
  const lines = readFileSync(`/proc/${pid}/status`, "latin1").split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^(\w+):\s+(\w+)/.exec(line) ?? [];
      return [name, value.replace(/^0+(?=\w)/, "")];
    }),
  );
}
