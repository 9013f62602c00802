/** Says of a file that cannot be read why not and what to do, in words that name path, user and group. */
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../errors.ts";

/** Why a file cannot be taken, for people. */
export interface FileFault {
  /** The kind of fault, a fixed word. */
  readonly reason: string;
  /** What is wrong, naming the path. */
  readonly cause: string;
  /** What to do about it, a full sentence. */
  readonly next: string;
}

/** What the path is called in nagios.cfg. */
export type NagiosFile = "status_file" | "object_cache_file" | "log_file";

/** Who reads. */
export interface Reader {
  readonly uid: number;
  readonly groups: readonly number[];
}

/** This process, as far as the system tells. */
function thisReader(): Reader {
  return { uid: process.geteuid?.() ?? -1, groups: process.getgroups?.() ?? [] };
}

/** The fault behind an error of opening or reading the file at `path`. */
export async function fileFault(
  path: string,
  setting: NagiosFile,
  error: unknown,
  reader: Reader = thisReader(),
): Promise<FileFault> {
  const reason = (error as NodeJS.ErrnoException).code ?? "failed";
  if (reason === "ENOENT") {
    return await missing(path, setting);
  }
  if (reason === "EACCES" || reason === "EPERM") {
    return await forbidden(path, reason, reader);
  }
  if (reason === "ENOTFILE" || reason === "EISDIR") {
    return { reason, cause: `${path} is not a file`, next: "Give the path of the file itself." };
  }
  return { reason, cause: `${path} cannot be read: ${messageOf(error)}`, next: "Check the file system it lies on." };
}

/** The fault in one text: cause, then next step. */
export function faultText({ cause, next }: FileFault): string {
  return `${cause}. ${next}`;
}

async function missing(path: string, setting: NagiosFile): Promise<FileFault> {
  const reason = "ENOENT";
  const folder = dirname(path);
  const next = `Give the path that ${setting} has in nagios.cfg.`;
  const hasFolder = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!hasFolder) {
    return { reason, cause: `${path} does not exist, nor does the folder ${folder}`, next };
  }
  return setting === "status_file"
    ? {
        reason,
        cause: `${path} does not exist; Nagios removes it when it stops`,
        next: "Start Nagios, or give the path that status_file has in nagios.cfg.",
      }
    : { reason, cause: `${path} does not exist`, next };
}

async function forbidden(path: string, reason: string, { uid, groups }: Reader): Promise<FileFault> {
  const closed = await outermostClosed(path);
  const stats = await stat(closed).catch(() => undefined);
  if (stats === undefined) {
    return { reason, cause: `${path} cannot be read by uid ${uid}`, next: "Let DOTM's user read it." };
  }
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
  const group = await groupName(stats.gid);
  const cause = `${path} cannot be read by uid ${uid}: ${closed} belongs to uid ${stats.uid}, group ${group}, mode ${mode}`;
  const needed = stats.isDirectory() ? 0o010 : 0o040;
  if ((stats.mode & needed) !== 0 && !groups.includes(stats.gid)) {
    return { reason, cause, next: `Add DOTM's user to the group ${group} (usermod -aG ${group} USER) and restart it.` };
  }
  const right = stats.isDirectory() ? "g+x" : "g+r";
  return {
    reason,
    cause,
    next: `Let the group read it (chmod ${right} ${closed}) and have DOTM's user in the group ${group}.`,
  };
}

/** The folder on the way that does not let us through, or the path itself. */
async function outermostClosed(path: string): Promise<string> {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    folders.unshift(folder);
  }
  for (const folder of folders) {
    const isOpen = await stat(`${folder}/.`).then(
      () => true,
      () => false,
    );
    if (!isOpen) {
      return folder;
    }
  }
  return path;
}

async function groupName(gid: number): Promise<string> {
  const groups = await readFile("/etc/group", "utf8").catch(() => "");
  const line = groups.split("\n").find((entry) => entry.split(":")[2] === String(gid));
  return line?.split(":")[0] ?? String(gid);
}
