/** The processes named in the rows of a report. */
import { isoTime } from "./iso-time.ts";
import type { Process } from "./process.ts";
import {
  REPORT_LIMITS,
  type ReportConnection,
  type ReportListener,
  type ReportProcess,
  type ReportUnixPeer,
} from "./report.ts";

/** Rows that name processes. */
export interface NamingRows {
  readonly listeners: readonly ReportListener[];
  readonly connections: readonly ReportConnection[];
  readonly unix: readonly ReportUnixPeer[];
}

/** USER_HZ, 100 on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;

/** One row for each name, unit and container, with how many of each there are; `processes` eldest first. */
export function processRows(
  rows: NamingRows,
  processes: readonly Process[],
  bootTime: number | undefined,
): ReportProcess[] {
  const named = namesIn(rows);
  const found = new Map<string, ReportProcess>();
  for (const { name, unit, container, started } of processes) {
    const key = groupKey(name, unit, container);
    const eldest = found.get(key);
    if (eldest !== undefined) {
      found.set(key, { ...eldest, instances: eldest.instances + 1 });
    } else if (named.has(key) && found.size < REPORT_LIMITS.processes) {
      const at = bootTime === undefined ? null : isoTime(bootTime + Math.floor(started / TICKS_PER_SECOND));
      found.set(key, { name, unit, container, started: at, instances: 1 });
    }
  }
  return [...found.values()];
}

function namesIn({ listeners, connections, unix }: NamingRows): Set<string> {
  const named = new Set<string>();
  for (const row of [...listeners, ...connections]) {
    named.add(groupKey(row.process, row.unit, row.container));
  }
  for (const row of unix) {
    named.add(groupKey(row.server, row.serverUnit, row.serverContainer));
    named.add(groupKey(row.client, row.clientUnit, row.clientContainer));
  }
  return named;
}

function groupKey(process: string | null, unit: string | null, container: string | null): string {
  return [process, unit, container].join("\0");
}
