/**
 * Where the store is, read without the schema: readers such as `dotm impact` start in milliseconds and leave the
 * judgement of the whole file to `dotm config check` and the daemon.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import { overlay, type Placed, type PlacedMap, placeText, plain, valueAt } from "./place.ts";
import { redisUrl } from "./redis-url.ts";
import { absolutePath, configFiles, defaultDataDir, type Surroundings } from "./search.ts";

/** What a reader needs to reach the store; absolute paths. */
export interface StoreHint {
  /** Redis to use, null where the store is DOTM's own in `dataDir`. */
  readonly url: string | null;
  readonly username: string | null;
  readonly passwordFile: string | null;
  /** Password of the sentinels themselves. */
  readonly sentinelPasswordFile: string | null;
  readonly caFile: string | null;
  readonly dataDir: string;
  /** Where changes are written down; null: `audit.log` in `dataDir`. */
  readonly auditFile: string | null;
  /** True where a flag, the environment or a file named `dataDir`; else other well-known folders may be tried. */
  readonly dataDirNamed: boolean;
}

/** What the command line said itself. */
export interface StoreFlags {
  readonly config?: string | undefined;
  readonly url?: string | undefined;
  readonly dataDir?: string | undefined;
}

/**
 * Finds the store by flag, environment, file and default, in this order.
 * @throws DotmError DOTM_CONFIG_INVALID where a file cannot be read or one of these values is not text
 */
export async function readStoreHint(flags: StoreFlags, around: Surroundings): Promise<StoreHint> {
  const files = await readFiles(flags, around);
  const caFile = pathOf(said("DOTM_REDIS__CA_FILE", around), textAt(files, ["redis", "ca_file"]), around);
  const url = flags.url ?? said("DOTM_REDIS__URL", around) ?? writtenUrl(files, caFile);
  const dataDir = pathOf(flags.dataDir ?? said("DOTM_DATA_DIR", around), textAt(files, ["data_dir"]), around);
  // A data folder named on the command line means the store in it, whatever a file elsewhere says.
  const own = flags.dataDir !== undefined && flags.url === undefined;
  return {
    url: own ? null : url,
    username: said("DOTM_REDIS__USERNAME", around) ?? textAt(files, ["redis", "username"])?.text ?? null,
    passwordFile: pathOf(said("DOTM_REDIS__PASSWORD_FILE", around), textAt(files, ["redis", "password_file"]), around),
    sentinelPasswordFile: pathOf(
      said("DOTM_REDIS__SENTINEL__PASSWORD_FILE", around),
      textAt(files, ["redis", "sentinel", "password_file"]),
      around,
    ),
    caFile,
    auditFile: pathOf(said("DOTM_AUDIT__FILE", around), textAt(files, ["audit", "file"]), around),
    dataDir: dataDir ?? defaultDataDir(around),
    dataDirNamed: dataDir !== null,
  };
}

interface WrittenText {
  readonly text: string;
  /** Folder its relative paths start from. */
  readonly folder: string;
}

async function readFiles(flags: StoreFlags, around: Surroundings): Promise<Placed | undefined> {
  const named = flags.config;
  if (named === undefined && (flags.url !== undefined || flags.dataDir !== undefined)) {
    return undefined;
  }
  const files = configFiles(named, around);
  if (files.length === 0) {
    return undefined;
  }
  const { parseYamlFile } = await import("./yaml-file.ts");
  return files.map((file) => parsed(file, parseYamlFile)).reduce<Placed>(overlay, emptyMap(files[0] ?? ""));
}

function parsed(file: string, parse: typeof import("./yaml-file.ts").parseYamlFile): PlacedMap {
  const { value, problems } = parse(readConfigText(file), file);
  const first = problems[0];
  if (first !== undefined) {
    throw new DotmError("DOTM_CONFIG_INVALID", `${placeText(first.place)}: ${first.text}`, "See: dotm config check");
  }
  return value;
}

/** A mapping that says nothing. */
export function emptyMap(file: string): PlacedMap {
  return { kind: "map", place: { kind: "file", file, line: 1, column: 1 }, entries: new Map() };
}

/**
 * The text of a configuration file.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is far too large
 */
export function readConfigText(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length <= LARGEST) {
      return text;
    }
  } catch (error) {
    throw new DotmError("DOTM_CONFIG_INVALID", `${messageOf(error)}.`, `Make it readable: ls -l ${file}`, {
      cause: error,
    });
  }
  throw new DotmError(
    "DOTM_CONFIG_INVALID",
    `${file} is larger than 1 MiB; that is no configuration.`,
    "See: dotm config path",
  );
}

const LARGEST = 1 << 20;

function said(name: string, around: Surroundings): string | undefined {
  const value = around.env[name];
  return value === "" ? undefined : value;
}

function writtenUrl(files: Placed | undefined, caFile: string | null): string | null {
  const [cluster, hosts] = [textsAt(files, ["redis", "cluster"]), textsAt(files, ["redis", "sentinel", "hosts"])];
  const name = textAt(files, ["redis", "sentinel", "name"])?.text;
  const db = files === undefined ? undefined : valueAt(files, ["redis", "sentinel", "db"]);
  return redisUrl({
    url: textAt(files, ["redis", "url"])?.text,
    cluster,
    sentinel: hosts === undefined || name === undefined ? undefined : { hosts, name, db: Number(db && plain(db)) || 0 },
    ca_file: caFile ?? undefined,
  });
}

/** What is no list is left to `dotm config check`. */
function textsAt(files: Placed | undefined, path: readonly string[]): string[] | undefined {
  const value = files === undefined ? undefined : valueAt(files, path);
  return value?.kind === "list" ? value.items.map((item) => String(plain(item))) : undefined;
}

function textAt(files: Placed | undefined, path: readonly string[]): WrittenText | undefined {
  const value = files === undefined ? undefined : valueAt(files, path);
  if (value === undefined || (value.kind === "scalar" && value.value === null)) {
    return undefined;
  }
  if (value.kind !== "scalar" || typeof value.value !== "string" || value.place.kind !== "file") {
    const text = `${placeText(value.place)}: ${path.join(".")} must be text`;
    throw new DotmError("DOTM_CONFIG_INVALID", text, "See: dotm config check");
  }
  return { text: value.value, folder: dirname(value.place.file) };
}

function pathOf(named: string | undefined, written: WrittenText | undefined, around: Surroundings): string | null {
  if (named !== undefined) {
    return absolutePath(named, around.cwd, around);
  }
  return written === undefined ? null : absolutePath(written.text, written.folder, around);
}
