/**
 * Reads reports as the door does, and knows those that repeat what their host said before: of these nothing is parsed or
 * checked anew but what differs. The result means the same, and whatever is unusual is read as if nothing were known.
 */
import { LRUCache } from "lru-cache";
import { REPORT_LIMITS } from "../../agent/report.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { HostReport, RepeatedReport, Roster } from "../model/host-report.ts";
import type { Arrival } from "./arrival.ts";
import { parseReport } from "./report-body.ts";
import { bodyOf, type ReadReport, readFrame, readHead, readWhole } from "./report-door.ts";
import { type Fields, listOf } from "./report-fields.ts";
import type { Rows } from "./report-rows.ts";
import { ROWS_LEFT_OUT, type RowScan, scanRows } from "./row-scan.ts";

/** A report that was taken, whole or as what repeats an earlier one. */
export interface ReadAgain extends Omit<ReadReport, "report"> {
  readonly report: HostReport | RepeatedReport;
}

/** What is kept of a host's last whole report. */
interface Known {
  readonly roster: Roster;
  /** Of addresses and listeners. */
  readonly surroundings: number;
  readonly prints: Float64Array;
  /** Of each row as it came its place among the connections; undefined where all are in their own. */
  readonly places: Int32Array | undefined;
  /** Rows that are none. */
  readonly bad: number;
}

/** Rows that are known at most, of all hosts: 16 bytes each. */
const MOST_ROWS = 4_000_000;

/** Reads reports one after the other. */
export class ReportReader {
  readonly #known = new LRUCache<string, Known>({
    maxSize: MOST_ROWS,
    sizeCalculation: ({ prints }) => prints.length + 10,
  });

  /** Reads a report; throws ReportRefused. */
  read(raw: Buffer, arrival: Arrival): ReadAgain {
    const json = bodyOf(raw, arrival);
    const scan = scanRows(json);
    return (scan && this.#again(scan, arrival)) ?? this.#whole(json, scan, arrival);
  }

  /** Reads a report as if nothing were known; throws ReportRefused. */
  readWhole(raw: Buffer, arrival: Arrival): ReadReport {
    const json = bodyOf(raw, arrival);
    return this.#whole(json, scanRows(json), arrival);
  }

  #whole(json: Buffer, scan: RowScan | undefined, arrival: Arrival): ReadReport {
    const fields = parseReport(json);
    const { read, rows } = readWhole(fields, arrival);
    const known = scan && knownOf(scan, rows, fields);
    if (known === undefined) {
      this.#known.delete(read.report.host);
      return read;
    }
    this.#known.set(read.report.host, known);
    return { ...read, report: { ...read.report, roster: known.roster } };
  }

  #again(scan: RowScan, arrival: Arrival): ReadAgain | undefined {
    const fields = restOf(scan);
    const known = this.#known.get(String(fields?.["host"]));
    if (fields?.["connections"] !== ROWS_LEFT_OUT || known?.surroundings !== surroundingsOf(fields)) {
      return undefined;
    }
    const order = orderOf(scan.prints, known);
    return order && readRepeated({ ...fields, connections: [] }, scan, known, order, arrival);
  }
}

/** What stands around the rows; undefined where it is not to be parsed. */
function restOf({ rest }: RowScan): Fields | undefined {
  try {
    return parseReport(rest);
  } catch {
    return undefined;
  }
}

function surroundingsOf({ ips, innerIps, listeners }: Fields): number {
  return fingerprint(JSON.stringify([ips, innerIps, listeners]));
}

function knownOf(scan: RowScan, { rows, places, bad }: Rows<unknown>, fields: Fields): Known | undefined {
  const { length } = scan.prints;
  if (length !== listOf(fields["connections"]).length || length > REPORT_LIMITS.connections || !scan.isPlain()) {
    return undefined;
  }
  const inPlace = rows.length === length;
  return {
    roster: { size: rows.length },
    surroundings: surroundingsOf(fields),
    prints: Float64Array.from(scan.prints),
    places: inPlace ? undefined : Int32Array.from(places),
    bad,
  };
}

/** For each row the one of the known ones that it is; undefined where they are not the same rows. */
function orderOf(prints: readonly number[], { prints: known, places }: Known): readonly number[] | undefined {
  if (prints.length !== known.length) {
    return undefined;
  }
  const order: number[] = [];
  while (order.length < prints.length && prints[order.length] === known[order.length]) {
    order.push(order.length);
  }
  if (order.length === prints.length) {
    return order;
  }
  // Of rows that were made one the first tells the local address, so their order matters.
  if (places !== undefined) {
    return undefined;
  }
  const rest = new Map(Array.from(known.subarray(order.length), (print, at) => [print, order.length + at]));
  for (const print of prints.slice(order.length)) {
    const at = rest.get(print);
    if (at === undefined) {
      return undefined;
    }
    rest.delete(print);
    order.push(at);
  }
  return order;
}

function readRepeated(
  fields: Fields,
  scan: RowScan,
  { roster, places, bad }: Known,
  order: readonly number[],
  arrival: Arrival,
): ReadAgain {
  const head = readHead(fields, arrival);
  const { frame, ...read } = readFrame(fields, head, { bad, over: 0 });
  const counts = new Array<number>(roster.size).fill(0);
  const opened = new Array<number>(roster.size).fill(0);
  const lastSeen = new Array<number>(roster.size).fill(0);
  for (let row = 0; row < order.length; row += 1) {
    const at = order[row] as number;
    const place = places === undefined ? at : (places[at] as number);
    if (place >= 0) {
      counts[place] = (counts[place] as number) + (scan.counts[row] as number);
      opened[place] = (opened[place] as number) + (scan.opened[row] as number);
      lastSeen[place] = Math.max(lastSeen[place] as number, head.clock.seen(scan.lastSeen[row]));
    }
  }
  return { report: { roster, counts, opened, lastSeen, ...frame }, ...read };
}
