/**
 * Pages of the kernel's trace ring buffer, as per_cpu/cpuN/trace_pipe_raw gives them (include/linux/ring_buffer.h): a
 * time, the length of what follows, then records. Each begins with a word of 5 bits type or length and 27 bits time
 * since the record before. Little-endian machines of 64 bits only.
 */

/** One record: its bytes lie in the page from `offset` on. */
export interface TraceRecord {
  /** Nanoseconds by the clock of the instance; beyond 104 days of uptime a few nanoseconds off. */
  readonly time: number;
  readonly offset: number;
  readonly length: number;
}

const HEAD = 16;
/** The other bits of the length say that events were lost before this page; the kernel counts them elsewhere. */
const LENGTH_BITS = 0x000f_ffff;
const TYPE = { large: 0, longest: 28, padding: 29, timeExtend: 30, timeStamp: 31 } as const;

/** The records of a page; what is cut or makes no sense ends it. */
export function readTracePage(page: Buffer): TraceRecord[] {
  const records: TraceRecord[] = [];
  if (page.length < HEAD) {
    return records;
  }
  let time = Number(page.readBigUInt64LE(0));
  const end = Math.min(page.length, HEAD + (page.readUInt32LE(8) & LENGTH_BITS));
  for (let at = HEAD; at + 8 <= end; ) {
    const word = page.readUInt32LE(at);
    const type = word & 31;
    const next = page.readUInt32LE(at + 4);
    time = timeAfter(time, word >>> 5, type, next);
    const size = sizeOf(type, word >>> 5, next);
    if (size === undefined || at + size > end) {
      break;
    }
    if (type <= TYPE.longest) {
      const offset = type === TYPE.large ? at + 8 : at + 4;
      records.push({ time, offset, length: at + size - offset });
    }
    at += size;
  }
  return records;
}

function timeAfter(time: number, delta: number, type: number, next: number): number {
  if (type === TYPE.timeExtend) {
    return time + next * 2 ** 27 + delta;
  }
  return type === TYPE.timeStamp ? next * 2 ** 27 + delta : time + delta;
}

/** Bytes of a record with its head; undefined where nothing more follows. */
function sizeOf(type: number, delta: number, next: number): number | undefined {
  switch (type) {
    case TYPE.large:
      return next < 4 ? undefined : 4 + Math.ceil(next / 4) * 4;
    case TYPE.padding:
      return delta === 0 ? undefined : 4 + next;
    case TYPE.timeExtend:
    case TYPE.timeStamp:
      return 8;
    default:
      return 4 + type * 4;
  }
}
