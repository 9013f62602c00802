import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Report } from "../../agent/report.ts";
import { ReportServer } from "../agent/report-server.ts";
import { freePort, ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { describeAsRoot } from "../support/real.ts";

const MACHINE = join(ROOT, "test/support/systemd-machine.sh");
const SOCKET = "/run/shop/app.sock";
const SYSTEMD = ["/lib/systemd/systemd", "--system", "--unit=boot.target", "--log-target=console"];

/** One side of the shop: a program that listens, or one that connects and then says that it is ready. */
const SHOP = `
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
const [name, port] = process.argv.slice(2);
process.title = name;
const targets = [{ host: "127.0.0.1", port: Number(port) }, { path: "${SOCKET}" }];
if (name === "shop-server") {
  for (const target of targets) {
    createServer((socket) => socket.resume().on("error", () => undefined)).listen(target);
  }
} else {
  let open = 0;
  for (const target of targets) {
    const attempt = () => connect(target, () => ++open === 2 && writeFileSync("/run/client/ready", ""))
      .on("error", () => setTimeout(attempt, 100));
    attempt();
  }
}
`;

function service(user: string, program: string, port: number, more: string): string {
  const unit = "[Unit]\nDefaultDependencies=no\n[Service]\nType=exec\nUMask=0000\n";
  return `${unit}User=${user}\nExecStart="${process.execPath}" /usr/local/lib/shop.mjs ${program} ${port}\n${more}\n`;
}

let folder = "";
let server: ReportServer;
let machine: TestProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync("/var/tmp/dotm-unit-");
  mkdirSync(join(folder, "tree"));
  server = new ReportServer();
  await server.start();
});

afterEach(async () => {
  await machine?.stop();
  machine = undefined;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  const file = join(folder, "tree", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function install(level: number): void {
  const bundle = join(folder, "dotm-agent.mjs");
  const token = join(folder, "token");
  copyFileSync(join(ROOT, "dist/dotm-agent.mjs"), bundle);
  writeFileSync(token, "dotm_web01_secret\n", { mode: 0o600 });
  const place = ["--root", join(folder, "tree"), "--level", `${level}`, "--token-file", token];
  const words = [bundle, "install", "--server", server.url.href, "--host", "web01", ...place];
  expect(spawnSync(process.execPath, words, { encoding: "utf8" }).stderr).toBe("");
}

async function firstReport(level: number, port: number): Promise<Report> {
  const units = "etc/systemd/system";
  const ready = "RuntimeDirectory=client\nExecStartPost=sh -c 'until [ -e /run/client/ready ]; do sleep 0.05; done'";
  install(level);
  put("usr/local/lib/shop.mjs", SHOP);
  put(`${units}/shop.service`, service("www-data", "shop-server", port, "RuntimeDirectory=shop"));
  put(`${units}/client.service`, service("games", "shop-client", port, ready));
  put(`${units}/dotm-agent.service.d/order.conf`, "[Unit]\nDefaultDependencies=no\nAfter=client.service\n");
  put(`${units}/boot.target`, "[Unit]\nWants=shop.service client.service dotm-agent.service\n");
  machine = startProgram(MACHINE, [folder, ...SYSTEMD]);
  await Promise.race([server.until(1), machine.waitFor(/Failed to start .*|Freezing execution/).then(failed)]);
  const [taken] = server.taken;
  expect(taken?.headers.authorization).toBe("Bearer dotm_web01_secret");
  return taken?.body as unknown as Report;
}

function failed([text]: RegExpExecArray): never {
  throw new Error(text);
}

describeAsRoot("the installed unit, started by systemd", ["/lib/systemd/systemd", "unshare", "mount", "ss"], () => {
  const able = () => {
    const trial = mkdtempSync("/var/tmp/dotm-unit-");
    mkdirSync(join(trial, "tree"));
    const { status } = spawnSync(MACHINE, [trial, "test", "-d", "/sys/fs/cgroup"]);
    rmSync(trial, { recursive: true, force: true });
    return status === 0 && !/^\/(?:root|home)\//.test(process.execPath);
  };

  it.runIf(able()).each([0, 1, 2])(
    "runs at level %d and sees what its rights allow",
    async (level) => {
      const port = await freePort();
      const report = await firstReport(level, port);
      const [shop, client] = [
        { process: "shop-server", unit: "shop.service" },
        { process: "shop-client", unit: "client.service" },
      ];
      expect(report.listeners.filter((row) => row.port === port)).toMatchObject([shop]);
      const rows = report.connections.filter((row) => (row.localPort ?? row.remotePort) === port);
      expect(rows.map(({ direction, process, unit }) => ({ direction, process, unit })).sort(byDirection)).toEqual([
        { direction: "in", ...shop },
        { direction: "out", ...client },
      ]);
      expect(report.unix.filter(({ path }) => path === SOCKET)).toMatchObject(
        level === 0 ? [] : [{ server: "shop-server", serverUnit: "shop.service", client: "shop-client", count: 1 }],
      );
      expect(report.capture.notes.some((note) => note.includes("known by unit only"))).toBe(level === 0);
    },
    60_000,
  );
});

function byDirection(a: { direction: string }, b: { direction: string }): number {
  return a.direction < b.direction ? -1 : 1;
}
