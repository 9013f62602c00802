/** Asks `dotm-agent serve` for its report: `GET /report`, over TLS where a certificate authority is named. */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { timeLimit } from "../../agent/time-limit.ts";
import type { PullConfig } from "../config/config-value.ts";
import { messageOf } from "../errors.ts";
import { FetchFault, MAX_ANSWER, socketFault } from "./fetch-fault.ts";

/** What `dotm-agent serve` is asked for. */
const REPORT = "/report";

/** Rejects with FetchFault. Files are read each time, so that a new token works at once. `total` in milliseconds. */
export async function fetchAgent(
  pull: Extract<PullConfig, { type: "agent" }>,
  total: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const where = `${pull.address} port ${pull.port}`;
  const token = pull.tokenFile === null ? undefined : readGiven(pull.tokenFile).trim();
  const ca = pull.caFile === null ? undefined : readGiven(pull.caFile);
  const limit = timeLimit(signal, total);
  const options = {
    host: pull.address,
    port: pull.port,
    path: REPORT,
    agent: false as const,
    signal: limit,
    headers: { accept: "application/json", "accept-encoding": "gzip", ...bearer(token) },
  };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked =
        ca === undefined
          ? requestHttp(options, resolve)
          : requestHttps({ ...options, ...tlsOf(pull.host, ca) }, resolve);
      asked.on("error", reject).end();
    });
    return await bodyOf(answer, where);
  } catch (error) {
    if (error instanceof FetchFault) {
      throw error;
    }
    throw limit.aborted
      ? new FetchFault(`${where} did not answer within ${total / 1000} s`)
      : socketFault(error, where);
  }
}

/** The certificate may be for the name in the monitoring, too: the address is often one that no certificate names. */
function tlsOf(host: string, ca: string) {
  const identity = (address: string, certificate: PeerCertificate) =>
    checkServerIdentity(host, certificate) && checkServerIdentity(address, certificate);
  return { ca, checkServerIdentity: identity };
}

function bearer(token: string | undefined): { authorization?: string } {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

async function bodyOf(answer: IncomingMessage, where: string): Promise<Buffer> {
  if (answer.statusCode !== 200) {
    answer.destroy();
    const why = answer.statusCode === 401 ? "wants another token" : `answered with status ${answer.statusCode}`;
    throw new FetchFault(`${where} ${why}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER) {
      throw new FetchFault(`${where} sent more than ${MAX_ANSWER} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function readGiven(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new FetchFault(`cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}
