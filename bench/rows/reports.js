/** Agents' reports: how many a second are taken in, until what they changed is in Redis. */

import { isStored, makeReports, sendReports } from "../report-storm.js";
import { startServer } from "../running-daemon.js";

const SIZE = {
  hosts: Number(process.env.DOTM_BENCH_AGENTS ?? 10_000),
  rows: 200,
};
/** Milliseconds that a thousand reports may take. */
const PROMISED = 1_000;
/** Hosts that are looked at in Redis. */
const LOOKED_AT = 20;

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
