/** The whole daemon on a large site: how soon a change is readable in Redis, and how much memory it takes. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryOf, renameUntil, sizeOf, startDaemon, writeTick } from "../running-daemon.js";
import { newProblem } from "../status-difference.js";
import { milliseconds } from "../whole-process.js";

const SIZE = { hosts: 10_000, services: 10 };
const CGI = "/usr/lib/cgi-bin/nagios4/statusjson.cgi";
const WHAT = `${SIZE.hosts.toLocaleString("en-US")} hosts and ${(SIZE.hosts * SIZE.services).toLocaleString("en-US")} service checks`;

async function prepare(context) {
  const running = await startDaemon(context, SIZE);
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
    title: `From the rename of a status.dat of ${WHAT}, 1 % of them changed, to the impact of a new problem in Redis`,
    unit: "ms",
    rounds: 5,
    reference: "statusjson.cgi",
    prepare,
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
    title: `Memory of a daemon that follows ${WHAT}`,
    unit: "MiB",
    rounds: 3,
    reference: "the file",
    prepare,
    contenders: [
      { name: "the file", run: async ({ status }) => sizeOf(status) },
      {
        name: "DOTM",
        run: async (state) => {
          await nextTick(state);
          return memoryOf(state.pid).now;
        },
      },
      { name: "DOTM, at most", run: async ({ pid }) => memoryOf(pid).peak },
    ],
    cleanup: ({ stop }) => stop(),
  },
];
