/** Errors that people read: a stable code for programs, a cause and a next step for people. */

/** Codes callers branch on; messages are for people only. */
export type ErrorCode =
  | "DOTM_CONFIG_INVALID"
  | "DOTM_USAGE"
  | "DOTM_NOT_FOUND"
  | "DOTM_STORE_UNREACHABLE"
  | "DOTM_STORE_FAILED"
  | "DOTM_STORE_NEWER"
  | "DOTM_LEASE_LOST"
  | "DOTM_SOURCE_UNREADABLE"
  | "DOTM_REPORT_REFUSED"
  | "DOTM_LOCKED"
  | "DOTM_ADDRESS_TAKEN"
  | "DOTM_NOTIFY_FAILED"
  | "DOTM_AUDIT_FAILED"
  | "DOTM_BUSY"
  | "DOTM_FAILED";

/** An error with its cause in the message and what to do about it in `next`. */
export class DotmError extends Error {
  readonly code: ErrorCode;
  /** The next step, a full sentence or command; empty where there is none. */
  readonly next: string;

  constructor(code: ErrorCode, message: string, next = "", options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "DotmError";
    this.code = code;
    this.next = next;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error is a fault of the program itself, as JavaScript finds them: no waiting mends it, and its stack says where. */
export function isFault(error: unknown): error is Error {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

/** Whether an error of the file system says that something is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
