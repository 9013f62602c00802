/** Changes to files as a value: shown first, then carried out, and undone where what follows fails. */
import { chmodSync, existsSync, mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { DotmError, messageOf } from "../../errors.ts";
import { lineDiff } from "../line-diff.ts";
import { givenFile, replaceFile } from "./given-file.ts";

/** One file; `before` null where it is not there, `after` null where it shall go. */
export interface FilePlan {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Rights of a file that is made. */
  readonly mode: number;
  /** One line that is shown instead of a long difference. */
  readonly brief?: string;
}

/** The text of a file; null where it is not there. @throws DotmError where it cannot be read */
export function textAt(path: string): string | null {
  try {
    return givenFile(path)?.text ?? null;
  } catch (error) {
    throw cannot("read", path, error);
  }
}

/** Those plans that change something. */
export function changing(plans: readonly FilePlan[]): FilePlan[] {
  return plans.filter(({ before, after }) => before !== after);
}

/** What would change, as `diff -u` shows it. */
export function plansText(plans: readonly FilePlan[]): string {
  return plans
    .map(({ path, before, after, brief }) =>
      brief === undefined || after === null ? lineDiff(path, before, after) : `--- /dev/null\n+++ ${path}\n+${brief}\n`,
    )
    .join("\n");
}

/**
 * Carries them out, each file at once; where one fails nothing is changed. Returns what undoes all of it that is still as it
 * was written, and gives back which files could not be put back. @throws DotmError
 */
export function carryOut(plans: readonly FilePlan[]): () => string[] {
  const done: (readonly [string, () => void])[] = [];
  const undo = () => done.toReversed().flatMap(([path, step]) => (succeeds(step) ? [] : [path]));
  for (const { path, before, after, mode } of plans) {
    try {
      for (const folder of makeFolders(dirname(path))) {
        done.push([folder, () => removeEmpty(folder)]);
      }
      replaceFile(path, before, after, mode);
      done.push([path, () => replaceFile(path, after, before, mode)]);
    } catch (error) {
      throw cannot("write", path, error, undoneText(undo()));
    }
  }
  return undo;
}

/** What became of undoing, in words. */
export function undoneText(left: readonly string[]): string {
  return left.length === 0 ? "nothing was changed" : `still changed, as they could not be put back: ${left.join(", ")}`;
}

function succeeds(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

/** Removes a folder that is empty. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is not empty, or not there.
  }
}

/** Makes what is missing of a folder; the folders it made. */
function makeFolders(folder: string): string[] {
  if (existsSync(folder)) {
    return [];
  }
  const above = makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o755 });
  // The umask of root may hide everything from the monitoring and the web server.
  chmodSync(folder, 0o755);
  return [...above, folder];
}

function cannot(verb: string, path: string, error: unknown, undone = "nothing was changed"): DotmError {
  const next = `Run it as a user who may, such as root; ${undone}.`;
  return new DotmError("DOTM_FAILED", `Cannot ${verb} ${path}: ${messageOf(error)}`, next, { cause: error });
}
