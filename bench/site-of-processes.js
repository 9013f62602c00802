/**
 * A simulated site on this machine: hosts that report each minute, against one Redis, two collectors, one engine and two webs
 * as processes of their own. Prints what was acknowledged, how late the map was and what each process took.
 *
 *   npm run bench:site [-- --hosts 10000 --rows 20 --minutes 4 --restless 97]
 *
 * `--profile FOLDER` keeps a profile of the engine's processor time there (of V8, for Chromium's DevTools).
 *
 * Each report has other counts and times than the one before; one host in `restless` has another program at a port, too.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { Redis } from "ioredis";

const DOTM = fileURLToPath(new URL("../bin/dotm.js", import.meta.url));
const INTERVAL = 60;
const OWNER = { unit: null, container: null, netns: null };

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "10000" },
    rows: { type: "string", default: "20" },
    minutes: { type: "string", default: "4" },
    restless: { type: "string", default: "97" },
    profile: { type: "string" },
  },
});
const [hosts, rows, minutes] = [Number(values.hosts), Number(values.rows), Number(values.minutes)];
const restless = Number(values.restless);
/** Of so many hosts, one is looked after in Redis. */
const SAMPLED = 97;
const folder = mkdtempSync(join(tmpdir(), "dotm-site-"));
const children = [];

const address = (number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
const nameOf = (number) => `host${String(number).padStart(5, "0")}`;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const isRestless = (host) => host % SAMPLED === 0 || host % restless === 0;

/** A report: as many connections as `rows`, half of them to other hosts, half of others to it. A restless host's process is named after the round. */
function reportOf(host, round) {
  const time = new Date().toISOString();
  const rowOf = (direction, step) => ({
    ...{ direction, proto: "tcp", process: direction === "in" ? "mysqld" : "php-fpm", ...OWNER },
    ...{ localAddress: address(host), localPort: direction === "in" ? 3306 : null },
    remoteAddress: address((host + (direction === "in" ? hosts - step : step)) % hosts),
    ...{ remotePort: direction === "out" ? 3306 : null, count: 10 + (round % 3), opened: 3, lastSeen: time },
  });
  const steps = Array.from({ length: rows / 2 }, (_, at) => at + 1);
  return gzipSync(
    JSON.stringify({
      ...{ version: 1, host: nameOf(host), agent: "dotm-bench/1", time, interval: INTERVAL, sequence: round },
      ...{ boot: "bench", ips: [address(host)], unix: [], processes: [] },
      listeners: [
        { proto: "tcp", address: "0.0.0.0", port: 3306, process: "mysqld", ...OWNER },
        {
          proto: "tcp",
          address: "0.0.0.0",
          port: 9999,
          process: isRestless(host) ? `round${round}` : "steady",
          ...OWNER,
        },
      ],
      connections: [...steps.map((step) => rowOf("out", step)), ...steps.map((step) => rowOf("in", step))],
      capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
    }),
    { level: 1 },
  );
}

async function call(url, body) {
  const sent = request(url, {
    agent,
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-encoding": "gzip", "x-dotm-sent": new Date().toISOString() },
  });
  sent.end(body);
  const [answer] = await once(sent, "response");
  answer.resume();
  await once(answer, "end");
  return answer.statusCode;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function startRedis() {
  const port = await freePort();
  const child = spawn("redis-server", [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "yes",
    "--dir",
    folder,
  ]);
  children.push({ name: "redis", child });
  child.stdout.resume();
  await delay(1_000);
  return port;
}

async function startDotm(name, roles, redis) {
  const words = [
    "serve",
    "--roles",
    roles,
    "--data-dir",
    join(folder, name),
    "--listen",
    "127.0.0.1:0",
    "--url",
    redis,
  ];
  const node =
    values.profile !== undefined && roles === "engine" ? ["--cpu-prof", "--cpu-prof-dir", values.profile] : [];
  const child = spawn(process.execPath, [...node, DOTM, ...words, "--log-level", "warn"], {
    cwd: folder,
    env: { ...process.env, DOTM_AGENTS__AUTH: "none" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push({ name, child });
  let text = "";
  for await (const chunk of child.stderr) {
    text += chunk;
    const url = /DOTM serves (http:\S+)/.exec(text)?.[1];
    if (url !== undefined) {
      child.stderr.on("data", (line) => process.stderr.write(`${name}: ${line}`));
      return url;
    }
  }
  throw new Error(`${name} did not start: ${text}`);
}

/** Seconds of processor time and MB in memory of a process. */
function figuresOf({ child }) {
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ");
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1];
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, mb: Number(rss) / 1024 };
}

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
const spread = (list) => {
  const sorted = list.toSorted((a, b) => a - b);
  return `p50 ${quantile(sorted, 0.5).toFixed(0)} ms, p99 ${quantile(sorted, 0.99).toFixed(0)} ms, most ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms`;
};

/** One sample of how late the map is: a host reports, and its new process is waited for in Redis. */
async function lagOf(redis, host, round) {
  const begun = performance.now();
  while ((await redis.hget(`dotm::services::${nameOf(host)}::9999`, "process")) !== `round${round}`) {
    if (performance.now() - begun > 120_000) {
      return 120_000;
    }
    await delay(20);
  }
  return performance.now() - begun;
}

async function main() {
  const port = await startRedis();
  const url = `redis://127.0.0.1:${port}`;
  const engine = await startDotm("engine", "engine", url);
  const collectors = [await startDotm("collector1", "collector", url), await startDotm("collector2", "collector", url)];
  const webs = [await startDotm("web1", "web", url), await startDotm("web2", "web", url)];
  const redis = new Redis(port, "127.0.0.1");
  while (!(await (await fetch(`${engine}readyz`)).text()).includes("leads, last turn")) {
    await delay(200);
  }

  const seen = { sent: 0, refused: new Map(), acks: [], lags: [], pages: [], failedPages: 0, late: 0 };
  const started = performance.now();
  let before;
  const firstMinute = INTERVAL * 1_000;
  const end = started + firstMinute + minutes * 60_000;
  const steady = () => performance.now() - started > firstMinute;
  const pending = new Set();
  const send = async (host, round) => {
    const body = reportOf(host, round);
    const begun = performance.now();
    const url = new URL("api/v1/agents/report", collectors[host % 2]);
    // A kept connection may be closed while it is written into; agents try again, too.
    const status = await call(url, body)
      .catch(() => call(url, body))
      .catch((error) => error.code);
    seen.sent += 1;
    if (status !== 200) {
      seen.refused.set(status, (seen.refused.get(status) ?? 0) + 1);
    }
    if (steady()) {
      seen.acks.push(performance.now() - begun);
      if (host % SAMPLED === 0) {
        const minute = Math.floor((performance.now() - started) / 60_000);
        seen.lags.push({ minute, ms: await lagOf(redis, host, round) });
      }
    }
  };
  const reading = (async () => {
    for (let count = 0; performance.now() < end; count += 1) {
      const begun = performance.now();
      const status = await call(new URL(`host/${nameOf((count * 7919) % hosts)}`, webs[count % 2])).catch(() => 0);
      if (steady()) {
        seen.pages.push(performance.now() - begun);
        seen.failedPages += status === 200 ? 0 : 1;
      }
      await delay(250);
    }
  })();
  let due = 0;
  while (performance.now() < end) {
    const now = performance.now();
    if (before === undefined && steady()) {
      before = new Map(children.map((each) => [each.name, figuresOf(each).cpu]));
      before.at = now;
      before.sent = seen.sent;
    }
    const wanted = ((now - started) / 1_000) * (hosts / INTERVAL);
    for (; due < wanted; due += 1) {
      const run = send(due % hosts, 1 + Math.floor(due / hosts)).finally(() => pending.delete(run));
      pending.add(run);
    }
    seen.late = Math.max(seen.late, pending.size);
    await delay(20);
  }
  const seconds = (performance.now() - before.at) / 1_000;
  const used = children.map((each) => ({ name: each.name, ...figuresOf(each) }));
  await Promise.all([...pending, reading]);
  const memory = /^used_memory:(\d+)/m.exec(await redis.info("memory"))[1];
  const refused = [...seen.refused].map(([status, count]) => `${count} × ${status}`).join(", ");
  console.log(
    `${hosts} hosts, ${rows} connections each, every ${INTERVAL} s; one in ${restless} restless; ${availableParallelism()} cores for everything, the agents too`,
  );
  console.log(
    `${seconds.toFixed(0)} s after the first minute: ${seen.acks.length} reports (${(seen.acks.length / seconds).toFixed(0)}/s), refused in all ${refused || "none"}, waiting at most ${seen.late}`,
  );
  console.log(`acknowledged: ${spread(seen.acks)}`);
  // The first minute brings a whole site that is new: what it leaves to catch up with is not what it takes to keep up.
  for (const minute of new Set(seen.lags.map((each) => each.minute))) {
    const lags = seen.lags.filter((each) => each.minute === minute).map(({ ms }) => ms);
    console.log(`in the map, minute ${minute + 1}, from the acknowledgement: ${spread(lags)} (${lags.length} samples)`);
  }
  console.log(`pages: ${spread(seen.pages)}, ${seen.failedPages} of ${seen.pages.length} failed`);
  for (const { name, cpu, mb } of used) {
    console.log(
      `${name.padEnd(11)} ${(((cpu - before.get(name)) / seconds) * 100).toFixed(0).padStart(4)} % of a core, ${mb.toFixed(0)} MB`,
    );
  }
  console.log(`redis holds ${(Number(memory) / 2 ** 20).toFixed(0)} MB, ${await redis.dbsize()} keys`);
  redis.disconnect();
}

try {
  await main();
} finally {
  for (const { child } of children.toReversed()) {
    child.kill("SIGTERM");
  }
  await delay(3_000);
  for (const { child } of children) {
    child.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
  agent.destroy();
}
