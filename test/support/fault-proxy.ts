/** A TCP proxy that does to a connection what networks do: cuts, stalls, delays, drips. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What happens to everything that passes, from now on. */
export type Fault =
  | { readonly kind: "none" }
  /** Connections end, new ones too. */
  | { readonly kind: "drop" }
  /** Connections stay open and nothing passes. */
  | { readonly kind: "silence" }
  /** Each connection ends after so many bytes of answers: in the middle of one. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Answers come so many milliseconds late. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Answers come in such bites, one each 5 ms. */
  | { readonly kind: "drip"; readonly bytes: number };

/** One proxy before one port of loopback. */
export class FaultProxy {
  readonly port: number;
  private readonly server: Server;
  private readonly sockets: Set<Socket>;
  private fault: Fault = { kind: "none" };

  private constructor(server: Server, sockets: Set<Socket>) {
    this.server = server;
    this.sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Starts one before `target`. */
  static async start(target: number): Promise<FaultProxy> {
    const server = createServer();
    const sockets = new Set<Socket>();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new FaultProxy(server, sockets);
    server.on("connection", (client) => proxy.join(client, connect(target, "127.0.0.1")));
    return proxy;
  }

  /** Changes what happens. */
  set(fault: Fault): void {
    this.fault = fault;
    if (fault.kind === "drop" || fault.kind === "none") {
      // What was swallowed is gone for good, so a connection that was silent cannot go on.
      this.hangUp();
    }
  }

  async stop(): Promise<void> {
    this.hangUp();
    this.server.close();
    await once(this.server, "close");
  }

  private hangUp(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  private join(client: Socket, server: Socket): void {
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay();
      socket.on("error", end).on("close", () => {
        this.sockets.delete(socket);
        end();
      });
    }
    if (this.fault.kind === "drop") {
      end();
      return;
    }
    client.on("data", (bytes) => {
      if (this.fault.kind !== "silence") {
        server.write(bytes);
      }
    });
    let answered = 0;
    // Answers keep their order, however late each is.
    let last: Promise<unknown> = Promise.resolve();
    server.on("data", (bytes) => {
      last = last.then(() => this.answer(client, bytes, answered));
      answered += bytes.length;
    });
  }

  private async answer(client: Socket, bytes: Buffer, before: number): Promise<void> {
    const { fault } = this;
    switch (fault.kind) {
      case "cut":
        client.write(bytes.subarray(0, Math.max(0, fault.bytes - before)));
        if (before + bytes.length > fault.bytes) {
          client.end();
        }
        return;
      case "delay":
        await delay(fault.milliseconds);
        break;
      case "drip":
        for (let at = 0; at < bytes.length && !client.destroyed; at += fault.bytes) {
          client.write(bytes.subarray(at, at + fault.bytes));
          await delay(5);
        }
        return;
      case "silence":
        return;
      default:
    }
    client.write(bytes);
  }
}
