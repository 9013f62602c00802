/** The body of a report: what a stranger sent, inflated and parsed within bounds. Nothing here throws anything but ReportRefused. */
import { gunzipSync } from "node:zlib";
import { messageOf } from "../errors.ts";
import { isDeeper, isTextDeeper } from "./nesting.ts";
import { type Fields, fieldsOf, printable } from "./report-fields.ts";
import { ReportRefused } from "./report-refused.ts";

const MAX_DEPTH = 16;
/** Bytes of nothing but brackets that may be parsed. */
const LARGE = 262_144;
const SMALLEST_PIECE = 1_024;
const LARGEST_PIECE = 1_048_576;

/** The JSON of a body; throws ReportRefused. */
export function inflateReport(raw: Buffer, encoding: string | undefined, maxBytes: number): Buffer {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name !== "" && name !== "identity" && name !== "gzip" && name !== "x-gzip") {
    throw new ReportRefused(
      415,
      `content encoding "${printable(encoding, 64)}" is not understood`,
      "Send plain JSON or gzip.",
    );
  }
  if (raw.length > maxBytes) {
    throw tooLarge(maxBytes);
  }
  if (!name.endsWith("gzip")) {
    return raw;
  }
  try {
    return gunzipSync(raw, { maxOutputLength: maxBytes, chunkSize: pieceOf(raw) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(maxBytes);
    }
    throw new ReportRefused(
      400,
      `the body is no gzip: ${messageOf(error)}`,
      "Send it again; it was cut or damaged on the way.",
      {
        cause: error,
      },
    );
  }
}

/** Bytes inflated at once: all where the body is as long as its last four bytes (RFC 1952) say; half the time of many pieces. */
function pieceOf(raw: Buffer): number {
  const told = raw.length < 4 ? 0 : raw.readUInt32LE(raw.length - 4);
  return Math.min(Math.max(told, SMALLEST_PIECE), LARGEST_PIECE);
}

function tooLarge(maxBytes: number): ReportRefused {
  const message = `the report is larger than ${maxBytes} bytes`;
  return new ReportRefused(413, message, "Let the agent group its connections, or leave out the least used ones.");
}

/** The object that a body is, of which nothing is checked but its depth; throws ReportRefused. */
export function parseReport(json: Buffer): Fields {
  // Reading every byte takes as long as parsing, so only what could swell in memory is looked at before.
  if (json.length > LARGE && isTextDeeper(json, MAX_DEPTH)) {
    throw tooDeep();
  }
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch (error) {
    const next = "Look at what was sent with: dotm-agent once --print";
    throw new ReportRefused(400, `the report is not JSON: ${printable(messageOf(error), 120)}`, next, { cause: error });
  }
  if (isDeeper(value, MAX_DEPTH)) {
    throw tooDeep();
  }
  const fields = fieldsOf(value);
  if (fields === undefined) {
    throw new ReportRefused(400, "the report is not a JSON object", "Send a report of version 1.");
  }
  return fields;
}

function tooDeep(): ReportRefused {
  return new ReportRefused(400, `the report is nested deeper than ${MAX_DEPTH} levels`, "Send a report of version 1.");
}
