/** The real agent, as a child of the demo, reporting this very machine. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { endChild } from "../store/end-child.ts";

/** Milliseconds. */
const STOP_PATIENCE = 10_000;

/** How the agent is run. */
export interface LocalAgentOptions {
  readonly server: string;
  readonly host: string;
  readonly token: string;
  readonly dataDir: string;
  /** Seconds. */
  readonly interval: number;
  readonly logger: Logger;
}

/** A running agent. */
export interface LocalAgent {
  /** Rejects where it ends by itself. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** Starts the agent; its token goes by a file that only we can read. */
export function startLocalAgent({ server, host, token, dataDir, interval, logger }: LocalAgentOptions): LocalAgent {
  const tokenFile = join(dataDir, "local-agent.token");
  const spool = join(dataDir, "agent-spool");
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const program = fileURLToPath(import.meta.resolve("#bin/dotm-agent.js"));
  const options = [
    "--server",
    server,
    "--token-file",
    tokenFile,
    "--host",
    host,
    "--interval",
    `${interval}`,
    "--spool",
    spool,
  ];
  const child = spawn(process.execPath, [program, "run", ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let last = "";
  child.stderr.on("data", (text: Buffer) => {
    last = text.toString("utf8").trim();
    logger.debug({ agent: last }, "the agent says");
  });
  let stopping = false;
  return {
    ended: new Promise<never>((_, reject) => {
      const fail = (why: string) =>
        stopping
          ? undefined
          : reject(
              new DotmError("DOTM_FAILED", `the agent of this machine ended: ${why}`, `Try: ${program} once --print`),
            );
      child.once("error", (error) => fail(error.message));
      child.once("exit", (code) => fail(`exit code ${code}. ${last}`));
    }),
    stop: async () => {
      stopping = true;
      await endChild(child, STOP_PATIENCE);
    },
  };
}
