/** A server that speaks like Icinga 2's API, for the faults that a real one does not have on demand. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { type Certificate, readCertificate } from "./certificates.ts";

type Attrs = Readonly<Record<string, unknown>>;

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Attrs;
}

const TYPES = {
  hosts: "Host",
  services: "Service",
  dependencies: "Dependency",
  timeperiods: "TimePeriod",
  comments: "Comment",
  downtimes: "Downtime",
};

/** The server; what it says can be changed at any time. */
export class FakeIcinga2 {
  hosts: Attrs[] = [];
  services: Attrs[] = [];
  dependencies: Attrs[] = [];
  timeperiods: Attrs[] = [];
  comments: Attrs[] = [];
  downtimes: Attrs[] = [];
  permissions: string[] = ["*"];
  readonly asked: Asked[] = [];
  /** Answers in place of the usual way where it returns true. */
  instead: (asked: Asked, answer: ServerResponse) => boolean = () => false;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();

  constructor(certificate: Certificate, clients: { readonly ca: Buffer } | undefined = undefined) {
    const asking = clients === undefined ? {} : { ...clients, requestCert: true, rejectUnauthorized: true };
    this.#server = createServer({ ...readCertificate(certificate), ...asking }, (request, answer) => {
      void this.#take(request, answer);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** How many clients listen to events. */
  get listeners(): number {
    return this.#streams.size;
  }

  /** How often objects of a type were asked for. */
  count(path: string): number {
    return this.asked.filter((asked) => asked.path === path).length;
  }

  /** Writes to all who listen to events. */
  send(bytes: string | Buffer): void {
    for (const stream of this.#streams) {
      stream.write(bytes);
    }
  }

  /** Ends all streams of events, as a reload does. */
  endStreams(): void {
    for (const stream of this.#streams) {
      stream.end();
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) {
      await once(this.#server, "close");
    }
  }

  async #take(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request) {
      text += piece;
    }
    const { method = "", url: path = "", headers } = request;
    const asked = { method, path, headers, body: text === "" ? {} : JSON.parse(text) };
    this.asked.push(asked);
    if (!this.instead(asked, answer)) {
      this.#answer(asked, answer);
    }
  }

  #answer({ path, body }: Asked, answer: ServerResponse): void {
    const type = path.replace("/v1/objects/", "") as keyof typeof TYPES;
    if (path === "/v1") {
      results(answer, [{ user: "dotm", permissions: this.permissions, version: "r2.13.6-1" }]);
    } else if (path === "/v1/events") {
      answer.writeHead(200, { "content-type": "application/json" }).flushHeaders();
      this.#streams.add(answer);
      answer.on("close", () => this.#streams.delete(answer));
    } else if (type in TYPES) {
      const names = body[type] as readonly string[] | undefined;
      const found = this[type].filter((attrs) => names === undefined || names.includes(nameOf(attrs)));
      results(
        answer,
        found.map((attrs) => ({ attrs, joins: {}, meta: {}, name: nameOf(attrs), type: TYPES[type] })),
      );
    } else {
      refuse(answer, 404, "The requested path could not be found.");
    }
  }
}

/** An error as Icinga 2 tells it. */
export function refuse(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: status, status: text }));
}

function results(answer: ServerResponse, list: readonly object[]): void {
  answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ results: list }));
}

function nameOf(attrs: Attrs): string {
  return attrs["host_name"] === undefined ? `${attrs["name"]}` : `${attrs["host_name"]}!${attrs["name"]}`;
}
