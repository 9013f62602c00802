/** Writes one event into the event pipe of a daemon on this machine, at once or not at all. */
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { type EventFields, eventLine, LONGEST_EVENT_LINE } from "../../nagios/event-line.ts";
import { DotmError, messageOf } from "../errors.ts";

/**
 * Writes the event; never waits, since the monitoring waits for its event handlers.
 * @throws DotmError DOTM_USAGE where the fields are no event, DOTM_FAILED where nobody reads the pipe or it is full
 */
export function sendEvent(path: string, fields: EventFields): void {
  const line = eventLine(fields);
  if (line === undefined) {
    const next =
      'Give what the macros say: --time "$TIMET$" --host "$HOSTNAME$" --check "$SERVICEDESC$" --state "$SERVICESTATE$" ' +
      `--type "$SERVICESTATETYPE$" --attempt "$SERVICEATTEMPT$"; ${LONGEST_EVENT_LINE} bytes in all.`;
    throw new DotmError("DOTM_USAGE", "these values are no event of a host or service check", next);
  }
  const descriptor = opened(path);
  try {
    if (!fstatSync(descriptor).isFIFO()) {
      throw new DotmError("DOTM_FAILED", `${path} is not a named pipe`, "Remove it; the daemon makes the pipe itself.");
    }
    writeSync(descriptor, line);
  } catch (error) {
    throw error instanceof DotmError ? error : failed(error);
  } finally {
    closeSync(descriptor);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    throw failed(error);
  }
}

const NEXT: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "The daemon makes it: set event_pipe for a source in dotm.yaml and start dotm serve."],
  ["ENXIO", "Nobody reads it: start dotm serve."],
  ["EAGAIN", "It is full: the daemon hangs; the next status file tells the state all the same."],
  ["EACCES", "Let the monitoring's user write it: chgrp nagios on the pipe."],
]);

function failed(error: unknown): DotmError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new DotmError("DOTM_FAILED", `the event could not be written: ${messageOf(error)}`, NEXT.get(code) ?? "", {
    cause: error,
  });
}
