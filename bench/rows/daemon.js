/** The whole daemon on a large site: how soon a change is readable in Redis, and how much memory it takes. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryOf, renameUntil, sizeOf, startDaemon, writeTick } from "../running-daemon.js";
import { newProblem } from "../status-difference.js";
import { milliseconds } from "../whole-process.js";

const LARGE = { hosts: 10_000, services: 10, agents: 1_000 };
const PROMISED = { hosts: 5_000, services: 10, agents: 5_000 };
const CGI = "/usr/lib/cgi-bin/nagios4/statusjson.cgi";

function inWords({ hosts, services, agents }) {
  const [h, c, a] = [hosts, hosts * services, agents].map((number) => number.toLocaleString("en-US"));
  return `${h} hosts and ${c} service checks, ${a} agents`;
}

async function prepare(context, size) {
  const running = await startDaemon(context, size);
  const { folder, status, objects } = running;
  const main = join(folder, "nagios.cfg");
  const cgi = join(folder, "cgi.cfg");
  writeFileSync(main, `status_file=${status}\nobject_cache_file=${objects}\n`);
  writeFileSync(cgi, `main_config_file=${main}\nuse_authentication=0\nphysical_html_path=/usr/share/nagios4/htdocs\n`);
  return { ...running, cgi, tick: 0 };
}

async function nextTick(state) {
  state.tick += 1;
  const next = writeTick(state, state.tick);
  const { host, check } = await newProblem(state.status, next);
  return renameUntil(state, next, `dotm::impact::${host}::${check}`);
}

async function cgiPage({ cgi }) {
  if (!existsSync(CGI)) {
    return undefined;
  }
  const query = "query=servicecount";
  const env = { NAGIOS_CGI_CONFIG: cgi, REQUEST_METHOD: "GET", QUERY_STRING: query };
  return milliseconds(CGI, [], { ...process.env, ...env });
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
      { name: "statusjson.cgi", run: cgiPage },
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
