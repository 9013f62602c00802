/** An answer of the API that is a refusal; thrown where it is found out, sent as RFC 9457 has it. */

/** Titles of the statuses in use. */
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not allowed without a token",
  403: "Forbidden",
  404: "Not found",
  409: "Conflict",
  412: "Changed meanwhile",
  415: "Unsupported media type",
  421: "Misdirected request",
  429: "Too many requests",
};

/** A refusal with what to tell the asker; `more` joins the members of the document. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.title = TITLES[status] ?? "Failed";
    this.more = more;
  }
}
