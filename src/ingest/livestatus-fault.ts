/** What can be wrong with a Livestatus server, each with its cause and next step. */
import type { AnswerHeader } from "../../nagios/livestatus-header.ts";
import type { LivestatusPlace } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";

/** Why an answer was not got; `reason` is a fixed word. */
export class LivestatusFault extends DotmError {
  readonly reason: string;
  /** Why the server does not like the question, the first line of it; empty where that is not what is wrong. */
  readonly complaint: string;

  constructor(reason: string, cause: string, next: string, complaint = "") {
    super("DOTM_SOURCE_UNREADABLE", cause, next);
    this.reason = reason;
    this.complaint = complaint;
  }
}

/** The place in one text. */
function placeText(place: LivestatusPlace): string {
  if (place.kind === "unix") {
    return place.path;
  }
  return place.host.includes(":") ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
}

const LISTENING = "Check that Livestatus is switched on and listens there";

/** The fault behind an error of connecting. */
export function connectFault(place: LivestatusPlace, error: unknown): LivestatusFault {
  const reason = (error as NodeJS.ErrnoException).code ?? "failed";
  const at = placeText(place);
  const fault = (cause: string, next: string) => new LivestatusFault(reason, cause, next);
  if (place.kind === "unix" && reason === "ENOENT") {
    return fault(
      `${at} does not exist`,
      "Start the monitoring with its Livestatus module, or give the path of its socket.",
    );
  }
  if (reason === "EACCES" || reason === "EPERM") {
    const uid = process.geteuid?.() ?? -1;
    return fault(
      `${at} may not be opened by uid ${uid}`,
      `Add DOTM's user to the group of the socket (ls -l ${at}; usermod -aG GROUP USER) and restart it.`,
    );
  }
  if (reason === "ECONNREFUSED") {
    return fault(`nobody listens at ${at}`, `${LISTENING}; a monitoring that restarts is back in a moment.`);
  }
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN") {
    return fault(`the name in ${at} is not known`, "Correct the name, or check the resolver of this machine.");
  }
  return tlsFault(place, reason, error) ?? fault(`cannot connect to ${at}: ${messageOf(error)}`, `${LISTENING}.`);
}

const NOT_TLS = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "EPROTO"]);

function tlsFault(place: LivestatusPlace, reason: string, error: unknown): LivestatusFault | undefined {
  if (place.kind === "unix" || place.tls === null) {
    return;
  }
  const at = placeText(place);
  if (reason === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const cause = `the certificate of ${at} is for another name: ${messageOf(error)}`;
    return new LivestatusFault(reason, cause, "Give the name in the certificate as servername.");
  }
  if (NOT_TLS.has(reason)) {
    return new LivestatusFault(reason, `${at} does not speak TLS`, "Switch tls off, or switch it on at the server.");
  }
  if (/CERT|SIGNATURE|ISSUER/.test(reason)) {
    const cause = `the certificate of ${at} is not trusted: ${messageOf(error)}`;
    const next = "Give the authority that signed it as ca_file (Checkmk: etc/ssl/ca.pem of the site).";
    return new LivestatusFault(reason, cause, next);
  }
  return;
}

/** It did not accept the connection in time. */
export function connectTimeout(place: LivestatusPlace, seconds: number): LivestatusFault {
  const cause = `${placeText(place)} did not take the connection within ${seconds} s`;
  return new LivestatusFault(
    "connect timeout",
    cause,
    "Check that a firewall lets it through and the server is not overloaded.",
  );
}

/** It did not answer in time; `got` bytes came. */
export function answerTimeout(place: LivestatusPlace, seconds: number, got: number): LivestatusFault {
  const what = got === 0 ? "nothing" : `only ${got} bytes`;
  const cause = `${placeText(place)} answered ${what} within ${seconds} s`;
  const next = "Check that the monitoring is not overloaded or hanging; for a slow line raise `timeout`.";
  return new LivestatusFault("answer timeout", cause, next);
}

/** Reason of the fault where the connection was closed before a byte of the answer came. */
export const UNANSWERED = "closed unanswered";

/** It closed the connection before the answer was whole. */
export function closedEarly(place: LivestatusPlace, got: number): LivestatusFault {
  const what = got === 0 ? "without an answer" : `after ${got} bytes of an answer`;
  const cause = `${placeText(place)} closed the connection ${what}`;
  const next = "It is tried again; if it lasts, read the monitoring's own log (Naemon and Nagios: livestatus.log).";
  return new LivestatusFault(got === 0 ? UNANSWERED : "closed early", cause, next);
}

const SPEAKS = "Give the address of Livestatus itself (`telnet` or `nc` to it, `GET status`, an empty line).";

/** What came is no answer of Livestatus. */
export function notLivestatus(place: LivestatusPlace, bytes: Buffer): LivestatusFault {
  const begin = JSON.stringify(bytes.toString("latin1", 0, 40));
  const cause = `${placeText(place)} does not speak Livestatus: its answer begins with ${begin}`;
  return new LivestatusFault("not Livestatus", cause, SPEAKS);
}

/** The answer breaks its own promise, or is nothing that can be taken. */
export function badAnswer(place: LivestatusPlace, table: string, what: string): LivestatusFault {
  const cause = `${placeText(place)} gave an answer on ${table} that cannot be taken: ${what}`;
  return new LivestatusFault(
    "bad answer",
    cause,
    "What was told before stays; if it lasts, restart the monitoring or update its Livestatus.",
  );
}

/** More bytes than are taken. */
export function tooLong(place: LivestatusPlace, length: number, most: number): LivestatusFault {
  const cause = `${placeText(place)} wants to send ${length} bytes; more than ${most} are not taken`;
  return new LivestatusFault("too long", cause, SPEAKS);
}

/** Statuses by which servers say that they do not like a question: bad request, bad header, unknown column. */
const DISLIKED = new Set([400, 450, 452]);

/** Status by which it says that the question did not come whole. */
const INCOMPLETE = 451;

const LONGEST_COMPLAINT = 300;

/** The server refused the question. */
export function refused(
  place: LivestatusPlace,
  table: string,
  { status }: AnswerHeader,
  body: Buffer,
): LivestatusFault {
  const [line = ""] = body.toString("utf8").split(/\r?\n/, 1);
  const complaint = line.replace(/\p{Cc}/gu, " ").slice(0, LONGEST_COMPLAINT);
  const cause = `${placeText(place)} refused the question on ${table}: ${status} ${complaint}`.trimEnd();
  const next =
    status >= 500 || status === INCOMPLETE
      ? "It is tried again; if it lasts, the monitoring is overloaded, or something cuts the connection."
      : "Check that this is the Livestatus of a monitoring program, and that everything may be seen through it.";
  const disliked = DISLIKED.has(status) ? complaint || "no reason" : "";
  return new LivestatusFault(`status ${status}`, cause, next, disliked);
}

/** It has nothing to tell of. */
export function noObjects(): LivestatusFault {
  const next = "Check that its configuration is loaded and that everything may be seen through this connection.";
  return new LivestatusFault("no objects", "Livestatus tells of no hosts and no service checks", next);
}

/** It does not say when it was started, so that a restart would go unnoticed. */
export function noProgram(): LivestatusFault {
  const next = "Check that this is the Livestatus of a monitoring program.";
  return new LivestatusFault("no program", "Livestatus does not say when its program was started", next);
}
