/** Changes to files as a value: shown first, then carried out, and undone where what follows fails. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { DotmError, isMissing, messageOf } from "../../errors.ts";
import { lineDiff } from "../line-diff.ts";

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
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") {
      return null;
    }
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

/** Carries them out, each file at once; where one fails nothing is changed. Returns what undoes all of it. @throws DotmError */
export function carryOut(plans: readonly FilePlan[]): () => void {
  const done: (() => void)[] = [];
  const undo = () => {
    for (const step of done.toReversed()) {
      step();
    }
  };
  for (const plan of plans) {
    try {
      done.push(...makeFolders(dirname(plan.path)));
      put(plan, plan.after);
      done.push(() => put(plan, plan.before));
    } catch (error) {
      undo();
      throw cannot("write", plan.path, error);
    }
  }
  return undo;
}

/** Removes a folder that is empty. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is not empty, or not there.
  }
}

/** Makes what is missing of a folder; what undoes it. */
function makeFolders(folder: string): (() => void)[] {
  if (existsSync(folder)) {
    return [];
  }
  const above = makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o755 });
  return [...above, () => removeEmpty(folder)];
}

/** Puts a text into the place of a file at once, with the rights and the owner it had. */
function put({ path, mode }: FilePlan, text: string | null): void {
  if (text === null) {
    rmSync(path, { force: true });
    return;
  }
  const now = existsSync(path) ? statSync(path) : undefined;
  const temporary = `${path}.dotm-${process.pid}`;
  try {
    writeFileSync(temporary, text, { mode: now === undefined ? mode : now.mode & 0o7777, flag: "wx" });
    if (now !== undefined && process.getuid?.() === 0) {
      chownSync(temporary, now.uid, now.gid);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function cannot(verb: string, path: string, error: unknown): DotmError {
  const next = "Run it as a user who may, such as root; nothing was changed.";
  return new DotmError("DOTM_FAILED", `Cannot ${verb} ${path}: ${messageOf(error)}`, next, { cause: error });
}
