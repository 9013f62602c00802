/** Sends by HTTP: certificates always checked, redirects never followed, answers bounded. */
import { readFileSync } from "node:fs";
import { type IncomingMessage, type RequestOptions, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { Secret } from "../config/secret.ts";
import { DotmError, messageOf } from "../errors.ts";

/** Whom to trust, and who we are. */
export interface HttpPlace {
  readonly url: string;
  /** The only authority that is trusted; null: the system's. */
  readonly caFile: string | null;
  /** Name that the certificate must be for; null: the host in `url`. */
  readonly servername?: string | null;
  /** Certificate of ours and its key. */
  readonly certFile?: string | null;
  readonly keyFile?: string | null;
}

/** An answer. */
export interface Posted {
  readonly status: number;
  /** Its beginning. */
  readonly body: string;
}

const MOST_OF_ANSWER = 64 * 1024;

/** Posts a body below the place's address; rejects with DOTM_NOTIFY_FAILED where nobody answers. */
export async function post(
  place: HttpPlace,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Posted> {
  try {
    return await sendOnce(place, body, headers, signal);
  } catch (error) {
    const { origin } = new URL(place.url);
    const next = "Look whether it runs, and what its certificate is for: url, ca_file.";
    throw new DotmError("DOTM_NOTIFY_FAILED", `${origin} cannot be reached (${messageOf(error)}).`, next, {
      cause: error,
    });
  }
}

/** The header of a login by name and password. */
export function basicLogin(user: string, password: Secret | null): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password?.reveal() ?? ""}`).toString("base64")}` };
}

function sendOnce(
  place: HttpPlace,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Posted> {
  const url = new URL(place.url);
  const request = url.protocol === "https:" ? requestTls : requestPlain;
  const options: RequestOptions = {
    ...{ method: "POST", signal, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
    ...(url.protocol === "https:" ? trust(place) : {}),
  };
  return new Promise((resolve, reject) => {
    const sending = request(url, options, (answer) => {
      beginning(answer).then((text) => resolve({ status: answer.statusCode ?? 0, body: text }), reject);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

function trust({ caFile, servername = null, certFile = null, keyFile = null }: HttpPlace): object {
  return {
    rejectUnauthorized: true,
    ...(caFile === null ? {} : { ca: readFileSync(caFile) }),
    ...(servername === null ? {} : { servername }),
    ...(certFile === null ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === null ? {} : { key: readFileSync(keyFile) }),
  };
}

async function beginning(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of answer.setEncoding("utf8")) {
    text += piece as string;
    if (text.length > MOST_OF_ANSWER) {
      break;
    }
  }
  return text.slice(0, MOST_OF_ANSWER);
}
