/** Keeps the data folder for one process: its journals have one writer each. */
import { join } from "node:path";
import type { Logger } from "../logger.ts";
import { DataLock } from "../store/data-lock.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Milliseconds between two touches, for processes that cannot see ours. */
const TOUCH_EVERY = 10_000;

/** Holds the folder until the end. @throws DotmError DOTM_LOCKED where another process holds it */
export async function holdFolder(folder: string, logger: Logger, lifecycle: Lifecycle): Promise<void> {
  const lock = await DataLock.take(join(folder, "process.lock"));
  const timer = setInterval(async () => {
    if (!(await lock.isHeld())) {
      clearInterval(timer);
      logger.error({ folder }, "another process has taken this data folder; give each process one of its own");
    }
  }, TOUCH_EVERY);
  lifecycle.onStop("data folder", () => {
    clearInterval(timer);
    return lock.release();
  });
}
