/** What the agent costs: one look at many sockets, a minute of rest, a short connection, a report. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ended, printed, processorMilliseconds, startCrowd, startReader } from "../crowd.js";
import { memoryOf } from "../running-daemon.js";
import { milliseconds } from "../whole-process.js";

const FEW = 1_000;
const SHORT = 5_000;
const MINUTE = 60_000;

function inWords(sockets) {
  return `${sockets.toLocaleString("en-US")} sockets of 50 processes, half of them IPv6`;
}

async function prepareCrowd({ root, say }, sockets) {
  say(`connecting ${sockets} sockets`);
  const crowd = await startCrowd(sockets);
  const reader = startReader(crowd.enter);
  return { ...crowd, reader, sockets, root, agent: join(root, "dist/dotm-agent.mjs") };
}

async function stopCrowd({ reader, stop }) {
  await reader.stop();
  await stop();
}

/** A look; `anew` having forgotten everything, else the third one at least, as every minute brings one. */
async function look({ reader, sockets }, anew) {
  if (!anew) {
    await reader.ask({});
  }
  const answer = await reader.ask({ anew });
  if (answer.sockets < sockets) {
    throw new Error(`${answer.sockets} of ${sockets} sockets were seen`);
  }
  return answer;
}

function within({ enter }, ...command) {
  const [program, ...args] = [...enter, ...command];
  return milliseconds(program, args);
}

/** Listing with processes: the same tools by the clock and by the processor. */
function lookRow(name, sockets, rounds) {
  return {
    name,
    title: `List ${inWords(sockets)}, with their processes`,
    unit: "ms",
    rounds,
    reference: "ss -tnpH",
    prepare: (context) => prepareCrowd(context, sockets),
    contenders: [
      { name: "cat /proc/net/tcp*", run: (state) => within(state, "cat", "/proc/net/tcp", "/proc/net/tcp6") },
      { name: "ss -tnH (no process)", run: (state) => within(state, "ss", "-tnH") },
      { name: "ss -tnpH", run: (state) => within(state, "ss", "-tnpH") },
      { name: "netstat -antp", run: (state) => within(state, "netstat", "-antp") },
      { name: "dotm-agent once", run: (state) => within(state, process.execPath, state.agent, "once") },
      { name: "DOTM, first look", run: async (state) => (await look(state, true)).ms },
      { name: "DOTM, next look", run: async (state) => (await look(state, false)).ms },
    ],
    goals: [
      { contender: "DOTM, first look", floor: 0.7, moonshot: 0.35 },
      { contender: "DOTM, next look", floor: 0.4, moonshot: 0.15 },
    ],
    cleanup: stopCrowd,
    note: "DOTM's looks end with the packed report: UDP and Unix sockets, grouping and gzip are part of them. `dotm-agent once` includes the start of Node.",
  };
}

export const rows = [
  lookRow("sockets-20k", 20_000, 7),
  lookRow("sockets-50k", 50_000, 5),
  {
    name: "sockets-processor",
    title: `Processor time to list ${inWords(20_000)}, with their processes`,
    unit: "ms",
    rounds: 5,
    reference: "ss -tnpH",
    prepare: (context) => prepareCrowd(context, 20_000),
    contenders: [
      { name: "ss -tnpH", run: ({ enter }) => processorMilliseconds([...enter, "ss", "-tnpH"]) },
      { name: "netstat -antp", run: ({ enter }) => processorMilliseconds([...enter, "netstat", "-antp"]) },
      { name: "DOTM, first look", run: async (state) => (await look(state, true)).cpu },
      { name: "DOTM, next look", run: async (state) => (await look(state, false)).cpu },
    ],
    goals: [{ contender: "DOTM, next look", floor: 0.6 }],
    cleanup: stopCrowd,
  },
  {
    name: "agent-report-size",
    title: `Size of what travels for ${inWords(20_000)}`,
    unit: "KiB",
    rounds: 1,
    reference: "ss -tnpH",
    prepare: (context) => prepareCrowd(context, 20_000),
    contenders: [
      { name: "ss -tnpH", run: ({ enter }) => sizeOf([...enter, "ss", "-tnpH"]) },
      { name: "netstat -antp", run: ({ enter }) => sizeOf([...enter, "netstat", "-antp"]) },
      {
        name: "ss -tnpH, gzipped",
        run: ({ enter }) => sizeOf(["sh", "-c", '"$@" | gzip', "sh", ...enter, "ss", "-tnpH"]),
      },
      { name: "DOTM", run: async (state) => (await look(state, true)).bytes / 1024 },
    ],
    cleanup: stopCrowd,
  },
  {
    name: "agent-at-rest",
    title: `Processor time of a running agent over a minute, at ${inWords(FEW)}, one report in that minute`,
    unit: "% of one core",
    rounds: 1,
    reference: "promised",
    prepare: prepareRunning,
    contenders: [
      { name: "promised", run: async () => 0.5 },
      {
        name: "dotm-agent run",
        run: async ({ agent }) => {
          const begun = ticksOf(agent.pid);
          await setTimeout(MINUTE);
          return ((ticksOf(agent.pid) - begun) * 10 * 100) / MINUTE;
        },
      },
    ],
    goals: [{ contender: "dotm-agent run", floor: 1 }],
    cleanup: stopRunning,
    note: "With the kernel's trace events, which everything else on the machine also feeds.",
  },
  {
    name: "agent-memory",
    title: `Memory of a running agent at ${inWords(FEW)}`,
    unit: "MiB",
    rounds: 1,
    reference: "promised",
    prepare: prepareRunning,
    contenders: [
      { name: "promised", run: async () => 60 },
      { name: "node -e 0", run: async () => bareNode() },
      {
        name: "dotm-agent run",
        run: async ({ agent, reports }) => {
          await reports(3);
          return memoryOf(agent.pid).now;
        },
      },
    ],
    goals: [{ contender: "dotm-agent run", floor: 1 }],
    cleanup: stopRunning,
  },
  {
    name: "short-connections-cost",
    title: `Processor time of who watches, for each of ${SHORT.toLocaleString("en-US")} connections that come and go`,
    unit: "µs",
    rounds: 5,
    reference: "ss -E",
    prepare: prepareWatching,
    contenders: [
      { name: "ss -E", run: costOfSs },
      { name: "DOTM, trace events", run: (state) => costOfDotm(state) },
    ],
    goals: [{ contender: "DOTM, trace events", floor: 4, moonshot: 2 }],
    cleanup: stopWatching,
    note: "Both ends are on this machine. `ss -E` prints both ends of each and knows no process.",
  },
  {
    name: "short-connections-seen",
    title: "Of 1,000 connections of 5 ms between two looks, those seen, and those seen with the process at both ends",
    unit: "%",
    moreIsBetter: true,
    rounds: 3,
    reference: "made",
    prepare: prepareWatching,
    contenders: [
      { name: "made", run: async () => 100 },
      { name: "netstat -antp, once a minute", run: seenByNetstat },
      { name: "DOTM, seen", run: async (state) => (await seenByDotm(state)).seen },
      { name: "DOTM, with both processes", run: async (state) => (await seenByDotm(state)).named },
    ],
    goals: [
      { contender: "DOTM, seen", floor: 0.99, moonshot: 1 },
      { contender: "DOTM, with both processes", floor: 0.99, moonshot: 1 },
    ],
    cleanup: stopWatching,
  },
];

async function sizeOf(command) {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let bytes = 0;
  child.stdout.on("data", (chunk) => {
    bytes += chunk.length;
  });
  await once(child, "close");
  return bytes / 1024;
}

/** An agent as it is installed, beside a crowd, and a server that takes what it sends. */
async function prepareRunning(context) {
  const crowd = await startCrowd(FEW);
  let taken = 0;
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      taken += 1;
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const args = ["run", "--server", url, "--spool", join(context.folder, "spool"), "--interval", "60"];
  const agent = spawn(process.execPath, [join(context.root, "dist/dotm-agent.mjs"), ...args], { stdio: "ignore" });
  const reports = async (wanted) => {
    // The first one at once, the second within a minute.
    for (let waited = 0; taken < Math.min(wanted, 2) && waited < 130; waited += 1) {
      await setTimeout(1_000);
    }
  };
  await reports(1);
  return { ...crowd, agent, server, reports };
}

async function stopRunning({ agent, server, stop }) {
  await ended(agent);
  server.close();
  await stop();
}

async function bareNode() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000); console.log('up')"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await printed(child, "up");
  const { now } = memoryOf(child.pid);
  await ended(child);
  return now;
}

/** Clock ticks of 10 ms that a process and the children it waited for have spent. */
function ticksOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
}

async function prepareWatching({ root }) {
  const talker = join(root, "test/support/talker.js");
  const server = spawn(process.execPath, [talker, "short-server", "serve", "127.0.0.1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = Number((await printed(server, "listening")).split(" ")[1]);
  const talk = async (count, ms) => {
    const words = ["short-client", "talk", "127.0.0.1", String(port), String(count), String(ms)];
    await once(spawn(process.execPath, [talker, ...words], { stdio: "inherit" }), "exit");
  };
  const reader = startReader([]);
  const { level } = await reader.ask({ watch: true });
  return { server, port, talk, reader, level };
}

async function stopWatching({ server, reader }) {
  await reader.stop();
  await ended(server);
}

async function costOfSs({ talk }) {
  const child = spawn("stdbuf", ["-oL", "ss", "-tnEHO"], { stdio: ["ignore", "ignore", "inherit"] });
  await setTimeout(300);
  const begun = ticksOf(child.pid);
  await talk(SHORT, 0);
  await setTimeout(300);
  const spent = ticksOf(child.pid) - begun;
  await ended(child);
  return (spent * 10_000) / SHORT;
}

async function costOfDotm({ reader, talk, level }) {
  if (level !== "tracefs") {
    return undefined;
  }
  await reader.ask({ spent: true });
  await talk(SHORT, 0);
  await setTimeout(300);
  return ((await reader.ask({ spent: true })).cpu * 1_000) / SHORT;
}

async function seenByNetstat({ talk, port }) {
  await talk(1_000, 5);
  // Where it comes at a moment without one, as nearly all moments are, it sees what is left of them: no process.
  const child = spawn("sh", ["-c", `netstat -antp | grep ESTABLISHED | grep -c ":${port} " || true`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  return Number(text) / 20;
}

async function seenByDotm({ reader, talk, port, level }) {
  if (level !== "tracefs") {
    return {};
  }
  await reader.ask({});
  await talk(1_000, 5);
  const { opened } = await reader.ask({});
  const count = (direction, name) =>
    opened
      .filter((row) => row.port === port && row.direction === direction && (name === undefined || row.name === name))
      .reduce((sum, { times }) => sum + times, 0);
  const share = (...counts) => Math.min(...counts) / 10;
  return {
    seen: share(count("in"), count("out")),
    named: share(count("in", "short-server"), count("out", "short-client")),
  };
}
