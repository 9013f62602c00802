/** The past: what a snapshot takes and weighs, what every change between two weighs, how soon a moment is there again. */
import { readFileSync, renameSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { startDaemon, writeTick } from "../running-daemon.js";

const SITE = { hosts: 1_000, services: 10, agents: 1_000 };
const IN_WORDS = "1,000 hosts, 10,000 service checks, 1,000 agents";

const LOG = "dotm::history::log";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** One daemon for all rows of a run; ends with the last. */
let shared;
let users = 0;

async function prepare(context) {
  users += 1;
  shared ??= await makeSite(context);
  return shared;
}

async function makeSite(context) {
  const running = await startDaemon(context, SITE);
  const at = (path) => import(`${context.root}/dist/src/store/${path}.js`);
  const [take, reader, live, redis] = await Promise.all(
    ["history-take", "history-reader", "redis-map-reader", "redis"].map(at),
  );
  const options = { socket: running.map.options.path };
  const client = await redis.connectStore(options, SILENT);
  const now = () => Date.now() / 1000;
  const present = new live.RedisMapReader(client, options, SILENT);
  const past = () =>
    new reader.HistoryReader(client, options, { logger: SILENT, now, settings: () => present.settings() });
  const snapshot = () => take.takeSnapshot(client, { now, onRefused: () => undefined });
  const state = { ...running, client, present, past, snapshot, tick: 0 };
  await snapshot();
  await nextTick(state);
  return state;
}

async function cleanup(state) {
  users -= 1;
  if (users === 0) {
    shared = undefined;
    state.client.disconnect();
    await state.stop();
  }
}

/** Puts the next tick into place and waits until its changes are written and the log rests. */
async function nextTick(state) {
  state.tick += 1;
  const begun = await lastEntry(state);
  renameSync(writeTick(state, state.tick), state.status);
  for (let last = begun, now = ""; last === begun || now !== last; ) {
    [last, now] = [await lastEntry(state), ""];
    await delay(1_500);
    now = await lastEntry(state);
  }
}

async function lastEntry({ map }) {
  return (await map.xrevrange(LOG, "+", "-", "COUNT", 1))[0]?.[0] ?? "";
}

/** What a snapshot holds, as Redis itself would give it away. */
async function dumped({ map }) {
  const members = async (kind) => map.smembers(`dotm::index::${kind}`);
  const keys = [
    ...(await map.lrange("dotm::nodes", 0, -1)).map((host) => `dotm::nodes::${host}`),
    ...(await members("graphs")).map((host) => `dotm::graph::${host}`),
    ...(await members("notes")).map((host) => `dotm::notes::${host}`),
    ...(await members("host-checks")).map((host) => `dotm::checks::nodes::${host}`),
    ...(await members("service-checks")).map((host) => `dotm::checks::services::${host}`),
    ...(await map.zrange("dotm::impact::ranking", 0, -1)).map((problem) => `dotm::impact::${problem}`),
    ...["dotm::sources", "dotm::alarms"],
  ];
  const values = await Promise.all(keys.map((key) => map.dumpBuffer(key)));
  return Buffer.concat(values.map((value) => value ?? Buffer.alloc(0)));
}

async function timed(task) {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}

async function readAll(reader) {
  const hosts = await reader.nodes();
  await reader.graphs(hosts);
  await reader.checksOf(hosts);
  await reader.ranking(0, 1_000);
}

const kibibytes = (bytes) => bytes / 1024;

export const rows = [
  {
    name: "history-size",
    title: `One snapshot of ${IN_WORDS}, compressed`,
    unit: "KiB",
    rounds: 3,
    reference: "DUMP of the same keys, gzip",
    prepare,
    contenders: [
      { name: "DUMP of the same keys", run: async (state) => kibibytes((await dumped(state)).length) },
      { name: "DUMP of the same keys, gzip", run: async (state) => kibibytes(gzipSync(await dumped(state)).length) },
      { name: "DOTM", run: async ({ snapshot }) => kibibytes((await snapshot()).bytes) },
    ],
    goals: [{ contender: "DOTM", floor: 0.8, moonshot: 0.5 }],
    cleanup,
    note: "A week of hourly snapshots is 168 times that.",
  },
  {
    name: "history-take",
    title: `Take one snapshot of ${IN_WORDS}`,
    unit: "ms",
    rounds: 5,
    reference: "DUMP of the same keys, gzip",
    prepare,
    contenders: [
      { name: "DUMP of the same keys, gzip", run: (state) => timed(async () => gzipSync(await dumped(state))) },
      { name: "DOTM", run: ({ snapshot }) => timed(snapshot) },
    ],
    goals: [{ contender: "DOTM", floor: 4, moonshot: 1 }],
    cleanup,
    note: "DOTM compresses outside the thread that serves, and reads each value to see whether it is one of its own.",
  },
  {
    name: "history-changes",
    title: `Every change of 10 s of ${IN_WORDS}; 1 % of the checks changed, and 3 % were checked again`,
    unit: "KiB",
    rounds: 5,
    reference: "status.dat, gzip",
    prepare,
    contenders: [
      { name: "status.dat, gzip", run: async ({ status }) => kibibytes(gzipSync(readFileSync(status)).length) },
      {
        name: "DOTM",
        run: async (state) => {
          const before = await state.map.memory("USAGE", LOG, "SAMPLES", 0);
          await nextTick(state);
          return kibibytes((await state.map.memory("USAGE", LOG, "SAMPLES", 0)) - before);
        },
      },
    ],
    goals: [{ contender: "DOTM", floor: 0.5, moonshot: 0.1 }],
    cleanup,
    note: "What `dotm::history::log` grows by in the memory of Redis. It is bounded by 64 MiB.",
  },
  {
    name: "history-restore",
    title: `All of ${IN_WORDS} as it was at a moment, from a snapshot and the changes since`,
    unit: "ms",
    rounds: 5,
    reference: "the present picture",
    prepare,
    contenders: [
      { name: "the present picture", run: ({ present }) => timed(() => readAll(present)) },
      {
        name: "DOTM",
        run: ({ past }) => timed(async () => readAll((await past().at(Math.floor(Date.now() / 1000))).reader)),
      },
    ],
    goals: [{ contender: "DOTM", floor: 8, moonshot: 2 }],
    cleanup,
  },
];
