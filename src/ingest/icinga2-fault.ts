/** Says why Icinga 2 cannot be asked, and what to do about it, each cause in words of its own. */
import type { TLSSocket } from "node:tls";
import { quotedPermissions } from "../../nagios/icinga2-permissions.ts";
import { DotmError, messageOf } from "../errors.ts";

/** The kind of fault; fixed words. */
export type Icinga2Reason =
  | "refused"
  | "name unknown"
  | "no route"
  | "no answer"
  | "no TLS"
  | "broken off"
  | "unknown CA"
  | "other name"
  | "expired"
  | "file unreadable"
  | "client certificate"
  | "wrong password"
  | "not permitted"
  | "reloading"
  | "redirect"
  | "no objects"
  | "too large"
  | "unexpected answer"
  | "failed";

/** A fault of Icinga 2, of the way to it, or of what it was asked. */
export class Icinga2Fault extends DotmError {
  readonly reason: Icinga2Reason;

  constructor(reason: Icinga2Reason, message: string, next: string, cause?: unknown) {
    super("DOTM_SOURCE_UNREADABLE", message, next, { cause });
    this.name = "Icinga2Fault";
    this.reason = reason;
  }

  /** Whether only a person can mend it: asking again soon would only fill logs, or lock a user out. */
  get isLasting(): boolean {
    return this.reason === "wrong password" || this.reason === "not permitted";
  }
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
]);

const START = "Start Icinga 2 with its API (icinga2 feature enable api), or correct url.";

/** The fault behind an error of a connection to `url`; `caFile` is the pinned CA, null where the system's count. */
export function connectionFault(error: unknown, url: string, caFile: string | null): Icinga2Fault {
  if (error instanceof Icinga2Fault) {
    return error;
  }
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  const fault = (reason: Icinga2Reason, message: string, next: string) =>
    new Icinga2Fault(reason, message, next, error);
  if (UNTRUSTED.has(code)) {
    return untrusted(code, url, caFile, error);
  }
  switch (code) {
    case "ECONNREFUSED":
      return fault("refused", `nobody listens at ${url}`, START);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return fault("name unknown", `the name of the host in ${url} is not known here`, "Correct url, or your DNS.");
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return fault("no route", `there is no way to ${url}`, "Look at network and firewall, or correct url.");
    case "ETIMEDOUT":
      return fault("no answer", `${url} does not answer`, "Look at network and firewall, or correct url.");
    case "CERT_HAS_EXPIRED":
      return fault(
        "expired",
        `the certificate of ${url}, or of its CA, has expired`,
        "Renew it on the Icinga 2 server: icinga2 pki new-cert and sign-csr, or icinga2 node setup.",
      );
    case "CERT_NOT_YET_VALID":
      return fault("expired", `the certificate of ${url} is not valid yet`, "Set the clocks of both machines right.");
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return otherName(error, url);
    default:
      return tlsFault(code, error, url);
  }
}

function tlsFault(code: string, error: unknown, url: string): Icinga2Fault {
  const text = shortened(messageOf(error));
  if (/wrong version number|packet length too long|http request/i.test(text)) {
    const next = "Correct url: the API of Icinga 2 speaks TLS, mostly at port 5665.";
    return new Icinga2Fault("no TLS", `what listens at ${url} does not speak TLS`, next, error);
  }
  if (/certificate required|bad certificate|unknown ca|handshake failure/i.test(text)) {
    const next = "Set cert_file and key_file to a certificate that Icinga 2 trusts.";
    return new Icinga2Fault("client certificate", `${url} refuses our certificate: ${text}`, next, error);
  }
  if (code === "ECONNRESET" || code === "EPIPE") {
    const next = "Look at Icinga 2's own log; a port that speaks no TLS, or a proxy, does this too.";
    return new Icinga2Fault("broken off", `${url} broke the connection off`, next, error);
  }
  return new Icinga2Fault("failed", `${url} cannot be asked: ${text}`, "Look at Icinga 2's own log.", error);
}

/** OpenSSL's word for what happened, out of the line with its number, routine and source file. */
function shortened(text: string): string {
  return /SSL routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text.trim();
}

function untrusted(code: string, url: string, caFile: string | null, error: unknown): Icinga2Fault {
  const own = "the ca.crt of the Icinga 2 master (/var/lib/icinga2/certs/ca.crt)";
  return caFile === null
    ? new Icinga2Fault(
        "unknown CA",
        `no authority that this system knows signed the certificate of ${url} (${code})`,
        `Copy ${own} here and set ca_file to it.`,
        error,
      )
    : new Icinga2Fault(
        "unknown CA",
        `the certificate of ${url} is not signed by the authority in ${caFile} (${code})`,
        `Set ca_file to ${own}. If it is, somebody else answers at this address.`,
        error,
      );
}

function otherName(error: unknown, url: string): Icinga2Fault {
  const certificate = (error as { readonly cert?: ReturnType<TLSSocket["getPeerCertificate"]> }).cert;
  const alternatives = certificate?.subjectaltname?.replace(/(?:DNS|IP Address):/g, "").split(", ") ?? [];
  const common = certificate?.subject?.CN ?? "";
  const names = alternatives.length > 0 ? alternatives : [`${common}`];
  const next = `Set servername: ${names[0]} if that is the server you mean, or ask it by that name in url.`;
  return new Icinga2Fault("other name", `the certificate of ${url} is for ${names.join(", ")}`, next, error);
}

/** The fault of an answer other than 200. `wanted` are the permissions that the question needs. */
export function answerFault(status: number, body: string, url: string, wanted: readonly string[]): Icinga2Fault {
  if (status === 401) {
    return new Icinga2Fault(
      "wrong password",
      `${url} knows no such user or password (401)`,
      "Compare user and password_file with the ApiUser in Icinga 2's configuration.",
    );
  }
  if (status === 403 || (status === 404 && wanted.length > 0)) {
    return notPermitted(`${url} answers ${status} (${said(body)}): a missing object or a missing permission`, wanted);
  }
  if (status === 404) {
    const next = "It is read again from the beginning.";
    return new Icinga2Fault("no objects", `${url} answers 404 (${said(body)})`, next);
  }
  if (status === 503) {
    const next = "Nothing to do while Icinga 2 starts or reloads.";
    return new Icinga2Fault("reloading", `${url} is not ready (503)`, next);
  }
  if (status >= 300 && status < 400) {
    const next = "Give the address of Icinga 2's API itself as url; the password is sent nowhere else.";
    return new Icinga2Fault("redirect", `${url} sends us elsewhere (${status}), which is not followed`, next);
  }
  const next = "Is this the API of Icinga 2? Look at its log.";
  return new Icinga2Fault("unexpected answer", `${url} answers ${status} (${said(body)})`, next);
}

/** The fault of missing permissions; names the lines to add. */
export function notPermitted(message: string, missing: readonly string[], user = "of DOTM"): Icinga2Fault {
  const next = `Add ${quotedPermissions(missing)} to the permissions of the ApiUser ${user}, and reload Icinga 2.`;
  return new Icinga2Fault("not permitted", message, next);
}

/** What an error's body says, in one short line. */
function said(body: string): string {
  const status = /"status"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.replace(/<[^>]*>/g, " ");
  return (
    status
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim()
      .slice(0, 120) || "nothing more"
  );
}

/** The fault in one text: cause, then next step. */
export function faultText({ message, next }: DotmError): string {
  return `${message}. ${next}`;
}
