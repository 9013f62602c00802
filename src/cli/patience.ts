/** Says that a long beginning goes on: on a terminal in one line that goes away again, else a line now and then. */
import { CLEAR } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Seconds between two lines where nobody looks. */
const EVERY = 10;

/** Waits for `done`, and says after each second that `what` takes its time; `second` is how many milliseconds one has. */
export async function withPatience<T>(
  what: string,
  done: Promise<T>,
  { err }: Pick<Terminal, "err">,
  second = 1_000,
): Promise<T> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (err.isTerminal) {
      err.write(`${CLEAR}${what}, ${seconds} s`);
    } else if (seconds % EVERY === 0) {
      err.write(`${what}, ${seconds} s\n`);
    }
  }, second);
  try {
    return await done;
  } finally {
    clearInterval(timer);
    if (err.isTerminal && seconds > 0) {
      err.write(CLEAR);
    }
  }
}
