/** Is the folder there in which DOTM keeps everything, and does it keep others out? */
import { accessSync, constants, type Stats, statSync } from "node:fs";
import { isMissing, messageOf } from "../../errors.ts";
import { shellWord } from "../words.ts";
import { broken, doubtful, type Finding, fine } from "./finding.ts";

const PART = "data folder";

/** Examines the folder as the user who asks sees it; `named` where somebody said that it is this one. */
export function examineDataFolder(folder: string, named: boolean): Finding {
  let stats: Stats;
  try {
    stats = statSync(folder);
    accessSync(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    return unusable(folder, named, error);
  }
  if (!stats.isDirectory()) {
    return broken(
      PART,
      `${folder} is not a folder`,
      "Name a folder: --data-dir DIR, or data_dir in the configuration.",
    );
  }
  const mode = stats.mode & 0o777;
  return (mode & 0o077) === 0
    ? fine(PART, folder)
    : doubtful(PART, `${folder} is open to others (mode ${mode.toString(8)})`, `chmod 700 ${shellWord(folder)}`);
}

function unusable(folder: string, named: boolean, error: unknown): Finding {
  if (!isMissing(error)) {
    return broken(PART, messageOf(error), "Ask as the user DOTM runs as, such as: sudo -u dotm dotm doctor");
  }
  const text = `${folder} does not exist`;
  const fix = "The daemon makes it at its start; or name another one: --data-dir DIR, data_dir.";
  return named ? broken(PART, text, fix) : doubtful(PART, text, fix);
}
