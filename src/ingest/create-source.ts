/** Makes the sources that the configuration names. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { readNagiosCfg } from "../../nagios/nagios-cfg.ts";
import type { CgiConfig, NagiosConfig, PushConfig, SourceConfig, StatusFileConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { createCgiSource } from "./cgi-source.ts";
import { createIcinga2Source } from "./icinga2-source.ts";
import { createLivestatusSource } from "./livestatus-source.ts";
import { createNagiosSource } from "./nagios-source.ts";
import { siteSink } from "./site-sink.ts";
import type { ObservationSink, Source } from "./source.ts";
import { createStatusFileSource, type StatusFileSourceOptions } from "./status-file-source.ts";
import { zoneOffset } from "./zone-offset.ts";

/** What every source is given. */
export interface SourceDeps {
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A source that asks or watches; the others are told, see create-push-source.ts. */
export type AskedConfig = Exclude<SourceConfig, PushConfig>;

/**
 * Makes one source; it does nothing before `start`.
 * @throws DotmError DOTM_SOURCE_UNREADABLE where a nagios.cfg cannot be read or names no status file
 */
export function createSource(config: AskedConfig, given: SourceDeps): Source {
  const deps = { ...given, sink: siteSink(config.site, given.sink) };
  switch (config.type) {
    case "status-file":
      return statusFile(config, deps);
    case "nagios":
      return nagios(config, deps);
    case "icinga2":
      return createIcinga2Source({ ...deps, ...config, random: Math.random });
    case "livestatus":
      return createLivestatusSource({ ...deps, ...config, random: Math.random });
    case "cgi":
      return cgi(config, deps);
  }
}

function statusFile(config: StatusFileConfig, deps: SourceDeps): Source {
  const { name, statusFile, objectsFile, updateInterval, intervalLength, logFile, eventPipe } = config;
  const times = { updateInterval, intervalLength };
  return withEvents({ logFile, eventPipe }, { ...deps, name, statusFile, objectsFile, ...times });
}

function nagios({ name, config, eventPipe }: NagiosConfig, deps: SourceDeps): Source {
  const { statusFile, objectCacheFile, logFile, statusUpdateInterval, intervalLength } = readCfg(config);
  if (statusFile === null) {
    const next = "Add status_file=… to it, or configure a source of type status-file.";
    throw new DotmError("DOTM_SOURCE_UNREADABLE", `${config} names no status_file`, next);
  }
  const times = { updateInterval: statusUpdateInterval, intervalLength };
  return withEvents({ logFile, eventPipe }, { ...deps, name, statusFile, objectsFile: objectCacheFile, ...times });
}

function cgi({ caFile, timezone, ...config }: CgiConfig, deps: SourceDeps): Source {
  const ca = caFile === null ? null : readText(caFile, "Give the certificate authority's file: sources[].ca_file");
  return createCgiSource({ ...deps, ...config, ca, offset: zoneOffset(timezone), random: Math.random });
}

/** What brings forward what the next status file will say. */
interface EventPaths {
  readonly logFile: string | null;
  readonly eventPipe: string | null;
}

function withEvents(paths: EventPaths, options: StatusFileSourceOptions): Source {
  const isAlone = paths.logFile === null && paths.eventPipe === null;
  return isAlone ? createStatusFileSource(options) : createNagiosSource({ ...options, ...paths });
}

function readCfg(file: string) {
  const next = "Give the path of a nagios.cfg that DOTM's user may read: sources[].config, or dotm demo --nagios PATH";
  return readNagiosCfg(readText(file, next), dirname(file));
}

function readText(file: string, next: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new DotmError("DOTM_SOURCE_UNREADABLE", `cannot read ${file}: ${messageOf(error)}`, next, { cause: error });
  }
}
