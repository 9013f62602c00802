/** Stands between a real agent and the server it reports to, and remembers what the server acknowledged. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Acknowledged } from "./simulated-agents.ts";

/** One door before one server. */
export class RecordingDoor {
  /** The newest report that was acknowledged. */
  acknowledged: Acknowledged | undefined;
  /** How many were. */
  accepted = 0;
  readonly #server: Server;
  readonly #target: string;

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = target;
    server.on("request", (asked, answer) => void this.#pass(asked, answer));
  }

  /** Opens one before the server at `target`, `http://127.0.0.1:PORT/`. */
  static async start(target: string): Promise<RecordingDoor> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new RecordingDoor(server, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    try {
      const body = await buffer(asked);
      const { host: _, connection: _closed, ...headers } = asked.headers;
      const told = await fetch(new URL(asked.url ?? "", this.#target), {
        method: asked.method ?? "POST",
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await told.text();
      if (told.status === 200) {
        const { boot, sequence } = JSON.parse(gunzipSync(body).toString()) as Acknowledged;
        this.acknowledged = { boot, sequence, at: Date.now() };
        this.accepted += 1;
      }
      answer.writeHead(told.status, { "content-type": "application/json" }).end(text);
    } catch {
      answer.destroy();
    }
  }
}
