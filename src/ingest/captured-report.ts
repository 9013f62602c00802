/** Bytes that came from a host, a report or a text of netstat, ss and ip addr, as the report they become. */
import { REPORT_MAX_BYTES } from "../../agent/report.ts";
import type { SeenBefore } from "../host-text/group-rows.ts";
import { readHostText, type TextFault } from "../host-text/read-host-text.ts";
import { FAULTS, textReport } from "../host-text/text-report.ts";
import { inflateReport, parseReport } from "./report-body.ts";
import { printable } from "./report-fields.ts";
import { ReportRefused } from "./report-refused.ts";

/** What the bytes do not tell, and what the look before had seen. */
export interface CaptureHead {
  /**
   * The host to take it for, given the name it tells (null where it tells none); undefined where it is not to be taken.
   */
  readonly hostFor: (told: string | null) => string | undefined;
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
  /** The report, JSON. */
  readonly raw: Buffer;
  /** The name it tells; null where it tells none. */
  readonly told: string | null;
  /** Parts of a text that were missing. */
  readonly faults: readonly TextFault[];
  readonly seen: SeenBefore;
}

const NEXT = 'It should hold "hostname=NAME", the output of "netstat -antp" or "ss -tunap", and that of "ip addr".';
const NOTHING: SeenBefore = new Set();

/**
 * Turns bytes into a report; one that is a report already stays as it is, but for the name of its host.
 * @throws ReportRefused where it is nothing we know, of several hosts, or of a host it is not to be taken for
 */
export function capturedReport(bytes: Buffer, head: CaptureHead): CapturedReport {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? inflateReport(bytes, "gzip", REPORT_MAX_BYTES) : bytes;
  const text = plain.toString("utf8").replace(/^\ufeff/, "");
  if (/^\s*\{/.test(text)) {
    return { ...namedReport(plain, head), faults: [], seen: NOTHING };
  }
  if (text.trim() === "") {
    throw new ReportRefused(400, "the text is empty", NEXT);
  }
  const read = readHostText(text);
  const has = (fault: TextFault) => read.faults.includes(fault);
  if (has("several hosts")) {
    throw new ReportRefused(400, FAULTS["several hosts"], "Read them one by one.");
  }
  if (has("no listing") && has("no addresses")) {
    throw new ReportRefused(400, "the text holds neither sockets nor addresses", NEXT);
  }
  const host = hostOf(read.host, head);
  const { now, interval, sequence, boot, before } = head;
  const agent = `${read.listing.tool} text`;
  const time = new Date(Math.round(now * 1000)).toISOString();
  const { report, seen } = textReport(read, { host, agent, time, interval, sequence, boot }, before);
  return { raw: Buffer.from(JSON.stringify(report)), told: read.host, faults: read.faults, seen };
}

function namedReport(raw: Buffer, head: CaptureHead): Pick<CapturedReport, "raw" | "told"> {
  const fields = parseReport(raw);
  const told = typeof fields["host"] === "string" ? fields["host"] : null;
  const host = hostOf(told, head);
  return { raw: host === told ? raw : Buffer.from(JSON.stringify({ ...fields, host })), told };
}

function hostOf(told: string | null, { hostFor }: CaptureHead): string {
  const host = hostFor(told);
  if (host !== undefined) {
    return host;
  }
  if (told === null) {
    throw new ReportRefused(400, FAULTS["no hostname"], NEXT);
  }
  const next = "Where both are the same machine, add an alias: dotm settings add user_node_aliases";
  throw new ReportRefused(409, `it is the report of another host: ${printable(told, 64)}`, next);
}
