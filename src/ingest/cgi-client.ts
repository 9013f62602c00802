/** Asks the CGIs of one server, one request at a time, and hands on the rows of their answers while they arrive. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { type JsonRow, JsonRows } from "../../nagios/json-rows.ts";
import type { HiddenText } from "../model/settings.ts";
import { type AskedCgi, answerFault, CgiFault, networkFault, statusFault } from "./cgi-fault.ts";
import { endAtUpgrade } from "./end-at-upgrade.ts";
import { mostObjects } from "./most-objects.ts";

/** Where the CGIs are and who asks them. */
export interface CgiServer {
  /** The folder of the CGIs, with or without a slash at its end. */
  readonly url: string;
  readonly user: string | null;
  /** Basic authentication where both are given. */
  readonly password: HiddenText | null;
  /** Certificate authority, PEM; null for the system's. */
  readonly ca: string | null;
  /** Seconds. */
  readonly patience?: CgiPatience;
  /** Rows of one answer at most. */
  readonly most?: number;
}

/** How long an answer may take, seconds. */
export interface CgiPatience {
  /** Without a byte: Nagios needs a minute before the first one on a site of 100,000 checks. */
  readonly silence: number;
  readonly total: number;
}

/** What is asked. */
export interface CgiQuery {
  /** `statusjson.cgi`, … */
  readonly program: string;
  /** `name=value` words, joined by `&`. */
  readonly query: string;
  /** Where the rows are (see JsonRows). */
  readonly lists: ReadonlyMap<string, number>;
}

/** What an answer says beside its rows. */
export interface CgiAnswered {
  /** The server's clock when it answered, Unix seconds; undefined where it does not say. */
  readonly date: number | undefined;
  /** Rows that could not be read. */
  readonly broken: number;
}

const PATIENCE: CgiPatience = { silence: 180, total: 600 };

/** A site of 100,000 checks takes 130 MB; more than this is no honest answer. Only one row is held at a time. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Nagios writes names in the locale that the request asks for, and can write only ASCII where the server has none of
 * those. So the request names many, and the first one that is there is taken.
 */
const LANGUAGES =
  "en-US, en-GB, de-DE, fr-FR, es-ES, it-IT, nl-NL, pl-PL, pt-BR, pt-PT, sv-SE, cs-CZ, ru-RU, ja-JP, zh-CN";

/** The client. */
export class CgiClient {
  readonly #server: CgiServer;
  #running: AbortController | undefined;

  constructor(server: CgiServer) {
    this.#server = server;
  }

  /** Whom we say we are, null for nobody. */
  get user(): string | null {
    return this.#server.password === null ? null : this.#server.user;
  }

  /** The address of a CGI, to be told: without user and password where the url holds them. */
  address(program: string): string {
    return this.#whole(program).replace(/^(https?:\/\/)[^/?#]*@/i, "$1");
  }

  #whole(program: string): string {
    return `${this.#server.url.replace(/\/+$/, "")}/${program}`;
  }

  /**
   * Asks once; `onRow` gets each row of the answer.
   * @throws CgiFault where there is no whole answer; some rows may have been handed on then
   */
  async ask({ program, query, lists }: CgiQuery, onRow: (row: JsonRow) => void): Promise<CgiAnswered> {
    const asked: AskedCgi = { url: this.address(program), user: this.user };
    const { silence, total } = this.#server.patience ?? PATIENCE;
    const running = new AbortController();
    this.#running = running;
    const over = setTimeout(() => running.abort(slow(asked, `within ${total} s`)), total * 1000);
    try {
      const onSilence = () => running.abort(slow(asked, `for ${silence} s`));
      const answer = await this.#send(
        `${this.#whole(program)}?${query}`,
        { signal: running.signal, timeout: silence * 1000 },
        onSilence,
      );
      if (answer.statusCode !== 200) {
        answer.destroy();
        throw statusFault(asked, answer.statusCode ?? 0, answer.headers.location);
      }
      const rows = new JsonRows(lists, counting(onRow, this.#server.most ?? mostObjects(), asked));
      await readBody(answer, rows, asked);
      const date = Date.parse(answer.headers.date ?? "") / 1000;
      return { date: Number.isNaN(date) ? undefined : date, broken: rows.broken };
    } catch (error) {
      throw faultOf(asked, running.signal.aborted ? running.signal.reason : error);
    } finally {
      clearTimeout(over);
      this.#running = undefined;
    }
  }

  /** Breaks off what is being asked. */
  stop(): void {
    this.#running?.abort(new Error("stopped"));
  }

  #send(url: string, limits: RequestOptions, onSilence: () => void): Promise<IncomingMessage> {
    const { user, password, ca } = this.#server;
    const auth = user === null || password === null ? {} : { auth: `${user}:${password.reveal()}` };
    const headers = { Accept: "application/json", "Accept-Language": LANGUAGES };
    const options: RequestOptions = { ...auth, ...limits, headers, agent: false };
    return new Promise((resolve, reject) => {
      const request = url.startsWith("https:")
        ? httpsRequest(url, ca === null ? options : { ...options, ca }, resolve)
        : httpRequest(url, options, resolve);
      request.on("timeout", onSilence);
      request.on("error", reject);
      endAtUpgrade(request, reject);
      request.end();
    });
  }
}

async function readBody(answer: IncomingMessage, rows: JsonRows, asked: AskedCgi): Promise<void> {
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) {
      throw tooLarge(asked, `${MOST_BYTES} bytes`);
    }
    rows.feed(chunk);
  }
  const fault = rows.finish();
  if (fault !== undefined) {
    throw answerFault(asked, fault);
  }
}

/** Refuses rows beyond so many. */
function counting(onRow: (row: JsonRow) => void, most: number, asked: AskedCgi): (row: JsonRow) => void {
  let count = 0;
  return (row) => {
    count += 1;
    if (count > most) {
      throw tooLarge(asked, `${most} rows`);
    }
    onRow(row);
  };
}

function tooLarge({ url }: AskedCgi, most: string): CgiFault {
  const next = "Read its status.dat or Livestatus instead: a source of type nagios or livestatus.";
  return new CgiFault({ reason: "too large", cause: `${url} answers more than ${most}`, next });
}

function faultOf(asked: AskedCgi, error: unknown): CgiFault {
  if (error instanceof CgiFault) {
    return error;
  }
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET" && (error as Error).message === "aborted") {
    return answerFault(asked, "cut");
  }
  return networkFault(asked, error);
}

function slow({ url }: AskedCgi, long: string): CgiFault {
  const next = "Look at the load of the server; large sites are better read through status.dat or Livestatus.";
  return new CgiFault({ reason: "no answer", cause: `${url} does not answer ${long}`, next });
}
