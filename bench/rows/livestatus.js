/** Livestatus of a large site: everything at first, then what changed; how long others wait meanwhile, and memory. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HOSTS = 10_000;
const SERVICES = 10;
const CHURN = 0.01;
const SERVER = fileURLToPath(new URL("../livestatus-server.js", import.meta.url));
const READER = fileURLToPath(new URL("../livestatus-reader.js", import.meta.url));
const STDIO = { stdio: ["ignore", "ignore", "inherit", "ipc"] };

async function prepare({ folder, say }) {
  say(`making answers for ${HOSTS} hosts × ${SERVICES} services`);
  const socket = join(folder, `live-${process.hrtime.bigint()}`);
  const server = fork(SERVER, [socket, HOSTS, SERVICES, CHURN].map(String), STDIO);
  await answerOf(server);
  const reader = fork(READER, [socket], STDIO);
  const state = { server, reader, socket };
  state.bytes = (await ask(reader, "keep")).bytes;
  return state;
}

async function ask(reader, deed) {
  reader.send(deed);
  return await answerOf(reader);
}

async function answerOf(child) {
  const over = new AbortController();
  try {
    const [answer] = await Promise.race([
      once(child, "message", { signal: over.signal }),
      once(child, "exit", { signal: over.signal }).then(() => Promise.reject(new Error("a process ended"))),
    ]);
    return answer;
  } finally {
    over.abort();
  }
}

function expectTold({ changed }, least, most) {
  if (changed < least || changed > most) {
    throw new Error(`${changed} states were told where ${least} to ${most} were expected`);
  }
}

async function first({ reader }, key) {
  const answer = await ask(reader, "first");
  expectTold(answer, HOSTS * (SERVICES + 1), HOSTS * (SERVICES + 1));
  return answer[key];
}

async function again({ reader }, key) {
  await ask(reader, "again");
  const answer = await ask(reader, "again");
  expectTold(answer, HOSTS * SERVICES * CHURN, HOSTS * SERVICES * CHURN);
  return answer[key];
}

async function cleanup({ server, reader }) {
  for (const child of [reader, server]) {
    child.kill();
    await once(child, "exit");
  }
}

/** Memory of a process of its own that has done the deeds. */
async function memory({ socket }, deeds) {
  const reader = fork(READER, [socket], STDIO);
  try {
    let rss = 0;
    for (const deed of deeds) {
      rss = (await ask(reader, deed)).rss;
    }
    return rss;
  } finally {
    reader.kill();
    await once(reader, "exit");
  }
}

const SIZE = `${HOSTS.toLocaleString("en-US")} hosts and ${(HOSTS * SERVICES).toLocaleString("en-US")} service checks`;
const PARSE = "JSON.parse";

export const rows = [
  {
    name: "livestatus",
    title: `Ask Livestatus for ${SIZE}, with their configuration; then again, where 1 % changed and 2 % are in trouble`,
    unit: "ms",
    rounds: 7,
    reference: PARSE,
    prepare,
    contenders: [
      { name: PARSE, run: async ({ reader }) => (await ask(reader, "parse")).ms },
      { name: "DOTM, everything", run: (state) => first(state, "ms") },
      { name: "DOTM, what changed", run: (state) => again(state, "ms") },
    ],
    goals: [
      { contender: "DOTM, everything", floor: 5, moonshot: 2 },
      { contender: "DOTM, what changed", floor: 0.5, moonshot: 0.1 },
    ],
    cleanup,
    note: "`JSON.parse` parses the same bytes, which it holds already, and does nothing with them. DOTM's time has the way over a Unix socket in it.",
  },
  {
    name: "livestatus-block",
    title: `Longest time in which nothing else gets its turn, while Livestatus is asked for ${SIZE}`,
    unit: "ms",
    rounds: 7,
    reference: PARSE,
    prepare,
    contenders: [
      { name: PARSE, run: async ({ reader }) => (await ask(reader, "parse")).block },
      { name: "DOTM, everything", run: (state) => first(state, "block") },
      { name: "DOTM, what changed", run: (state) => again(state, "block") },
    ],
    goals: [{ contender: "DOTM, everything", floor: 1, moonshot: 0.2 }],
    cleanup,
    note: "`JSON.parse` of all answers one after the other, as a client does that reads each as a whole.",
  },
  {
    name: "livestatus-memory",
    title: `Peak memory of a process that asks Livestatus for ${SIZE}, then twice for what changed`,
    unit: "MiB",
    rounds: 3,
    reference: "the answers",
    prepare,
    contenders: [
      { name: "the answers", run: async ({ bytes }) => bytes / 2 ** 20 },
      { name: PARSE, run: (state) => memory(state, ["keep", "parse"]) },
      { name: "DOTM", run: (state) => memory(state, ["first", "again", "again"]) },
    ],
    goals: [{ contender: "DOTM", against: PARSE, floor: 1 }],
    cleanup,
    note: "A Node process that does nothing takes about 45 MiB. DOTM holds every state, so that only what differs is told.",
  },
];
