/** Is the folder there in which DOTM keeps everything, and does it keep others out? */
import { accessSync, constants, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isMissing, messageOf } from "../../errors.ts";
import { shellWord } from "../words.ts";
import { broken, doubtful, type Finding, fine, someOf } from "./finding.ts";

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
  const others = strangersIn(folder, stats.uid);
  if (others.length > 0) {
    const files = others.map((name) => shellWord(join(folder, name))).join(" ");
    const text = `DOTM may not be able to write what belongs to others than the owner of ${folder}: ${someOf(others)}`;
    return doubtful(PART, text, `chown --reference=${shellWord(folder)} ${files}`);
  }
  const mode = stats.mode & 0o777;
  return (mode & 0o077) === 0
    ? fine(PART, folder)
    : doubtful(PART, `${folder} is open to others (mode ${mode.toString(8)})`, `chmod 700 ${shellWord(folder)}`);
}

/** What in the folder belongs to another user: made by root, mostly. */
function strangersIn(folder: string, owner: number): string[] {
  return readdirSync(folder).filter((name) => {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return found !== undefined && found.uid !== owner && name !== "lost+found";
  });
}

function unusable(folder: string, named: boolean, error: unknown): Finding {
  if (!isMissing(error)) {
    return broken(PART, messageOf(error), "Ask as the user DOTM runs as, such as: sudo -u dotm dotm doctor");
  }
  const text = `${folder} does not exist`;
  const fix = "The daemon makes it at its start; or name another one: --data-dir DIR, data_dir.";
  return named ? broken(PART, text, fix) : doubtful(PART, text, fix);
}
