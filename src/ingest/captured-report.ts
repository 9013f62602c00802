/** Bytes that came from a host, a report or a text of netstat, ss and ip addr, as the report they become. */
import type { SeenBefore } from "../host-text/group-rows.ts";
import { readHostText, type TextFault } from "../host-text/read-host-text.ts";
import { FAULTS, textReport } from "../host-text/text-report.ts";
import { ReportRefused } from "./report-refused.ts";

/** What a text does not tell, and what the look before had seen. */
export interface CaptureHead {
  /** The host's name where the text tells none; undefined refuses such a text. */
  readonly host: string | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds between two looks. */
  readonly interval: number;
  readonly sequence: number;
  readonly boot: string;
  readonly before?: SeenBefore;
}

/** What came of it. */
export interface CapturedReport {
  /** The report, JSON; as it came where it was one. */
  readonly raw: Buffer;
  readonly encoding: "gzip" | undefined;
  /** The name the text tells; null where it tells none, undefined where it was a report, which is for the door. */
  readonly host: string | null | undefined;
  /** Parts of a text that were missing. */
  readonly faults: readonly TextFault[];
  readonly seen: SeenBefore;
}

const NEXT = 'It should hold "hostname=NAME", the output of "netstat -antp" or "ss -tunap", and that of "ip addr".';
const NOTHING: SeenBefore = new Set();

/**
 * Turns bytes into a report.
 * @throws ReportRefused where the text holds nothing we know, is of several hosts, or does not tell its host
 */
export function capturedReport(bytes: Buffer, head: CaptureHead): CapturedReport {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = gzip ? "" : bytes.toString("utf8").replace(/^\ufeff/, "");
  if (gzip || /^\s*\{/.test(text)) {
    return { raw: bytes, encoding: gzip ? "gzip" : undefined, host: undefined, faults: [], seen: NOTHING };
  }
  const read = readHostText(text);
  const host = read.host ?? head.host;
  const has = (fault: TextFault) => read.faults.includes(fault);
  if (has("several hosts")) {
    throw new ReportRefused(400, FAULTS["several hosts"], "Read them one by one.");
  }
  if (has("no listing") && has("no addresses")) {
    throw new ReportRefused(400, "the text holds neither sockets nor addresses", NEXT);
  }
  if (host === undefined) {
    throw new ReportRefused(400, FAULTS["no hostname"], NEXT);
  }
  const { now, interval, sequence, boot, before } = head;
  const agent = `${read.listing.tool} text`;
  const time = new Date(Math.round(now * 1000)).toISOString();
  const { report, seen } = textReport(read, { host, agent, time, interval, sequence, boot }, before);
  return { raw: Buffer.from(JSON.stringify(report)), encoding: undefined, host: read.host, faults: read.faults, seen };
}
