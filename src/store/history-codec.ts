/** The bytes of history: entries of its log, and snapshots. Reading believes nothing: what is not ours is undefined. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import {
  brotliDecompress,
  constants,
  createBrotliCompress,
  deflateRaw,
  deflateRawSync,
  inflateRaw,
  inflateRawSync,
} from "node:zlib";
import type { Difference } from "../model/json-difference.ts";
import { HISTORY_KINDS, type HistoryKind } from "./history-kinds.ts";

/** Differences by kind and name. */
export type Differences = { readonly [kind in HistoryKind]?: { readonly [name: string]: Difference } };

/** Where in the log something is: the entry's id, and who wrote it as its how many-th. */
export interface LogPlace {
  readonly id: string;
  readonly writer: string;
  readonly n: number;
}

/** The first line of a snapshot. */
export interface SnapshotHead {
  /** Unix seconds with fractions: nothing in it was written later. */
  readonly at: number;
  /** The last entry of the log before the snapshot was begun; null where there was none. */
  readonly from: LogPlace | null;
  readonly hosts: number;
  readonly problems: number;
  /** Bytes of the lines before they were compressed. */
  readonly text: number;
}

/** One value of a snapshot. */
export interface SnapshotLine {
  readonly kind: HistoryKind;
  readonly name: string;
  readonly json: string;
}

const MAGIC = "dotm-history 1 ";

/** Bytes that a foreign value may swell to. */
const LARGEST_SNAPSHOT = 1024 ** 3;
const LARGEST_ENTRY = 256 * 1024 ** 2;

/** Bytes of a first line at most. */
const LONGEST_HEAD = 1_024;

/** Text that entries are likely to hold; what reads an entry must know the same, so it never changes. */
const DICTIONARY = Buffer.from(
  [
    '{"host":"","state":"UP","stateType":"HARD","handling":{"acknowledged":false,"inDowntime":false,"flapping":false,',
    '"soft":false,"stale":false},"agent":"fresh","lastReport":17,"groups":[],"parents":[],"nodes":[{"id":"","kind":"service",',
    '"port":"80","process":"","ownState":"CRITICAL","degree":"affected","gives":"degraded","checks":[""],"age":"old",',
    '"needs":[{"to":"","certainty":"both","count":1,"firstSeen":17}],"neededBy":["',
    '{"impact":{"::":[{"apiVersion":"dotm/v1","kind":"Impact","problem":{"check":"","since":"2026-","source":"nagios",',
    '"handled":false,"output":""},"failed":[],"affected":[{"degree":"affected","hops":1,"path":[],"propagatedState":"WARNING"',
    '{"source":{"nagios":{"asOf":[17],"lag":[0]}}}{"graph":{"":{"lastReport":[17],"nodes":{"0":{"lastSeen":[17],"needs":{"0":',
    '{"lastSeen":[17]},"1":{"count":[2]}}}}}}{"host-check":{"":{"last_check":[17],"status_information":["PING OK - Packet loss = 0%, RTA = ',
    '{"node":{"":{"last_fetch":["17"]}},"checks":{"":{"0":{"last_check":[17],"last_status_change":[17],"status":["OK"],"status_information":["',
  ].join(""),
);

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);
const unbrotlied = promisify(brotliDecompress);

/** The bytes of an entry. */
export function packEntry(differences: Differences): Promise<Buffer> {
  return deflated(JSON.stringify(differences), { dictionary: DICTIONARY });
}

/** The differences of an entry; undefined where the bytes are none. */
export async function unpackEntry(bytes: Buffer): Promise<Differences | undefined> {
  try {
    const text = await inflated(bytes, { dictionary: DICTIONARY, maxOutputLength: LARGEST_ENTRY });
    const value: unknown = JSON.parse(text.toString());
    return typeof value === "object" && value !== null ? (value as Differences) : undefined;
  } catch {
    return undefined;
  }
}

/** A value as it is kept in memory to tell the next one's difference: small, and soon read again. */
export function packText(text: string): Buffer {
  const packed = deflateRawSync(text, { level: 1, dictionary: DICTIONARY });
  // It is the front of a chunk of 16 KiB, all of which would be kept with it.
  const exact = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(exact);
  return exact;
}

/** The text of it. */
export function unpackText(bytes: Buffer): string {
  return inflateRawSync(bytes, { dictionary: DICTIONARY }).toString();
}

/** Compresses lines as they come; outside the thread that serves. */
export async function packLines(
  lines: AsyncIterable<string>,
): Promise<{ readonly bytes: Buffer; readonly text: number }> {
  const packer = createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LGWIN]: 22,
    },
  });
  const chunks: Buffer[] = [];
  await pipeline(Readable.from(lines), packer, async (packed: AsyncIterable<Buffer>) => {
    for await (const chunk of packed) {
      chunks.push(chunk);
    }
  });
  return { bytes: Buffer.concat(chunks), text: packer.bytesWritten };
}

/** The value of a snapshot. */
export function snapshotBytes(head: SnapshotHead, packedLines: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(head)}\n`), packedLines]);
}

/** One line of a snapshot; the name must be fit for one. */
export function snapshotLine({ kind, name, json }: SnapshotLine): string {
  return `${kind}\t${name}\t${json}\n`;
}

/** The head at the beginning of a snapshot's value; undefined where it is none. */
export function snapshotHead(bytes: Buffer): SnapshotHead | undefined {
  const end = bytes.subarray(0, LONGEST_HEAD).indexOf(10);
  const line = bytes.subarray(0, Math.max(end, 0)).toString();
  try {
    const value = line.startsWith(MAGIC) ? (JSON.parse(line.slice(MAGIC.length)) as Partial<SnapshotHead>) : undefined;
    const { from, ...numbers } = value ?? {};
    const whole = [numbers.at, numbers.hosts, numbers.problems, numbers.text].every(Number.isFinite);
    return whole && (from === null || isPlace(from)) ? (value as SnapshotHead) : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of a snapshot's value, unread; undefined where it is not whole. */
export async function snapshotLines(bytes: Buffer): Promise<SnapshotLine[] | undefined> {
  const end = bytes.subarray(0, LONGEST_HEAD).indexOf(10);
  try {
    const text = await unbrotlied(bytes.subarray(end + 1), { maxOutputLength: LARGEST_SNAPSHOT });
    return text
      .toString()
      .split("\n")
      .flatMap((line) => lineOf(line) ?? []);
  } catch {
    return undefined;
  }
}

function lineOf(line: string): SnapshotLine | undefined {
  const first = line.indexOf("\t");
  const second = line.indexOf("\t", first + 1);
  const kind = HISTORY_KINDS.find((each) => each === line.slice(0, first));
  return kind === undefined || second < 0
    ? undefined
    : { kind, name: line.slice(first + 1, second), json: line.slice(second + 1) };
}

function isPlace(place: Partial<LogPlace> | undefined): boolean {
  return typeof place?.id === "string" && typeof place.writer === "string" && Number.isFinite(place.n);
}
