/** Keeps the data folder for one process: its journals have one writer each. */
import { join } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { DataLock } from "../store/data-lock.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Milliseconds between two touches, for processes that cannot see ours. */
const TOUCH_EVERY = 10_000;

/** Where the folder is, who puts it away, and who is told that it is lost: nothing that is kept there is safe any more. */
export interface FolderHolding {
  readonly folder: string;
  readonly lifecycle: Lifecycle;
  readonly onLost: (reason: DotmError) => void;
  /** Milliseconds between two looks, 10,000 unless said otherwise. */
  readonly every?: number;
}

/**
 * Makes the folder where it is missing, and holds it until the end.
 * @throws DotmError DOTM_LOCKED where another process holds it, DOTM_STORE_FAILED where it cannot be used
 */
export async function holdFolder({ folder, lifecycle, onLost, every = TOUCH_EVERY }: FolderHolding): Promise<void> {
  const lock = await lockOf(folder);
  const look = async () => {
    if (!(await lock.isHeld()) && (await lock.isLost())) {
      clearInterval(timer);
      onLost(lost(folder));
    }
  };
  const timer = setInterval(() => void look(), every);
  lifecycle.onStop("data folder", () => {
    clearInterval(timer);
    return lock.release();
  });
}

function lost(folder: string): DotmError {
  return new DotmError(
    "DOTM_LOCKED",
    `The data folder ${folder} was taken by another process, or taken away: what is kept there is not safe any more.`,
    "Give each process a data_dir of its own that nobody clears, and start DOTM again.",
  );
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
