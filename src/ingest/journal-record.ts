/**
 * Records of the journal: `[u32 length][u32 crc32][payload]`, big-endian, one after the other. A record without content
 * is none, so that a tail of zeros (what some file systems leave after a power loss) is not taken for records.
 */
import { crc32 } from "node:zlib";

/** Bytes before each payload. */
export const RECORD_HEAD = 8;

/** Largest payload; a larger length is damage. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;

/** One record of a segment. */
export interface JournalRecord {
  readonly payload: Buffer;
  /** Where it begins and where the next one does, in bytes from the start of the segment. */
  readonly start: number;
  readonly end: number;
}

/** Head of a record for a payload. */
export function recordHead(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(RECORD_HEAD);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(crc32(payload), 4);
  return head;
}

/**
 * The records of a segment from `start` up to where none can be told any more. One whose content is damaged is left out, and
 * those behind it are found by its length.
 */
export function* readRecords(segment: Buffer, start = 0): Generator<JournalRecord> {
  for (let at = start; at + RECORD_HEAD < segment.length; ) {
    const length = segment.readUInt32BE(at);
    const end = at + RECORD_HEAD + length;
    if (length === 0 || length > MAX_PAYLOAD || end > segment.length) {
      return;
    }
    const payload = segment.subarray(at + RECORD_HEAD, end);
    if (crc32(payload) === segment.readUInt32BE(at + 4)) {
      yield { payload, start: at, end };
    }
    at = end;
  }
}
