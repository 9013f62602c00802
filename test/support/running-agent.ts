/** A running `dotm-agent serve`, asked for its reports as a server would ask. */
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Report } from "../../agent/report.ts";
import { ROOT, startProgram, type TestProcess } from "./process.ts";

/** Words before the command that take every right from it. */
export const WITHOUT_RIGHTS = [
  ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
  ...["--bounding-set=-all", "--no-new-privs"],
];

/** A copy of the bundled agent where everybody can read it, as the repository may lie in somebody's home. */
class AgentCopy {
  readonly #folder = mkdtempSync("/var/tmp/dotm-agent-");
  readonly file = join(this.#folder, "dotm-agent.mjs");

  constructor() {
    chmodSync(this.#folder, 0o755);
    copyFileSync(join(ROOT, "dist/dotm-agent.mjs"), this.file);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The agent at a free port of loopback. */
export class RunningAgent {
  readonly process: TestProcess;
  readonly #copy = new AgentCopy();

  /** `before` are words put before the command, such as WITHOUT_RIGHTS; `options` come after it. */
  constructor(before: readonly string[] = [], options: readonly string[] = []) {
    const words = [process.execPath, this.#copy.file, "serve", "--listen", "127.0.0.1:0", ...options];
    const [program = "", ...args] = [...before, ...words];
    this.process = startProgram(program, args);
  }

  /** Where it listens, for reports or for what else its own line about it says. */
  async port(what = "reports of"): Promise<number> {
    const [, port] = await this.process.waitFor(new RegExp(`${what}.* at 127\\.0\\.0\\.1 port (\\d+)`));
    return Number(port);
  }

  /** Its next report; who asks twice within a second gets the same one. */
  async report(): Promise<Report> {
    const port = await this.port();
    const [answer] = await once(get({ host: "127.0.0.1", port, path: "/report", agent: false }), "response");
    return (await json(answer)) as Report;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    this.#copy.remove();
  }
}
