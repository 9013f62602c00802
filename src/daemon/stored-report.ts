/**
 * A host's last report as the store keeps it: gzip of the JSON the agent sent, with a stamp of when it came. The stamp is
 * the comment (RFC 1952) of an empty gzip member in front, so that what came as gzip is kept as it came and anything
 * that reads gzip finds the agent's JSON and nothing else.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { REPORT_MAX_BYTES } from "../../agent/report.ts";
import { inflateReport } from "../ingest/report-body.ts";
import type { Delivery } from "./report-intake.ts";

/** When a report came, and the agent's clock then. */
interface Stamp {
  readonly receivedAt: number;
  readonly sent: string | null;
}

/** Magic, deflate, "a comment follows", no time, no hint, unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 0xff]);
/** End of the comment, a deflated nothing, its checksum and its length. */
const NOTHING = Buffer.from([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** The report as it is stored. */
export async function storedReport({ raw, receivedAt, sent }: Delivery): Promise<Buffer> {
  const stamp: Stamp = { receivedAt, sent: sent ?? null };
  // The header of a stranger may hold anything; a comment ends at its first zero byte.
  const comment = JSON.stringify(stamp).replace(/[^ -~]/g, "?");
  return Buffer.concat([
    HEADER,
    Buffer.from(comment, "latin1"),
    NOTHING,
    isGzip(raw) ? raw : await promisify(gzip)(raw),
  ]);
}

/** Turns a stored report back into the delivery it came as. @throws DotmError where it was none */
export function deliveryOf(stored: Buffer): Delivery {
  const comment = commentOf(stored);
  // Inflated once, by whoever reads it; to find the stamp of earlier versions it must be inflated here.
  const body =
    comment === undefined
      ? { raw: inflateReport(stored, "gzip", REPORT_MAX_BYTES), encoding: undefined }
      : { raw: stored, encoding: "gzip" };
  const { receivedAt = 0, sent = null } = JSON.parse(comment ?? fieldOf(body.raw) ?? "{}") as Partial<Stamp>;
  return { ...body, sent: sent ?? undefined, authorization: undefined, receivedAt };
}

/** No JSON begins so. */
function isGzip(raw: Buffer): boolean {
  return raw[0] === HEADER[0] && raw[1] === HEADER[1];
}

function commentOf(stored: Buffer): string | undefined {
  return stored.subarray(0, HEADER.length).equals(HEADER)
    ? stored.toString("latin1", HEADER.length, stored.indexOf(0, HEADER.length))
    : undefined;
}

/** Earlier versions stored the stamp as the first field of the report. */
function fieldOf(raw: Buffer): string | undefined {
  return /^\{"stored":(\{[^}]*\})/.exec(raw.subarray(0, 200).toString("utf8"))?.[1];
}
