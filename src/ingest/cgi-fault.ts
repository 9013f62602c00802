/** Says of a CGI that gives no usable answer why not and what to do, in words that name the address. */
import type { JsonFault } from "../../nagios/json-rows.ts";
import { messageOf } from "../errors.ts";
import type { FileFault } from "./file-fault.ts";

/** A request that gave nothing usable. */
export class CgiFault extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(fault.cause);
    this.name = "CgiFault";
    this.fault = fault;
  }
}

/** What a request was, as far as a fault is told of it. */
export interface AskedCgi {
  /** The address without its query. */
  readonly url: string;
  /** Whom we say we are, null for nobody. */
  readonly user: string | null;
}

/** The fault that the status of an answer means. */
export function statusFault({ url, user }: AskedCgi, status: number, location: string | undefined): CgiFault {
  const told = (reason: string, cause: string, next: string) =>
    new CgiFault({ reason, cause: `${url} ${cause}`, next });
  if (status === 401) {
    return user === null
      ? told("no user", "wants a user and a password", "Give user and password_file.")
      : told("wrong password", `does not accept the password of ${user}`, "Check user and password_file.");
  }
  if (status === 403) {
    const who = user === null ? "us" : user;
    return told(
      "forbidden",
      `is forbidden to ${who}`,
      "Let this machine and user through in the web server (Require …).",
    );
  }
  if (status === 404) {
    return told(
      "not found",
      "does not exist",
      "Give the folder of the CGIs as url, such as http://HOST/nagios4/cgi-bin.",
    );
  }
  if (status >= 300 && status < 400) {
    const next = `Give an address that does not: ${location ?? "it does not say where to"}`;
    return told("redirected", "sends us elsewhere", next);
  }
  const next = "Look into the error log of the web server.";
  return told("failed", `answers with status ${status}`, next);
}

/** The fault that an answer means that is no whole JSON; `broken` rows of it could not be read. */
export function answerFault({ url }: AskedCgi, fault: JsonFault): CgiFault {
  const texts: Readonly<Record<JsonFault, readonly [cause: string, next: string]>> = {
    empty: ["answers nothing, as it does while Nagios is stopped", "Start Nagios, or wait until it has started."],
    "no JSON": [
      "answers something that is not JSON",
      "Open the address in a browser: it may be a login page. Nagios has JSON since 4.0.7, Icinga 1 always.",
    ],
    cut: ["ends its answer early", "Look into the error log of the web server."],
  };
  const [cause, next] = texts[fault];
  return new CgiFault({ reason: fault, cause: `${url} ${cause}`, next });
}

/** The fault behind an error of the network, TLS included. */
export function networkFault({ url }: AskedCgi, error: unknown): CgiFault {
  const reason = (error as NodeJS.ErrnoException).code ?? "failed";
  const [cause, next] = NETWORK[reason] ?? [`cannot be asked: ${messageOf(error)}`, "Check url and the network."];
  return new CgiFault({ reason, cause: `${url} ${cause}`, next });
}

const CERTIFICATE = [
  "shows a certificate that nobody we know has signed",
  "Give the certificate of its authority as ca_file.",
] as const;

const NETWORK: Readonly<Record<string, readonly [cause: string, next: string]>> = {
  ECONNREFUSED: ["is not reached: nothing listens there", "Start the web server, or check host and port in url."],
  ECONNRESET: ["breaks the connection off", "Look into the error log of the web server; check http or https in url."],
  ENOTFOUND: ["is not reached: its host is not known", "Check the host in url."],
  EAI_AGAIN: ["is not reached: host names cannot be looked up", "Check the name server of this machine."],
  ETIMEDOUT: ["is not reached in time", "Check the network between here and there."],
  EHOSTUNREACH: ["is not reached: there is no way to its host", "Check the network between here and there."],
  EPROTO: ["does not speak TLS", "Give an http address, or the right port."],
  CERT_HAS_EXPIRED: ["shows a certificate that has expired", "Renew the certificate of the web server."],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "shows a certificate of another name",
    "Give the name in url that the certificate has.",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
};
