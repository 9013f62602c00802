/** `dotm event`: tells a daemon on this machine of one change of state, for the event handlers of Nagios. */
import { sendEvent } from "../../ingest/send-event.ts";
import { EXIT } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Options of the command, as the macros of Nagios fill them in. */
export interface EventOptions {
  readonly pipe: string;
  readonly host: string;
  readonly check: string;
  readonly state: string;
  readonly type: string;
  readonly attempt: string;
  /** Unix seconds; default: now. */
  readonly time?: string;
}

/** Writes the event into the pipe. */
export function event(options: EventOptions, { now }: Pick<Terminal, "now">): number {
  const { pipe, host, check, state, type: stateType, attempt, time = `${Math.floor(now())}` } = options;
  sendEvent(pipe, { time, host, check, state, stateType, attempt });
  return EXIT.done;
}
