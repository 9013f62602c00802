/** From a line in nagios.log to the impact in Redis, on a site where nothing else happens. */
import { appendFileSync } from "node:fs";
import { keyIs, startDaemon } from "../running-daemon.js";
import { fineCheck } from "../status-difference.js";

const SIZE = { hosts: 1_000, services: 10, agents: 1_000, log: true };

/** The target, milliseconds. */
const PROMISED = 50;

async function prepare(context) {
  const running = await startDaemon(context, SIZE);
  return { ...running, ...(await fineCheck(running.status)), time: Math.floor(Date.now() / 1000) };
}

/** Milliseconds from the line until the problem's impact is there; its recovery is waited for, too, but not counted. */
async function lineUntilImpact(state) {
  const { map, host, check } = state;
  const key = `dotm::impact::${host}::${check}`;
  const begun = performance.now();
  alert(state, "CRITICAL");
  await keyIs(map, key, true);
  const took = performance.now() - begun;
  alert(state, "OK");
  await keyIs(map, key, false);
  return took;
}

function alert(state, word) {
  state.time += 1;
  appendFileSync(state.log, `[${state.time}] SERVICE ALERT: ${state.host};${state.check};${word};HARD;3;bench\n`);
}

const [hosts, checks] = [SIZE.hosts, SIZE.hosts * SIZE.services].map((number) => number.toLocaleString("en-US"));

export const rows = [
  {
    name: "log-to-impact",
    title: `From a line in nagios.log to the impact in Redis (${hosts} hosts and ${checks} service checks, all with agents)`,
    unit: "ms",
    rounds: 25,
    reference: "promised",
    prepare,
    contenders: [
      { name: "promised", run: async () => PROMISED },
      { name: "DOTM", run: lineUntilImpact },
    ],
    goals: [{ contender: "DOTM", floor: 1 }],
    cleanup: ({ stop }) => stop(),
    note: "Redis is asked every 2 ms, so that a measurement is up to 2 ms too long.",
  },
];
