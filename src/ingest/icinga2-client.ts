/** Asks Icinga 2's API over HTTPS. Certificates are always checked, redirects never followed. */
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { type Attrs, parseAttrs } from "../../nagios/icinga2-attrs.ts";
import { Icinga2Results } from "../../nagios/icinga2-results.ts";
import type { Secret } from "../config/secret.ts";
import { messageOf } from "../errors.ts";
import { endAtUpgrade } from "./end-at-upgrade.ts";
import { answerFault, connectionFault, Icinga2Fault } from "./icinga2-fault.ts";
import { mostObjects } from "./most-objects.ts";

/** Where the API is, and who asks. */
export interface Icinga2Server {
  /** `https://HOST:PORT`, a path allowed. */
  readonly url: string;
  readonly user: string | null;
  readonly password: Secret | null;
  /** The only authority that is trusted; null: the system's. */
  readonly caFile: string | null;
  /** Name that the certificate must be for; null: the host in `url`. */
  readonly servername: string | null;
  /** A certificate of ours, and its key, where Icinga 2 knows its user by one. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

/** One question. */
export interface Question {
  /** Below `/v1`: `objects/hosts`. Empty: who we are. */
  readonly path: string;
  /** Sent as JSON; absent: a GET. */
  readonly body?: object;
  /** Seconds without a byte after which nobody is there; the whole answer may take five times as long. */
  readonly patience: number;
  /** Permissions that it needs. */
  readonly wanted?: readonly string[];
}

/** What comes in single bytes is never silent: so many times the patience is the end of it. */
const WHOLE = 5;

/** Bytes of an answer that are read; a large site has a hundred megabytes, and only one object of it is held at a time. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Bytes of an error's body that are read. */
const MOST_OF_ERROR = 16 * 1024;

/** Seconds of silence after which the kernel asks whether the other side still is there. */
const KEEP_ALIVE = 30;

/** A client of one API; `close` ends its connections. */
export class Icinga2Client {
  readonly #server: Icinga2Server;
  readonly #agent: Agent;
  readonly #most: number;

  /**
   * `most`: objects of one answer; half as many hosts.
   * @throws Icinga2Fault where a file of certificates cannot be read; they are read anew for each client
   */
  constructor(server: Icinga2Server, most = mostObjects()) {
    this.#server = server;
    this.#most = most;
    const name = server.servername === null ? {} : { servername: server.servername };
    this.#agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: true, ...files(server), ...name });
  }

  /**
   * Asks, and hands each object of the answer on as it comes in; one that cannot be read is undefined.
   * @throws Icinga2Fault where the answer is not a whole list of results
   */
  async ask(question: Question, signal: AbortSignal, onResult: (result: Attrs | undefined) => void): Promise<void> {
    const isComplete = await this.#inTime(question, signal, async (limit) => {
      const answer = await this.#send(question, limit);
      try {
        return await this.#read(answer, this.#mostOf(question), onResult);
      } catch (error) {
        throw connectionFault(error, this.#server.url, this.#server.caFile);
      }
    });
    signal.throwIfAborted();
    if (!isComplete) {
      throw new Icinga2Fault("broken off", `${this.#server.url} broke its answer off`, "Look at Icinga 2's own log.");
    }
  }

  /**
   * Begins to listen; the stream does not end by itself.
   * @throws Icinga2Fault
   */
  async listen(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
    const stream = await this.#inTime(question, signal, (limit) => this.#send(question, limit));
    stream.socket.setTimeout(0);
    stream.socket.setKeepAlive(true, KEEP_ALIVE * 1000);
    return stream;
  }

  /** Ends all connections. */
  close(): void {
    this.#agent.destroy();
  }

  /** A host is made more of than a check. */
  #mostOf({ path }: Question): number {
    return path === "objects/hosts" ? this.#most / 2 : this.#most;
  }

  /** Reads an answer of so many objects to its end, or breaks it off where it never comes to one; whether it was whole. */
  async #read(answer: IncomingMessage, most: number, onResult: (result: Attrs | undefined) => void): Promise<boolean> {
    const results = new Icinga2Results();
    let [bytes, objects] = [0, 0];
    for await (const piece of answer as AsyncIterable<Buffer>) {
      const texts = results.take(piece);
      bytes += piece.length;
      objects += texts.length;
      if (bytes > MOST_BYTES || objects > most) {
        const next =
          "Is this the API of Icinga 2? A site that large needs a larger MemoryMax, or its zones as sources.";
        const cause = `${this.#server.url} answers with more than ${most} objects or ${MOST_BYTES} bytes`;
        throw new Icinga2Fault("too large", cause, next);
      }
      for (const text of texts) {
        onResult(parseAttrs(text));
      }
    }
    return results.isComplete;
  }

  /** Ends what takes too long, though there never was a silence. */
  async #inTime<T>({ patience }: Question, signal: AbortSignal, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), WHOLE * patience * 1000);
    try {
      return await work(AbortSignal.any([signal, late.signal]));
    } catch (error) {
      throw late.signal.aborted ? this.#silence("no whole answer", WHOLE * patience) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #send(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, caFile } = this.#server;
    let answer: IncomingMessage;
    try {
      answer = await this.#sendOnce(question, signal);
    } catch (error) {
      throw connectionFault(error, url, caFile);
    }
    if (answer.statusCode === 200) {
      return answer;
    }
    const body = await beginning(answer);
    throw answerFault(answer.statusCode ?? 0, body, url, question.wanted ?? []);
  }

  /** Sends once; a second time where a connection was used again that the server had just given up. */
  #sendOnce(question: Question, signal: AbortSignal, isAgain = false): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { body, patience } = question;
      const text = body === undefined ? "" : JSON.stringify(body);
      const asking = request(this.#url(question.path), {
        agent: this.#agent,
        method: body === undefined ? "GET" : "POST",
        headers: { ...this.#headers(question), "content-length": Buffer.byteLength(text) },
        timeout: patience * 1000,
        signal,
      });
      asking.on("response", resolve);
      asking.on("timeout", () => asking.destroy(this.#silence("no answer", patience)));
      asking.on("response", (answer) =>
        asking.on("timeout", () => answer.destroy(this.#silence("no answer", patience))),
      );
      asking.on("error", (error: NodeJS.ErrnoException) => {
        if (asking.reusedSocket && error.code === "ECONNRESET" && !isAgain) {
          this.#sendOnce(question, signal, true).then(resolve, reject);
        } else {
          reject(error);
        }
      });
      endAtUpgrade(asking, reject);
      asking.end(text);
    });
  }

  #silence(what: string, seconds: number): Icinga2Fault {
    const next = "Look whether Icinga 2 hangs or is stopped; what it said before still stands.";
    return new Icinga2Fault("no answer", `${this.#server.url} gave ${what} for ${seconds} s`, next);
  }

  #url(path: string): URL {
    const base = this.#server.url.replace(/\/+$/, "");
    return new URL(path === "" ? `${base}/v1` : `${base}/v1/${path}`);
  }

  #headers({ path, body }: Question): Record<string, string> {
    const { user, password } = this.#server;
    const login = user === null ? null : Buffer.from(`${user}:${password?.reveal() ?? ""}`).toString("base64");
    return {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      // A query with a body; without it Icinga 2 would take it for an order to change objects.
      ...(path.startsWith("objects/") ? { "x-http-method-override": "GET" } : {}),
      ...(login === null ? {} : { authorization: `Basic ${login}` }),
    };
  }
}

function files({ caFile, certFile, keyFile }: Icinga2Server) {
  return {
    ...(caFile === null ? {} : { ca: read("ca_file", caFile) }),
    ...(certFile === null ? {} : { cert: read("cert_file", certFile) }),
    ...(keyFile === null ? {} : { key: read("key_file", keyFile) }),
  };
}

function read(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const next = `Correct ${setting}, or let DOTM's user read it.`;
    throw new Icinga2Fault("file unreadable", `${file} cannot be read: ${messageOf(error)}`, next, error);
  }
}

async function beginning(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of answer) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size >= MOST_OF_ERROR) {
        break;
      }
    }
  } catch {
    // What came is enough to say what is wrong.
  }
  return Buffer.concat(pieces).subarray(0, MOST_OF_ERROR).toString("utf8");
}
