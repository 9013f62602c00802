/** Makes the sources that the configuration names. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { readNagiosCfg } from "../../nagios/nagios-cfg.ts";
import type { SourceConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { createNagiosSource } from "./nagios-source.ts";
import type { ObservationSink, Source } from "./source.ts";
import { createStatusFileSource, type StatusFileSourceOptions } from "./status-file-source.ts";

/** What every source is given. */
export interface SourceDeps {
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/**
 * Makes one source; it does nothing before `start`.
 * @throws DotmError DOTM_SOURCE_UNREADABLE where a nagios.cfg cannot be read or names no status file
 */
export function createSource(config: SourceConfig, deps: SourceDeps): Source {
  const { name } = config;
  if (config.type === "status-file") {
    const { statusFile, objectsFile, logFile } = config;
    return withLog(logFile ?? null, { ...deps, name, statusFile, objectsFile });
  }
  const paths = readCfg(config.config);
  const { statusFile, objectCacheFile: objectsFile, logFile } = paths;
  if (statusFile === null) {
    const next = "Add status_file=… to it, or configure a source of type status-file.";
    throw new DotmError("DOTM_SOURCE_UNREADABLE", `${config.config} names no status_file`, next);
  }
  const { statusUpdateInterval: updateInterval, intervalLength } = paths;
  return withLog(logFile, { ...deps, name, statusFile, objectsFile, updateInterval, intervalLength });
}

function withLog(logFile: string | null, options: StatusFileSourceOptions): Source {
  return logFile === null ? createStatusFileSource(options) : createNagiosSource({ ...options, logFile });
}

function readCfg(file: string) {
  try {
    return readNagiosCfg(readFileSync(file, "utf8"), dirname(file));
  } catch (error) {
    const next =
      "Give the path of a nagios.cfg that DOTM's user may read: sources[].config, or dotm demo --nagios PATH";
    throw new DotmError("DOTM_SOURCE_UNREADABLE", `cannot read ${file}: ${messageOf(error)}`, next, { cause: error });
  }
}
