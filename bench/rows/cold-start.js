/** A daemon that takes over what another one remembered: how long until its map is written, and who has to wait meanwhile. */
import { gunzipSync } from "node:zlib";
import { Redis } from "ioredis";
import { makeReports, nameOf } from "../report-storm.js";
import { startDaemonOn, startEmptyRedis, until } from "../running-daemon.js";

const ROWS = 200;
const HOSTS = Math.ceil(Number(process.env.DOTM_BENCH_CONNECTIONS ?? 1_000_000) / ROWS);
/** Milliseconds that a page may be waited for; what is left of it is the garbage collector with a heap of more than a gigabyte. */
const PATIENCE = 1_000;
const DAY = 86_400;

/** Writes what an earlier daemon would have left of each host: its connections, its listener and its last report. */
async function fill(map, say) {
  const now = Math.floor(Date.now() / 1000) - 30;
  const reports = makeReports({ hosts: HOSTS, rows: ROWS }, 1);
  const listener = { protocol: "tcp", port: 3306, addresses: ["0.0.0.0"], process: "mysqld", owner: null };
  for (const [at, gzip] of reports.entries()) {
    const host = nameOf(at);
    const edges = JSON.parse(gunzipSync(gzip)).connections.flatMap((row) => edgeOf(host, row, now));
    const heard = JSON.stringify({ ...listener, firstSeen: now - DAY, lastSeen: now });
    await map
      .pipeline()
      .hset(`dotm::edges::${host}`, ...edges)
      .hset(`dotm::listeners::${host}`, "3306", heard)
      .set(`dotm::reports::${host}`, gzip)
      .sadd("dotm::index::edges", host)
      .sadd("dotm::index::listeners", host)
      .sadd("dotm::index::reports", host)
      .exec();
  }
  say(`${(HOSTS * ROWS).toLocaleString("en-US")} connections of ${HOSTS} hosts stored`);
}

function edgeOf(host, { direction, process, localPort, remotePort, remoteAddress, count }, now) {
  const port = direction === "in" ? localPort : remotePort;
  const seen = { firstSeen: now - DAY, lastSeen: now, rhythm: { run: now - DAY, gaps: 0, longest: 0 } };
  const what = { direction, process, owner: null, protocol: "tcp", port, remote: remoteAddress, count, path: null };
  return [`${direction}|${host}/${process}|tcp|${port}|${remoteAddress}`, JSON.stringify({ ...what, ...seen })];
}

/** The last start; it takes minutes, so that both rows tell of one. */
let last;

/** Starts the daemon; seconds until its map is written, and the longest that a page had to wait, in milliseconds. */
async function startCold(state) {
  const before = await state.map.get("dotm::marker");
  const begun = performance.now();
  const daemon = await startDaemonOn(state, state.socket);
  let waited = 0;
  let over = false;
  const asking = (async () => {
    while (!over) {
      const asked = performance.now();
      // A connection kept open would be found closed by a server that was busy for longer than that.
      await (await fetch(`${daemon.url}healthz`, { headers: { connection: "close" } })).text();
      waited = Math.max(waited, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await until(async () => ![null, before].includes(await state.map.get("dotm::marker")), 600);
  const seconds = (performance.now() - begun) / 1000;
  over = true;
  await asking;
  await daemon.stop();
  last = { seconds, waited };
  return last;
}

/** Seconds to read the same with a plain client, and to parse it. */
async function readPlainly({ map }) {
  const begun = performance.now();
  for (let at = 0; at < HOSTS; at += 100) {
    const names = Array.from({ length: Math.min(100, HOSTS - at) }, (_, next) => nameOf(at + next));
    const edges = await map.pipeline(names.map((name) => ["hgetall", `dotm::edges::${name}`])).exec();
    for (const [, fields] of edges) {
      for (const json of Object.values(fields)) {
        JSON.parse(json);
      }
    }
    const reports = await Promise.all(names.map((name) => map.getBuffer(`dotm::reports::${name}`)));
    for (const gzip of reports) {
      JSON.parse(gunzipSync(gzip));
    }
  }
  return (performance.now() - begun) / 1000;
}

async function prepare(context) {
  const { folder, socket, stop } = await startEmptyRedis(context.folder);
  const map = new Redis(socket);
  await fill(map, context.say);
  return { ...context, folder, socket, map, stop };
}

async function cleanup({ map, stop }) {
  map.disconnect();
  await stop();
}

const size = `${(HOSTS * ROWS).toLocaleString("en-US")} connections of ${HOSTS.toLocaleString("en-US")} hosts`;

export const rows = [
  {
    name: "cold-start",
    title: `From the start of the daemon until the map of ${size} is written, which another one remembered`,
    unit: "s",
    rounds: 1,
    cold: true,
    reference: "read and parsed only",
    prepare,
    contenders: [
      { name: "read and parsed only", run: readPlainly },
      {
        name: "DOTM",
        run: async (state) => {
          const { seconds, waited } = await startCold(state);
          state.say(`a page waited ${Math.round(waited)} ms at most`);
          return seconds;
        },
      },
    ],
    cleanup,
    note: "With the topology found, every key of the map written anew and what is left over of an earlier one looked for.",
  },
  {
    name: "cold-start-block",
    title: `Longest time that a page waits while the daemon takes over ${size}`,
    unit: "ms",
    rounds: 1,
    cold: true,
    reference: "wanted",
    prepare: (context) => (last === undefined ? prepare(context) : undefined),
    contenders: [
      { name: "wanted", run: async () => PATIENCE },
      { name: "DOTM", run: async (state) => (last ?? (await startCold(state))).waited },
    ],
    goals: [{ contender: "DOTM", floor: 1 }],
    cleanup: (state) => (state === undefined ? undefined : cleanup(state)),
    note: "The page is /healthz, which only says that the process lives.",
  },
];
