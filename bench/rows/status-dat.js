/** Reading a large status.dat: whole process, again in a running process, and how much memory that takes. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSite } from "../generate-site.js";
import { cgiCount, fetchNpmParser, npmParser, pynag, writeCgiConfig } from "../peers.js";
import { milliseconds } from "../whole-process.js";

const HOSTS = 10_000;
const SERVICES = 10;
const CHURN = 0.01;
const READER = fileURLToPath(new URL("../status-reader.js", import.meta.url));

/** Two states of one site, one tick apart; made once for all rows of a run. */
let site;

async function prepareSite({ folder, say }) {
  if (site === undefined) {
    say(`writing two states of ${HOSTS} hosts × ${SERVICES} services`);
    const write = (tick) => {
      const status = join(folder, `status-${tick}.dat`);
      writeSite({ hosts: HOSTS, services: SERVICES, status, objects, tick, churn: CHURN });
      return status;
    };
    const objects = join(folder, "objects.cache");
    const config = join(folder, "stats.cfg");
    site = { before: write(0), after: write(1), config };
    writeFileSync(config, `status_file=${site.before}\n`);
    const cgi = writeCgiConfig(folder, { status: site.before, objects });
    site = { ...site, cgi, npm: fetchNpmParser(join(folder, "npm")) };
  }
  return site;
}

async function prepareReader(context) {
  return { ...(await prepareSite(context)), child: fork(READER, { stdio: ["ignore", "ignore", "inherit", "ipc"] }) };
}

async function ask(child, message) {
  const over = new AbortController();
  child.send(message);
  try {
    const [answer] = await Promise.race([
      once(child, "message", { signal: over.signal }),
      once(child, "exit", { signal: over.signal }).then(() => Promise.reject(new Error("the reader ended"))),
    ]);
    if (answer.checks !== HOSTS * SERVICES) {
      throw new Error(`${answer.checks} service checks were read of ${HOSTS * SERVICES}`);
    }
    return answer;
  } finally {
    over.abort();
  }
}

async function readAll({ child, before }) {
  const { ms } = await ask(child, { file: before, anew: true });
  return ms;
}

async function readChanged({ child, before, after }) {
  await ask(child, { file: before });
  const { ms, changed } = await ask(child, { file: after });
  const expected = HOSTS * SERVICES * CHURN;
  if (changed < expected * 0.8 || changed > expected * 1.5) {
    throw new Error(`${changed} changes were found where about ${expected} were made`);
  }
  return ms;
}

async function endReader({ child }) {
  child.kill();
  await once(child, "exit");
}

const SIZE = `${HOSTS.toLocaleString("en-US")} hosts and ${(HOSTS * SERVICES).toLocaleString("en-US")} service checks`;
const cat = { name: "cat", run: ({ before }) => milliseconds("cat", [before]) };
const wc = { name: "wc -l", run: ({ before }) => milliseconds("wc", ["-l", before]) };

export const rows = [
  {
    name: "status-dat-cold",
    title: `Read a status.dat of ${SIZE} once, whole process`,
    unit: "ms",
    rounds: 7,
    reference: "wc -l",
    prepare: prepareSite,
    contenders: [
      cat,
      wc,
      { name: "node -e 0", run: () => milliseconds(process.execPath, ["-e", "0"]) },
      { name: "nagios4stats", run: ({ config }) => milliseconds("nagios4stats", ["-c", config]) },
      { name: "statusjson.cgi", run: ({ cgi }) => cgiCount(cgi) },
      { name: "nagios-status-parser (npm)", run: ({ npm, before }) => npmParser(npm, before) },
      { name: "pynag (Python)", run: ({ before }) => pynag(before) },
      { name: "DOTM", run: ({ before }) => milliseconds(process.execPath, [READER, before]) },
    ],
    goals: [{ contender: "DOTM", against: "nagios-status-parser (npm)", floor: 0.17, moonshot: 0.08 }],
    note: "`nagios4stats` and `statusjson.cgi`, in C, only count; the CGI reads objects.cache, too. `node -e 0` is the start of Node, which is part of DOTM's time.",
  },
  {
    name: "status-dat-again",
    title: `Read a status.dat of ${SIZE} in a running process`,
    unit: "ms",
    rounds: 7,
    reference: "wc -l",
    prepare: prepareReader,
    contenders: [
      cat,
      wc,
      { name: "statusjson.cgi", run: ({ cgi }) => cgiCount(cgi) },
      { name: "DOTM, all of it new", run: readAll },
      { name: "DOTM, 1 % changed", run: readChanged },
    ],
    goals: [
      { contender: "DOTM, 1 % changed", floor: 4, moonshot: 1.5 },
      { contender: "DOTM, 1 % changed", against: "statusjson.cgi", floor: 0.04, moonshot: 0.0125 },
    ],
    cleanup: endReader,
    note: "Reading the file is part of it; The others are whole processes. One tick of Nagios renews a time in every block; that is no change.",
  },
  {
    name: "status-dat-memory",
    title: `Peak memory of a process that reads a status.dat of ${SIZE}, then again with 1 % changed`,
    unit: "MiB",
    rounds: 3,
    reference: "the file",
    prepare: prepareSite,
    contenders: [
      { name: "the file", run: async ({ before }) => statSync(before).size / 2 ** 20 },
      {
        name: "DOTM",
        run: async (state) => {
          const reader = { ...state, child: fork(READER, { stdio: ["ignore", "ignore", "inherit", "ipc"] }) };
          await readChanged(reader);
          const { rss } = await ask(reader.child, { file: state.after });
          await endReader(reader);
          return rss;
        },
      },
    ],
    goals: [{ contender: "DOTM", floor: 2, moonshot: 1.5 }],
  },
];
