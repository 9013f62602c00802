/**
 * Finds in a `nagios.cfg` (Nagios, Naemon, Icinga 1) where the monitoring writes what DOTM reads. Format: `key=value`
 * lines, `#` begins a comment line, a later line replaces an earlier one (Nagios' base/config.c).
 */

/** Where a monitoring server keeps its files. Paths are absolute; null where the configuration does not name one. */
export interface NagiosPaths {
  readonly statusFile: string | null;
  readonly objectCacheFile: string | null;
  readonly logFile: string | null;
  readonly logArchivePath: string | null;
  readonly commandFile: string | null;
  /** Seconds between two writes of the status file; Nagios' own default is 60, its sample configuration says 10. */
  readonly statusUpdateInterval: number;
  /** Seconds of one unit of check_interval. */
  readonly intervalLength: number;
}

const DEFAULT_UPDATE_INTERVAL = 60;
const DEFAULT_INTERVAL_LENGTH = 60;

/** Reads the text of a nagios.cfg that lies in `folder`; relative paths are meant from there. */
export function readNagiosCfg(text: string, folder: string): NagiosPaths {
  const settings = settingsOf(text);
  const path = (key: string): string | null => {
    const value = settings.get(key);
    return value === undefined || value === "" ? null : absolute(value, folder);
  };
  return {
    statusFile: path("status_file"),
    objectCacheFile: path("object_cache_file"),
    logFile: path("log_file"),
    logArchivePath: path("log_archive_path"),
    commandFile: path("command_file"),
    statusUpdateInterval: positive(settings.get("status_update_interval"), DEFAULT_UPDATE_INTERVAL),
    intervalLength: positive(settings.get("interval_length"), DEFAULT_INTERVAL_LENGTH),
  };
}

function settingsOf(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    const equals = trimmed.indexOf("=");
    if (equals > 0 && !trimmed.startsWith("#")) {
      settings.set(trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim());
    }
  }
  return settings;
}

function absolute(path: string, folder: string): string {
  if (path.startsWith("/")) {
    return path;
  }
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "..") {
      parts.pop();
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return `/${parts.join("/")}`;
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}
