/** A server that takes reports as a test tells it to. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";

/** A request that came. */
export interface TakenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** What to answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Takes reports on a port of its own; `stop` frees the port, `start` takes the same one again. */
export class ReportServer {
  readonly taken: TakenRequest[] = [];
  answer: (request: TakenRequest) => Answer = () => ({ status: 200, body: "{}" });
  port = 0;
  #server: Server | undefined;
  readonly #waiting: { readonly count: number; readonly done: () => void }[] = [];

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const body = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
      const taken = { path: request.url ?? "", headers: request.headers, body };
      const { status, headers, body: text } = this.answer(taken);
      response.writeHead(status, headers).end(text);
      this.taken.push(taken);
      for (const waiting of this.#waiting.filter(({ count }) => this.taken.length >= count)) {
        waiting.done();
      }
    });
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  /** Resolves when so many requests have come. */
  until(count: number): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ count, done });
      if (this.taken.length >= count) {
        done();
      }
    });
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}`);
  }
}

/** A server that takes connections and never says a word. */
export async function silentServer(): Promise<{
  readonly url: URL;
  readonly connected: Promise<unknown>;
  readonly stop: () => void;
}> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => sockets.push(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  };
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    connected: once(server, "connection"),
    stop,
  };
}

/** A server that answers everything with another protocol, as a proxy for web sockets may. */
export async function switchingServer(): Promise<{ readonly url: URL; readonly stop: () => void }> {
  const server = createTcpServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { url, stop: () => server.close() };
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
