/**
 * One record of the embedded Valkey's dump: kind (one byte), expiry (milliseconds since 1970, 64 bit float, 0 for never),
 * length of the key (32 bit), key, value. Numbers are big endian.
 */

/** One thing that happened. */
export type DumpRecord =
  /** A key has this value (as DUMP gives it) and expires then (milliseconds, 0 never). */
  | { readonly kind: "value"; readonly key: Buffer; readonly value: Buffer; readonly expireAt: number }
  | { readonly kind: "gone"; readonly key: Buffer }
  /** A command (its words as JSON of base64) that changes a key that is there. */
  | { readonly kind: "command"; readonly key: Buffer; readonly words: readonly Buffer[] }
  | { readonly kind: "flush" };

const KINDS = ["value", "gone", "command", "flush"] as const;
const FIXED_BYTES = 13;

/** A record as bytes. */
export function encodeRecord(record: DumpRecord): Buffer {
  const key = record.kind === "flush" ? Buffer.alloc(0) : record.key;
  const value = valueBytes(record);
  const payload = Buffer.alloc(FIXED_BYTES + key.length + value.length);
  payload.writeUInt8(KINDS.indexOf(record.kind), 0);
  payload.writeDoubleBE(record.kind === "value" ? record.expireAt : 0, 1);
  payload.writeUInt32BE(key.length, 9);
  key.copy(payload, FIXED_BYTES);
  value.copy(payload, FIXED_BYTES + key.length);
  return payload;
}

function valueBytes(record: DumpRecord): Buffer {
  if (record.kind === "value") {
    return record.value;
  }
  return record.kind === "command"
    ? Buffer.from(JSON.stringify(record.words.map((word) => word.toString("base64"))))
    : Buffer.alloc(0);
}

/** Bytes of `encodeRecord` as a record; undefined for a kind that is not known, and for what is none. */
export function decodeRecord(payload: Buffer): DumpRecord | undefined {
  if (payload.length < FIXED_BYTES) {
    return undefined;
  }
  const kind = KINDS[payload.readUInt8(0)];
  const end = FIXED_BYTES + payload.readUInt32BE(9);
  const key = payload.subarray(FIXED_BYTES, end);
  const value = payload.subarray(end);
  switch (kind) {
    case "value":
      return { kind, key, value, expireAt: payload.readDoubleBE(1) };
    case "gone":
      return { kind, key };
    case "command": {
      const words = wordsOf(value);
      return words === undefined ? undefined : { kind, key, words };
    }
    case "flush":
      return { kind };
    default:
      return undefined;
  }
}

function wordsOf(value: Buffer): Buffer[] | undefined {
  try {
    const words: unknown = JSON.parse(value.toString());
    return Array.isArray(words) ? words.map((word) => Buffer.from(String(word), "base64")) : undefined;
  } catch {
    return undefined;
  }
}
