/**
 * The configuration: `dotm.yaml`, the environment and flags become one checked, frozen value that is handed down.
 * Precedence: flag, then `DOTM_*` environment, then file, then default.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { withAuthWord } from "./config/auth.ts";
import type { Config } from "./config/config-value.ts";
import { refusedTogether, warningsOf } from "./config/cross-checks.ts";
import { overlayEnvironment } from "./config/environment.ts";
import { type ConfigOrigin, originsOf } from "./config/origins.ts";
import { overlay, type Placed, placeAt, placeText, plain, single } from "./config/place.ts";
import { problemsOf } from "./config/problems.ts";
import { type CheckedConfig, configSchema } from "./config/schema.ts";
import { configFiles, defaultDataDir, type Surroundings } from "./config/search.ts";
import { settledConfig, UnusablePart, writtenPath } from "./config/settle.ts";
import { emptyMap, readConfigText } from "./config/store-hint.ts";
import { type ConfigProblem, parseYamlFile } from "./config/yaml-file.ts";
import { DotmError, messageOf } from "./errors.ts";

/** What was asked for on the command line. */
export interface ConfigRequest {
  /** File named by `--config`. */
  readonly file?: string | undefined;
  /** Values given by flags: path such as `web.listen`, the flag's name, the value. */
  readonly flags?: readonly { readonly path: string; readonly flag: string; readonly value: unknown }[];
}

/** The outcome of reading: `config` where there is no problem, and everything to explain it. */
export interface ConfigReading {
  readonly config: Config | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  /** Files read, lowest first. */
  readonly files: readonly string[];
  readonly origins: readonly ConfigOrigin[];
  /** What holds, in the words of `dotm.yaml`; undefined where the check refused it. */
  readonly effective: object | undefined;
}

/** What the search for configuration depends on of this process. */
function systemSurroundings(): Surroundings {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    root: process.getuid?.() === 0,
    systemFolder: "/etc/dotm",
    systemData: "/var/lib/dotm",
  };
}

/**
 * Reads the configuration.
 * @throws DotmError DOTM_CONFIG_INVALID naming every problem, each with its place
 */
export function loadConfig(request: ConfigRequest = {}, around: Surroundings = systemSurroundings()): Config {
  return valid(readConfig(request, around));
}

/** Reads the configuration and tells everything about it; throws only where a file named is not there. */
export function readConfig(request: ConfigRequest = {}, around: Surroundings = systemSurroundings()): ConfigReading {
  const files = configFiles(request.file, around);
  const problems: ConfigProblem[] = [];
  let written: Placed = emptyMap(files.at(-1) ?? join(around.cwd, "dotm.yaml"));
  for (const file of files) {
    const parsed = parseYamlFile(readConfigText(file), file);
    problems.push(...parsed.problems);
    written = overlay(written, parsed.value);
  }
  written = overlayEnvironment(written, around.env);
  for (const { path, flag, value } of request.flags ?? []) {
    written = overlay(written, single(path.split("."), value, { kind: "flag", name: flag }));
  }
  return { files, ...judged(written, problems, around) };
}

/** Every effective value of a reading with where it was written; for `dotm config show --origin`. */
export function configOrigins(reading: ConfigReading): readonly ConfigOrigin[] {
  return reading.origins;
}

/**
 * A configuration made of values instead of files, as `dotm.yaml` would say them; for the demo and for tests.
 * @throws DotmError DOTM_CONFIG_INVALID
 */
export function configFrom(
  values: Readonly<Record<string, unknown>>,
  around: Surroundings = systemSurroundings(),
): Config {
  const place = { kind: "flag", name: "program" } as const;
  const written = Object.entries(values).reduce<Placed>(
    (under, [key, value]) => overlay(under, single([key], value, place)),
    { kind: "map", place, entries: new Map() },
  );
  return valid(judged(written, [], around));
}

type Judged = Omit<ConfigReading, "files">;

function valid({ config, problems }: Judged): Config {
  if (config === undefined) {
    const lines = problems.map(({ place, text }) => `${placeText(place)}: ${text}`);
    throw new DotmError("DOTM_CONFIG_INVALID", lines.join("\n"), "See: dotm config check");
  }
  return config;
}

function judged(written: Placed, unreadable: readonly ConfigProblem[], around: Surroundings): Judged {
  const checked = configSchema.safeParse(withAuthWord(plain(written)));
  if (!checked.success) {
    const problems = [...unreadable, ...problemsOf(checked.error.issues, written)];
    return { config: undefined, problems, warnings: [], origins: [], effective: undefined };
  }
  const { data } = checked;
  const named = data.data_dir;
  const dataDir = named === undefined ? defaultDataDir(around) : writtenPath(named, ["data_dir"], written, around);
  const effective = Object.assign({ data_dir: dataDir }, data, { data_dir: dataDir });
  const told = { warnings: warningsOf(data, written), origins: originsOf(effective, written), effective };
  const problems = [...unreadable, ...refusedTogether(data, written)];
  const config = problems.length > 0 ? undefined : settledOrProblem(data, dataDir, written, around, problems);
  return { config, problems, ...told };
}

function settledOrProblem(
  data: CheckedConfig,
  dataDir: string,
  written: Placed,
  around: Surroundings,
  problems: ConfigProblem[],
): Config | undefined {
  try {
    return settledConfig(data, dataDir, written, around);
  } catch (error) {
    const path = error instanceof UnusablePart ? error.path : [];
    problems.push({ place: placeAt(written, path), text: messageOf(error) });
    return undefined;
  }
}
