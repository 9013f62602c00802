/** Changes inputs as chance will have it: bytes, numbers, whole pieces, and pieces of other inputs. */
import { between, oneOf, type Random } from "../../support/random.ts";

const INTERESTING_BYTES = [0, 9, 10, 13, 32, 34, 39, 44, 58, 59, 60, 91, 92, 93, 123, 125, 127, 128, 192, 237, 255];
const INTERESTING_TEXTS = [
  ...["", "0", "-1", "1e309", "NaN", "99999999999999999999", "9007199254740993", "0x10", "1.5", "null", "true"],
  ...["__proto__", "constructor", "::", "|", "!", "\r\n", "\n\t}\n", "{", "}}", "[[", '"', "\\", "\\u0000", "\\ud800"],
  ...["\u0000", "\u001b[31m", "\u202e", "\ufeff", "İ", "😀", "<b>", "&", "]]>", "..", "%2e%2e%2f", "%00", "%ff"],
  ...["a".repeat(300), "::ffff:10.0.0.1", "[::]:*", "fe80::1%eth0", "(a+)+$", "(?=x)", "{1000}", "\\1"],
];

/** Longest input, bytes. */
const LONGEST = 200_000;

type Change = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const CHANGES: readonly Change[] = [
  // One bit.
  (bytes, random) =>
    at(bytes, random, (copy, place) => copy.writeUInt8((copy[place] ?? 0) ^ (1 << between(random, 0, 7)), place)),
  // One byte.
  (bytes, random) => at(bytes, random, (copy, place) => copy.writeUInt8(oneOf(random, INTERESTING_BYTES), place)),
  (bytes, random) => splice(bytes, random, 0, Buffer.from(oneOf(random, INTERESTING_TEXTS))),
  // A short piece replaced, a piece taken out, the end cut off.
  (bytes, random) => splice(bytes, random, between(random, 1, 12), Buffer.from(oneOf(random, INTERESTING_TEXTS))),
  (bytes, random) => splice(bytes, random, between(random, 1, Math.max(1, bytes.length >> 3)), Buffer.alloc(0)),
  (bytes, random) => Buffer.from(bytes.subarray(0, Math.floor(random() * bytes.length))),
  // A piece twice, a piece many times.
  (bytes, random) => splice(bytes, random, 0, pieceOf(bytes, random, 400)),
  (bytes, random) => splice(bytes, random, 0, repeated(pieceOf(bytes, random, 40), between(random, 2, 300))),
  // A piece of another input.
  (bytes, random, others) => splice(bytes, random, between(random, 0, 60), pieceOf(oneOf(random, others), random, 600)),
  changedNumber,
  swappedLines,
];

/** An input that differs from `bytes` in one place or a few. */
export function mutate(bytes: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let changed = bytes;
  for (let left = between(random, 1, 4); left > 0; left -= 1) {
    changed = oneOf(random, CHANGES)(changed, random, others);
  }
  return changed.length > LONGEST ? Buffer.from(changed.subarray(0, LONGEST)) : changed;
}

function at(bytes: Buffer, random: Random, change: (copy: Buffer, place: number) => void): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) {
    change(copy, Math.floor(random() * copy.length));
  }
  return copy;
}

function splice(bytes: Buffer, random: Random, removed: number, added: Buffer): Buffer {
  const place = Math.floor(random() * (bytes.length + 1));
  return Buffer.concat([bytes.subarray(0, place), added, bytes.subarray(place + removed)]);
}

function pieceOf(bytes: Buffer, random: Random, most: number): Buffer {
  const from = Math.floor(random() * bytes.length);
  return Buffer.from(bytes.subarray(from, from + between(random, 1, most)));
}

function repeated(piece: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => piece));
}

/** One of the first numbers behind some place becomes another. */
function changedNumber(bytes: Buffer, random: Random): Buffer {
  const from = Math.floor(random() * bytes.length);
  const found = /-?\d+(?:\.\d+)?/.exec(bytes.toString("latin1", from, from + 4_000));
  if (found === null) {
    return bytes;
  }
  const place = from + found.index;
  const value = oneOf(random, [
    "0",
    "-1",
    "65536",
    "4294967296",
    "1e999",
    "-0",
    "0.1",
    `${2 ** 53}`,
    `${Math.floor(random() * 1e6)}`,
  ]);
  return Buffer.concat([bytes.subarray(0, place), Buffer.from(value), bytes.subarray(place + found[0].length)]);
}

function swappedLines(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString("latin1").split("\n");
  const [a, b] = [Math.floor(random() * lines.length), Math.floor(random() * lines.length)];
  [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
  return Buffer.from(lines.join("\n"), "latin1");
}
