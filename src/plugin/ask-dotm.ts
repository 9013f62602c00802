/** Questions to the API of DOTM, by Node's own HTTP alone: a plugin starts every minute for every check. */
import { readFileSync } from "node:fs";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { listField, objectOf, textField } from "../../nagios/json-field.ts";
import type { JsonFields } from "../../nagios/json-rows.ts";
import type { Options } from "./options.ts";

/** Bytes of one answer at most. */
const LARGEST = 16 * 1024 * 1024;

/** Pages of one list at most: a million hosts. */
const MOST_PAGES = 1000;

/** An answer that is no answer, for people; `status` of HTTP where there was one. */
export class AnswerError extends Error {
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

/** How the modes ask. */
export interface Dotm {
  /** One document; parameters that are null are left out. @throws AnswerError */
  get(path: string, parameters?: Readonly<Record<string, string | null>>): Promise<JsonFields>;
  /** All items of a list, page by page. @throws AnswerError */
  list(path: string, parameters?: Readonly<Record<string, string | null>>): Promise<readonly JsonFields[]>;
}

/** Asks where the options say; `note` is told every address. */
export function askDotm(options: Options, note: (line: string) => void): Dotm {
  const get: Dotm["get"] = async (path, parameters = {}) => {
    const url = new URL(path, options.url.href.endsWith("/") ? options.url : `${options.url.href}/`);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null) {
        url.searchParams.set(name, value);
      }
    }
    note(`GET ${url.href}`);
    // The contract of addresses knows no plus for a space.
    url.search = url.search.replaceAll("+", "%20");
    return answerOf(await asked(url, options));
  };
  const list: Dotm["list"] = async (path, parameters = {}) => {
    const items: JsonFields[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: JsonFields = await get(path, { limit: "1000", ...parameters, cursor });
      items.push(...listField(answer, "items").map(objectOf));
      cursor = textField(answer, "next");
      if (cursor === "") {
        break;
      }
    }
    return items;
  };
  return { get, list };
}

async function asked(url: URL, options: Options): Promise<IncomingMessage> {
  const how: RequestOptions & { ca?: Buffer } = {
    headers: { accept: "application/json", connection: "close", ...authorization(options) },
    agent: false,
    ...(options.socket === null ? {} : { socketPath: options.socket }),
    ...(options.caFile === null ? {} : { ca: readFileSync(options.caFile) }),
  };
  const send = url.protocol === "https:" ? (await import("node:https")).request : request;
  return new Promise((resolve, reject) => {
    send(url, how, resolve)
      .on("error", (error: NodeJS.ErrnoException) => {
        reject(new AnswerError(`no answer from ${options.socket ?? url.origin}: ${error.code ?? error.message}`));
      })
      .end();
  });
}

function authorization({ tokenFile }: Options): Record<string, string> {
  return tokenFile === null ? {} : { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` };
}

async function answerOf(response: IncomingMessage): Promise<JsonFields> {
  const { statusCode = 0 } = response;
  const body = parsedBody(await textOf(response));
  if (statusCode !== 200) {
    throw new AnswerError(refusal(body ?? {}, statusCode), statusCode);
  }
  if (body === undefined || textField(body, "apiVersion") !== "dotm/v1") {
    throw new AnswerError("what answers there is not DOTM");
  }
  return body;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += (chunk as Buffer).length;
    if (size > LARGEST) {
      throw new AnswerError(`the answer is larger than ${LARGEST} bytes`);
    }
  }
  return Buffer.concat(chunks).toString();
}

/** What an answer with another status says, as RFC 9457 has it. */
function refusal(body: JsonFields, status: number): string {
  const detail = textField(body, "detail") || textField(body, "title");
  const names = listField(body, "suggestions").filter((each) => typeof each === "string");
  const meant = names.length === 0 ? "" : ` Did you mean ${names.slice(0, 3).join(", ")}?`;
  return `${detail === "" ? `DOTM answers with status ${status}` : detail}${meant}`;
}

function parsedBody(text: string): JsonFields | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
