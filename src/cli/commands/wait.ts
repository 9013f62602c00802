/** `dotm wait --ready`: returns when the daemon serves, for ExecStartPost and scripts. */
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../config.ts";
import { DotmError, messageOf } from "../../errors.ts";
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

/** Milliseconds between two looks, and for one answer at most. */
const LOOK_EVERY = 200;
const ANSWER_WITHIN = 2_000;

/** Waits until `/readyz` answers 200. @throws DotmError DOTM_STORE_UNREACHABLE where nobody answers in time */
export async function wait(options: WaitOptions, terminal: Terminal): Promise<number> {
  const base = options.web ?? configuredUrl(options, terminal);
  const url = new URL("readyz", base.endsWith("/") ? base : `${base}/`);
  const until = terminal.now() + options.timeout;
  let last = "";
  let answered = false;
  do {
    try {
      const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(ANSWER_WITHIN) });
      if (answer.ok) {
        return EXIT.done;
      }
      answered = true;
      last = `it answers ${answer.status}: ${(await answer.text()).slice(0, 500)}`;
    } catch (error) {
      last = reasonOf(error);
    }
    await sleep(LOOK_EVERY);
  } while (terminal.now() < until);
  const text = `${url.href} was not ready within ${options.timeout} s; ${last}.`;
  throw new DotmError(
    answered ? "DOTM_FAILED" : "DOTM_STORE_UNREACHABLE",
    text,
    "See: systemctl status dotm, or the log of dotm serve",
  );
}

function configuredUrl({ config }: WaitOptions, { around }: Terminal): string {
  const { web } = loadConfig({ file: config }, around);
  return pageUrl(web);
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
