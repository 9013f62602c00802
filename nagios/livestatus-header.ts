/** The sixteen bytes before each answer (`ResponseHeader: fixed16`): status, blank, length right-aligned, line feed. */

/** Bytes of the header. */
export const HEADER_BYTES = 16;

/** What the header says: a status as HTTP has them (200 is good), and the length of what follows in bytes. */
export interface AnswerHeader {
  readonly status: number;
  readonly length: number;
}

const HEADER = /^(\d{3}) ( *\d{1,11})\n$/;

const BEGINNING = /^(\d{0,3}|\d{3} [ \d]{0,11}\n?)$/;

/** Whether bytes may be the beginning of a header: whoever says something else need not be waited for. */
export function isHeaderBeginning(bytes: Buffer): boolean {
  return BEGINNING.test(bytes.toString("latin1", 0, HEADER_BYTES));
}

/** Reads a header; undefined where the bytes are none. */
export function readAnswerHeader(bytes: Buffer): AnswerHeader | undefined {
  const [, status, length] = HEADER.exec(bytes.toString("latin1", 0, HEADER_BYTES)) ?? [];
  return status === undefined || length?.length !== 11 ? undefined : { status: Number(status), length: Number(length) };
}
