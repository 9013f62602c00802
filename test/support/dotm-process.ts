/** Processes of DOTM as an administrator starts them, on one Redis, and what is sent to them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreOptions } from "../../src/store/store-place.ts";
import { startScript, type TestProcess } from "./process.ts";

/** One process. */
export interface DotmProcess {
  readonly process: TestProcess;
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly dataDir: string;
}

/** What may differ. */
export interface DotmOptions {
  readonly roles: string;
  /** Name of its folder below `folder`. */
  readonly name: string;
  readonly folder: string;
  /** `own`: the process provides its own. */
  readonly store: StoreOptions | "own";
  /** PATH of the process; that of the tests where absent. */
  readonly path?: string;
  /** Port of `web.listen`; a free one where absent. */
  readonly port?: number;
  /** Its dotm.yaml. */
  readonly config?: string;
  /** Environment beside that of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until it must serve. */
  readonly patience?: number;
}

/** Starts `dotm serve` and waits until it serves. */
export async function startDotm({
  roles,
  name,
  folder,
  store,
  port = 0,
  config = "",
  path,
  env = {},
  patience = 40_000,
}: DotmOptions): Promise<DotmProcess> {
  const dataDir = join(folder, name);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, "dotm.yaml"), config);
  const process = startScript(
    "bin/dotm.js",
    [
      ...["serve", "--roles", roles, "--data-dir", dataDir, "--listen", `127.0.0.1:${port}`],
      ...(store === "own" ? [] : ["--url", store.url ?? `unix:${store.socket}`]),
    ],
    { cwd: dataDir, env: { DOTM_AGENTS__AUTH: "none", ...env, ...(path === undefined ? {} : { PATH: path }) } },
  );
  try {
    const [, url = ""] = await process.waitFor(/DOTM serves (http:\S+)/, patience);
    return { process, url, dataDir };
  } catch (error) {
    // Whoever tries again wants its folder.
    process.kill("SIGKILL");
    throw error;
  }
}

/** A report of a host that listens at 8080 and talks to `peer`. */
export function reportOf(
  host: string,
  sequence: number,
  { process = "app", peer = "10.0.9.9", boot = "b", interval = 60 } = {},
): object {
  const time = new Date().toISOString();
  const owner = { process, unit: null, container: null, netns: null };
  return {
    ...{ version: 1, host, agent: "test", time, interval, sequence, boot, ips: [addressOf(host)] },
    listeners: [{ proto: "tcp", address: "0.0.0.0", port: 8080, ...owner }],
    connections: [
      {
        ...{ direction: "out", proto: "tcp", ...owner, localAddress: addressOf(host), localPort: null },
        ...{ remoteAddress: peer, remotePort: 3306, count: 1, opened: 1, lastSeen: time },
      },
    ],
    unix: [],
    processes: [],
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  };
}

/** An address of its own for each host name that ends in a number. */
function addressOf(host: string): string {
  const number = Number(/\d+$/.exec(host)?.[0] ?? 0);
  return `10.0.${Math.trunc(number / 250)}.${(number % 250) + 1}`;
}

/** Sends a report; the status of the answer, 0 where there was none. */
export async function sendReport(url: string, report: object): Promise<number> {
  try {
    const answer = await fetch(`${url}api/v1/agents/report`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-DOTM-Sent": new Date().toISOString() },
      body: JSON.stringify(report),
      signal: AbortSignal.timeout(10_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** The parts of `/readyz`. */
export async function partsOf(url: string): Promise<Readonly<Record<string, { ok: boolean; detail: string }>>> {
  const answer = (await (await fetch(`${url}readyz`)).json()) as {
    parts: Record<string, { ok: boolean; detail: string }>;
  };
  return answer.parts;
}

/** Whether the engine of a process leads. */
export async function leads(url: string): Promise<boolean> {
  return (await partsOf(url))["engine"]?.detail.startsWith("leads, last turn") === true;
}
