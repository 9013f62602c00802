/** The whole daemon on a large site: how soon a change is readable in Redis, and how much memory it takes. */
import { cgiCount, writeCgiConfig } from "../peers.js";
import { memoryOf, renameUntil, sizeOf, startDaemon, writeTick } from "../running-daemon.js";
import { newProblem } from "../status-difference.js";
import { milliseconds } from "../whole-process.js";

const LARGE = { hosts: 10_000, services: 10, agents: 1_000 };
const PROMISED = { hosts: 5_000, services: 10, agents: 5_000 };

function inWords({ hosts, services, agents }) {
  const [h, c, a] = [hosts, hosts * services, agents].map((number) => number.toLocaleString("en-US"));
  return `${h} hosts and ${c} service checks, ${a} agents`;
}

async function prepare(context, size) {
  const running = await startDaemon(context, size);
  const cgi = writeCgiConfig(running.folder, running);
  return { ...running, cgi, tick: 0 };
}

async function nextTick(state) {
  state.tick += 1;
  const next = writeTick(state, state.tick);
  const { host, check } = await newProblem(state.status, next);
  return renameUntil(state, next, `dotm::impact::${host}::${check}`);
}

export const rows = [
  {
    name: "rename-to-impact",
    title: `From the rename of a status.dat (${inWords(LARGE)}; 1 % changed) to the impact of a new problem in Redis`,
    unit: "ms",
    rounds: 5,
    reference: "statusjson.cgi",
    prepare: (context) => prepare(context, LARGE),
    contenders: [
      { name: "statusjson.cgi", run: ({ cgi }) => cgiCount(cgi) },
      { name: "wc -l", run: ({ status }) => milliseconds("wc", ["-l", status]) },
      { name: "DOTM", run: nextTick },
    ],
    goals: [{ contender: "DOTM", floor: 0.2, moonshot: 0.05 }],
    cleanup: ({ stop }) => stop(),
    note: "`statusjson.cgi` is one page that counts the states, as Nagios' own web pages read the same file for each page.",
  },
  {
    name: "daemon-memory",
    title: `Memory of a daemon that follows ${inWords(PROMISED)}`,
    unit: "MiB",
    rounds: 3,
    reference: "promised",
    prepare: (context) => prepare(context, PROMISED),
    contenders: [
      { name: "promised", run: async () => 512 },
      { name: "status.dat", run: async ({ status }) => sizeOf(status) },
      {
        name: "DOTM",
        run: async (state) => {
          await nextTick(state);
          return memoryOf(state.pid).now;
        },
      },
      { name: "DOTM, at most", run: async ({ pid }) => memoryOf(pid).peak },
    ],
    goals: [{ contender: "DOTM", floor: 1 }],
    cleanup: ({ stop }) => stop(),
  },
];
