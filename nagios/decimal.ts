/** Numbers as status files write them: `0`, `-1`, `5.000000`, `1795359132.414399`. */

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const LONGEST = 24;

/** The number the bytes spell; NaN where they spell none. Exponents are not known: Nagios writes none. */
export function decimal(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const point = digitsEnd(bytes, first, end);
  const last = point < end && bytes[point] === POINT ? digitsEnd(bytes, point + 1, end) : point;
  const decimals = Math.max(0, last - point - 1);
  if (last !== end || last - first === (last > point ? 1 : 0) || end - start > LONGEST) {
    return Number.NaN;
  }
  const value = digitsValue(bytes, first, point, 0);
  const digits = decimals > 0 ? digitsValue(bytes, point + 1, last, value) : value;
  if (digits > Number.MAX_SAFE_INTEGER) {
    return Number(bytes.toString("latin1", start, end));
  }
  const positive = decimals > 0 ? digits / 10 ** decimals : digits;
  return first > start ? -positive : positive;
}

function digitsEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] ?? 0)) {
    at++;
  }
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** The whole number of the digits, after those already in `before`. */
function digitsValue(bytes: Buffer, start: number, end: number, before: number): number {
  let value = before;
  for (let at = start; at < end; at++) {
    value = value * 10 + (bytes[at] ?? 0) - ZERO;
  }
  return value;
}
