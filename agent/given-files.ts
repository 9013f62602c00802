/** Files that arguments name: tokens, certificates, keys. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./usage.ts";

/** Environment variables, by name. */
export type Environment = Readonly<Partial<Record<string, string>>>;

/** Token of this host: from the file, the systemd credential, or the environment; undefined where there is none. */
export function tokenOf(file: string | undefined, env: Environment): string | undefined {
  const path = file ?? credential("token", env);
  const token = (path === undefined ? env["DOTM_AGENT_TOKEN"] : readSecret("--token-file", path))?.trim();
  if (path !== undefined && token === "") {
    throw new UsageError(`--token-file ${path} is empty; write the token of this host into it`);
  }
  // Anything else could break out of the header it is sent in.
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    throw new UsageError("the token holds blanks or other characters that no token has; copy it again");
  }
  return token === "" ? undefined : token;
}

/** The file that systemd hands us under a name; undefined where there is none. */
export function credential(name: string, env: Environment): string | undefined {
  const folder = env["CREDENTIALS_DIRECTORY"];
  const path = folder === undefined ? undefined : join(folder, name);
  return path !== undefined && exists(path) ? path : undefined;
}

/** A file that nobody else may read. */
export function readSecret(option: string, path: string): string {
  const text = readGiven(option, path);
  if ((statSync(path).mode & 0o004) !== 0) {
    throw new UsageError(`${option} ${path} can be read by everyone; run chmod 600 ${path}`);
  }
  return text;
}

/** A file that an option names. */
export function readGiven(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Also where it may not be seen: reading it then says why. */
function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
