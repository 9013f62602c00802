/** Agents' reports: how many a second are taken in, until what they changed is in Redis. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isStored, makeReports, sendPaced, sendReports } from "../report-storm.js";
import { startDaemonOn, startEmptyRedis, startServer } from "../running-daemon.js";
import { startBare } from "../web/load.js";

const SIZE = {
  hosts: Number(process.env.DOTM_BENCH_AGENTS ?? 10_000),
  rows: 200,
};
/** Milliseconds that a thousand reports may take. */
const PROMISED = 1_000;
/** Hosts that are looked at in Redis. */
const LOOKED_AT = 20;

/** Reports a second at a collector, and for how many seconds; hosts that send them, and the rows of each. */
const PACE = { perSecond: 1_000, seconds: 10, hosts: 10_000, rows: 20 };
/** Milliseconds: the slowest of a hundred acknowledgements, and how late the event loop may be then. */
const ACKNOWLEDGED = 50;

/** A collector, and a bare server that acknowledges everything at once and keeps nothing. */
async function startCollector(context) {
  const { folder, socket, stop: stopRedis } = await startEmptyRedis(context.folder);
  const answer = join(folder, "answer.json");
  writeFileSync(answer, JSON.stringify({ ack: 1, dropped: 0, warnings: [] }));
  const bare = await startBare(answer, "application/json");
  const collector = await startDaemonOn({ ...context, folder }, socket, "", "collector");
  const stop = async () => {
    await bare.stop();
    await collector.stop();
    await stopRedis();
  };
  return { ...collector, bare: bare.url, stop, round: 0 };
}

/** What `slowest` says of the collector, and how late its event loop was at one of a hundred looks. */
async function paced(state) {
  await lateness(state.url);
  const slow = await slowest(state, state.url);
  state.late = await lateness(state.url);
  return slow;
}

/** Milliseconds that one of a hundred reports waited longer than. */
async function slowest(state, url) {
  state.round += 1;
  const took = await sendPaced(url, makeReports(PACE, state.round), PACE.perSecond);
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)];
}

async function lateness(url) {
  const text = await (await fetch(new URL("metrics", url))).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1]) * 1000;
}

async function storm(state, { changes = true, say = () => undefined } = {}) {
  state.round += 1;
  state.counted = changes ? state.round : state.counted;
  const reports = makeReports(SIZE, state.round, state.counted);
  const begun = performance.now();
  await sendReports(state.url, reports);
  say(`acknowledged ${Math.round(SIZE.hosts / ((performance.now() - begun) / 1000))} a second`);
  for (let at = 1; at <= LOOKED_AT; at += 1) {
    const host = Math.floor((SIZE.hosts * at) / LOOKED_AT) - 1;
    while (!(await isStored(state.map, SIZE, host, state.round, state.counted))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return ((performance.now() - begun) / SIZE.hosts) * 1000;
}

export const rows = [
  {
    name: "push-acknowledged",
    title: `Until 99 of 100 reports are acknowledged, on the disk by then: ${PACE.perSecond.toLocaleString("en-US")} a second of ${PACE.rows} rows`,
    unit: "ms",
    rounds: 3,
    reference: "promised",
    prepare: startCollector,
    contenders: [
      { name: "promised", run: async () => ACKNOWLEDGED },
      { name: "DOTM", run: paced },
      { name: "DOTM, event loop late", run: async (state) => state.late },
      { name: "node:http that keeps nothing", run: (state) => slowest(state, state.bare) },
    ],
    goals: [
      { contender: "DOTM", floor: 1 },
      { contender: "DOTM, event loop late", floor: 1 },
    ],
    cleanup: ({ stop }) => stop(),
    note:
      `A collector as a process of its own, for ${PACE.seconds} s each round, with Redis and who sends on the same machine. Reports are ` +
      "sent when they are due, however long those before take. What a bare server needs is the share of who sends.",
  },
  {
    name: "reports-taken-in",
    title: `A thousand reports of ${SIZE.rows} rows from ${SIZE.hosts.toLocaleString("en-US")} hosts, until their changes are in Redis`,
    unit: "ms",
    rounds: 3,
    reference: "promised",
    prepare: async (context) => {
      const state = { ...(await startServer(context)), round: 0, counted: 0 };
      context.say("every host reports for the first time");
      await storm(state, { say: context.say });
      return state;
    },
    contenders: [
      { name: "promised", run: async () => PROMISED },
      { name: "DOTM", run: (state) => storm(state) },
      { name: "DOTM, only times", run: (state) => storm(state, { changes: false }) },
    ],
    goals: [{ contender: "DOTM", floor: 1, moonshot: 0.5 }],
    cleanup: ({ stop }) => stop(),
    note:
      "Sent, journalled, computed and stored on one machine, by 64 connections; of the rows 2.5 % change from report to " +
      "report, or only times do. Looked for are the changed edges and the stored report of twenty hosts, the last one sent " +
      "among them.",
  },
];
