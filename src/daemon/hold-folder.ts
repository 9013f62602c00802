/** Keeps the data folder for one process: its journals have one writer each. */
import { join } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { makeFolder } from "../make-folder.ts";
import { DataLock } from "../store/data-lock.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Milliseconds between two touches, for processes that cannot see ours. */
const TOUCH_EVERY = 10_000;

/**
 * Makes the folder where it is missing, and holds it until the end.
 * @throws DotmError DOTM_LOCKED where another process holds it, DOTM_STORE_FAILED where it cannot be used
 */
export async function holdFolder(folder: string, logger: Logger, lifecycle: Lifecycle): Promise<void> {
  const lock = await lockOf(folder);
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

async function lockOf(folder: string): Promise<DataLock> {
  try {
    makeFolder(folder, 0o700);
    return await DataLock.take(join(folder, "process.lock"));
  } catch (error) {
    if (error instanceof DotmError) {
      throw error;
    }
    const next = "Let the user DOTM runs as write there, or name another one: data_dir in dotm.yaml, --data-dir.";
    const message = `The data folder ${folder} cannot be used (${messageOf(error)}).`;
    throw new DotmError("DOTM_STORE_FAILED", message, next, { cause: error });
  }
}
