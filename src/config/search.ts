/** Where configuration files and data are looked for. Light on purpose: `dotm impact` loads this and no schema. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DotmError } from "../errors.ts";

/** What the search depends on of the process; a value, so that tests can say otherwise. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. */
  readonly cwd: string;
  /** Home directory of the user. */
  readonly home: string;
  /** Whether we run as root. */
  readonly root: boolean;
  /** Folder of the system's configuration, `/etc/dotm`. */
  readonly systemFolder: string;
  /** Data folder of a packaged installation, `/var/lib/dotm`. */
  readonly systemData: string;
}

/**
 * The configuration files in effect, lowest first: of `--config`, `$DOTM_CONFIG`, `./dotm.yaml` and
 * `/etc/dotm/dotm.yaml` the first that is there; after the last one also `/etc/dotm/conf.d/*.yaml` by name.
 * @throws DotmError DOTM_CONFIG_INVALID where a file named by flag or environment is missing
 */
export function configFiles(named: string | undefined, around: Surroundings): string[] {
  const chosen = chosenFile(named, around);
  const system = join(around.systemFolder, "dotm.yaml");
  if (chosen !== undefined && chosen !== system) {
    return [chosen];
  }
  const main = existsSync(system) ? [system] : [];
  return [...main, ...fragments(join(around.systemFolder, "conf.d"))];
}

/** Where data lies unless the configuration says otherwise. */
export function defaultDataDir(around: Surroundings): string {
  // systemd gives a colon-separated list; the first is the unit's own (systemd.exec, StateDirectory=).
  const state = around.env["STATE_DIRECTORY"]?.split(":")[0];
  if (state !== undefined && state !== "") {
    return state;
  }
  if (around.root && existsSync(around.systemData)) {
    return around.systemData;
  }
  const share = around.env["XDG_DATA_HOME"];
  return join(share?.startsWith("/") ? share : join(around.home, ".local/share"), "dotm");
}

/** An absolute path from one written in a file of `folder` (or given on a command line started there). */
export function absolutePath(written: string, folder: string, around: Surroundings): string {
  if (written === "~" || written.startsWith("~/")) {
    return join(around.home, written.slice(1));
  }
  const credential = /^\$\{CREDENTIALS_DIRECTORY\}\/(.+)$/s.exec(written)?.[1];
  const credentials = around.env["CREDENTIALS_DIRECTORY"];
  return credential === undefined || credentials === undefined
    ? resolve(folder, written)
    : join(credentials, credential);
}

function chosenFile(named: string | undefined, around: Surroundings): string | undefined {
  const inEnvironment = around.env["DOTM_CONFIG"] === "" ? undefined : around.env["DOTM_CONFIG"];
  const wanted = named ?? inEnvironment;
  if (wanted !== undefined) {
    const file = absolutePath(wanted, around.cwd, around);
    if (!existsSync(file)) {
      const by = named === undefined ? "$DOTM_CONFIG" : "--config";
      throw new DotmError("DOTM_CONFIG_INVALID", `${file} (named by ${by}) does not exist.`, "See: dotm config path");
    }
    return file;
  }
  const here = join(around.cwd, "dotm.yaml");
  const owner = statSync(here, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && !isTrusted(owner, around)) {
    throw new DotmError(
      "DOTM_CONFIG_INVALID",
      `${here} belongs to user ${owner}, and is not read unasked.`,
      `Where it is meant: --config ${here}`,
    );
  }
  return owner === undefined ? undefined : here;
}

/** Whoever may put files into a folder must not say what is done by others that happen to be there: root, ourselves, who called sudo. */
function isTrusted(owner: number, { env }: Surroundings): boolean {
  return [0, process.geteuid?.() ?? owner, Number(env["SUDO_UID"] || Number.NaN)].includes(owner);
}

function fragments(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && !name.startsWith("."));
  return names.sort().map((name) => join(folder, name));
}
