/** Reads a file once to see what it would say as a source; what kind of file it is is told by its content. */
import { readFile, stat } from "node:fs/promises";
import type { ZoneOffset } from "../../nagios/classic-date.ts";
import { takeLogCensus } from "../../nagios/log-census.ts";
import { readObjectCache } from "../../nagios/object-cache.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import { DotmError } from "../errors.ts";
import { fileFault } from "./file-fault.ts";
import { readSourceJson } from "./read-source-json.ts";
import { NOTHING_READ, type SourceReading } from "./source-reading.ts";

/** Files larger than this are read by the source itself, piece by piece, not by this look. */
const LARGEST = 1024 * 1024 * 1024;

/**
 * Reads the file at `path`.
 * @throws DotmError DOTM_SOURCE_UNREADABLE where it cannot be read or is of no kind that is known
 */
export async function readSourceFile(path: string, offset: ZoneOffset): Promise<SourceReading> {
  const { bytes, writtenAt } = await contentOf(path);
  const reading = readContent(bytes, { now: writtenAt, offset });
  if (reading === undefined) {
    const next =
      "Known are status.dat, objects.cache and nagios.log of Nagios, Naemon and Icinga, answers of statusjson.cgi, " +
      "objectjson.cgi and status.cgi?jsonoutput, and answers of Livestatus in JSON.";
    throw new DotmError("DOTM_SOURCE_UNREADABLE", `${path} is nothing that says states of a monitoring`, next);
  }
  return reading;
}

function readContent(bytes: Buffer, clock: Parameters<typeof readSourceJson>[1]): SourceReading | undefined {
  const head = bytes.toString("latin1", 0, 64 * 1024);
  if (/^\s*[[{]\s*["[{\]}]/.test(head)) {
    return readSourceJson(bytes, clock);
  }
  if (/^\[[^\]\n]{1,40}\] /m.test(head)) {
    return readLog(bytes);
  }
  if (/^define \w+ ?\{/m.test(head)) {
    return readObjects(bytes);
  }
  return /^\w+ \{\r?$/m.test(head) ? readStatus(bytes) : undefined;
}

function readStatus(bytes: Buffer): SourceReading {
  const read = new StatusReader().read(bytes);
  const { created: asOf, version, complete, statuses, comments, downtimes, warnings } = read;
  const format = /^[rv]\d/.test(version) ? "Icinga 2 status.dat" : "Nagios status.dat";
  return { ...NOTHING_READ, format, version, asOf, complete, statuses, comments, downtimes, warnings };
}

function readObjects(bytes: Buffer): SourceReading {
  const { complete, hosts, checks, commands, objects, warnings } = readObjectCache(bytes);
  const contents = new Map([...objects, ["check command", commands.size]] as const);
  const told = {
    hosts: hosts.map(({ command: _, ...host }) => host),
    checks: checks.map(({ command: _, ...check }) => check),
  };
  return { ...NOTHING_READ, format: "Nagios objects.cache", complete, ...told, contents, warnings };
}

function readLog(bytes: Buffer): SourceReading {
  const { lines, entries, alerts, lastTime } = takeLogCensus(bytes);
  const contents = new Map([["line", lines] as const, ...entries, ...alerts]);
  return { ...NOTHING_READ, format: "Nagios nagios.log", asOf: lastTime, contents };
}

async function contentOf(path: string): Promise<{ readonly bytes: Buffer; readonly writtenAt: number }> {
  try {
    const { size, mtimeMs } = await stat(path);
    if (size > LARGEST) {
      throw Object.assign(new Error(`${path} has ${size} bytes`), { code: "EFBIG" });
    }
    return { bytes: await readFile(path), writtenAt: mtimeMs / 1000 };
  } catch (error) {
    const { cause, next } = await fileFault(path, "status_file", error);
    throw new DotmError("DOTM_SOURCE_UNREADABLE", cause, next, { cause: error });
  }
}
