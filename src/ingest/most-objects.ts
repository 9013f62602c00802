/** How many objects one answer of a server may tell of: who makes up names without end must not fill the memory. */
import { getHeapStatistics } from "node:v8";

/** Bytes of memory that one object takes, with all that is made of it. */
const BYTES_EACH = 4 * 1024;

/** A site of this size is taken however little memory there is. */
const LEAST = 100_000;

/** As many as there is memory for: 4 KiB each. */
export function mostObjects(): number {
  return Math.max(LEAST, Math.trunc(getHeapStatistics().heap_size_limit / BYTES_EACH));
}
