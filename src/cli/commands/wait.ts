/** `dotm wait --ready`: returns when the daemon serves, for ExecStartPost and scripts. */
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { askReady, type ReadyAnswer } from "../ask-ready.ts";
import { EXIT } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { pageUrl } from "../words.ts";

/** Options of the command. */
export interface WaitOptions {
  readonly config?: string | undefined;
  /** Address of the pages; by default what the configuration says. */
  readonly web?: string | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/** Milliseconds between two looks. */
const LOOK_EVERY = 200;

/** Waits until `/readyz` answers 200. @throws DotmError DOTM_STORE_UNREACHABLE where nobody answers in time */
export async function wait(options: WaitOptions, terminal: Terminal): Promise<number> {
  const { base, certFile } = placeOf(options, terminal);
  const until = terminal.now() + options.timeout;
  let answer: ReadyAnswer;
  do {
    answer = await askReady(base, certFile);
    if (answer.kind === "ready") {
      return EXIT.done;
    }
    await sleep(LOOK_EVERY);
  } while (terminal.now() < until);
  const last = answer.kind === "unready" ? `it answers ${answer.status}: ${answer.text}` : answer.reason;
  throw new DotmError(
    answer.kind === "unready" ? "DOTM_FAILED" : "DOTM_STORE_UNREACHABLE",
    `${answer.url} was not ready within ${options.timeout} s; ${last}.`,
    "See: systemctl status dotm, or the log of dotm serve",
  );
}

function placeOf({ config, web: named }: WaitOptions, { around }: Terminal): { base: string; certFile?: string } {
  if (named !== undefined) {
    return { base: named };
  }
  const { web } = loadConfig({ file: config }, around);
  return { base: pageUrl(web), ...(web.tls === null ? {} : { certFile: web.tls.certFile }) };
}
