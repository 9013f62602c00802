/** A report that is not taken, with the HTTP status that says so. */
import { DotmError } from "../errors.ts";

/** Refusal of a report; `status` is for HTTP, `next` for people. 429, 503 and 507 mean "later", all others "not this one". */
export class ReportRefused extends DotmError {
  readonly status: 400 | 409 | 413 | 415 | 426 | 429 | 503 | 507;

  constructor(status: ReportRefused["status"], message: string, next: string, options: { cause?: unknown } = {}) {
    super("DOTM_REPORT_REFUSED", message, next, options);
    this.name = "ReportRefused";
    this.status = status;
  }
}
