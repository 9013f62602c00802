/**
 * The whole daemon on a large generated site: status.dat replaced by rename, agents' reports pushed over HTTP, the map in
 * a redis-server of its own. Everything lives in one temporary folder and ends with `stop`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { writeSite } from "./generate-site.js";

const LISTENERS = [
  ["nginx", 80],
  ["mysqld", 3306],
  ["redis-server", 6379],
  ["sshd", 22],
];

/**
 * Starts it and waits until the first picture is in Redis.
 *
 * @param {import("./rounds.js").Context} context
 * @param {{ hosts: number, services: number, agents: number, log?: boolean }} size `agents`: hosts that report; `log`:
 *   follow a nagios.log, empty at first
 */
export async function startDaemon(context, size) {
  const { folder: shared, say } = context;
  const folder = join(shared, `site-${process.hrtime.bigint()}`);
  mkdirSync(join(folder, "var"), { recursive: true });
  const status = join(folder, "var/status.dat");
  const objects = join(folder, "var/objects.cache");
  const log = size.log === true ? join(folder, "var/nagios.log") : undefined;
  if (log !== undefined) {
    writeFileSync(log, "");
  }
  const site = { hosts: size.hosts, services: size.services, created: Math.floor(Date.now() / 1000) - 600 };
  say(`writing ${size.hosts} hosts × ${size.services} services`);
  writeSite({ ...site, tick: 0, status, objects });
  const followed = log === undefined ? "" : `, log_file: ${log}`;
  const source = `{ name: bench, type: status-file, status_file: ${status}, objects_file: ${objects}${followed} }`;
  const server = await startServer(context, source);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await until(async () => (await server.map.llen("dotm::nodes")) >= size.hosts, 120);
  say(`${size.agents} agents report`);
  await pushReports(server.url, hostNames(status).slice(0, size.agents));
  return { ...server, folder, site, status, objects, log, stop };
}

/**
 * Starts a daemon with a redis-server of its own and waits until its pages are served.
 *
 * @param {import("./rounds.js").Context} context
 * @param {string} source a source as dotm.yaml says it; none where empty
 */
export async function startServer(context, source = "") {
  const { folder, socket, stop: stopRedis } = await startEmptyRedis(context.folder);
  const daemon = await startDaemonOn({ ...context, folder }, socket, source);
  const stop = async () => {
    await daemon.stop();
    await stopRedis();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...daemon, stop };
}

/** A redis-server that keeps nothing on disk, in a folder of its own. */
export async function startEmptyRedis(shared) {
  const folder = join(shared, `daemon-${process.hrtime.bigint()}`);
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, "redis.sock");
  const redis = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await printed(redis, /ready to accept/i);
  return { folder, socket, stop: () => end(redis) };
}

/** Starts a daemon on a Redis that runs and waits until its pages are served; `roles` as dotm.yaml has them. */
export async function startDaemonOn({ folder, root, say }, socket, source = "", roles = "engine,collector,worker,web") {
  const config = join(folder, "dotm.yaml");
  writeFileSync(
    config,
    `data_dir: ${join(folder, "data")}
redis: { url: "unix:${socket}" }
web: { listen: "127.0.0.1:0" }
agents: { auth: none }
log: { level: info, format: json }
sources: [${source}]
roles: [${roles}]
`,
  );
  say("starting the daemon");
  const daemon = spawn(process.execPath, [join(root, "bin/dotm.js"), "serve", "--config", config], {
    // As its unit sets it.
    env: { ...process.env, MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = (await printed(daemon, /https?:\/\/127\.0\.0\.1:\d+\//))[0];
  const map = new Redis(socket);
  const stop = async () => {
    map.disconnect();
    await end(daemon);
  };
  return { map, pid: daemon.pid, url, stop };
}

async function end(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}

/** Writes the next tick beside status.dat, so that putting it into place is one rename. */
export function writeTick({ folder, site }, tick) {
  const status = join(folder, "next.dat");
  writeSite({ ...site, tick, status });
  return status;
}

/** Milliseconds from the rename of `next` over status.dat until `key` is in Redis. */
export async function renameUntil({ status, map }, next, key) {
  const begun = performance.now();
  renameSync(next, status);
  await keyIs(map, key, true);
  return performance.now() - begun;
}

/** Waits until `key` is in Redis, or is not. */
export async function keyIs(map, key, there) {
  await until(async () => ((await map.exists(key)) === 1) === there, 60, 2);
}

/** MiB of memory of a process now and at most, as the kernel tells it. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) / 1024;
  return { now: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
}

/** MiB of a file. */
export function sizeOf(file) {
  return statSync(file).size / 2 ** 20;
}

async function printed(child, pattern) {
  for await (const line of createInterface({ input: child.stdout ?? child.stderr })) {
    const match = pattern.exec(line);
    if (match !== null) {
      (child.stdout ?? child.stderr).resume();
      return match;
    }
  }
  throw new Error(`${child.spawnfile} ended before it printed ${pattern}`);
}

/** Waits until something holds, asking every so many milliseconds. */
export async function until(is, seconds, every = 50) {
  const end = performance.now() + seconds * 1000;
  while (!(await is())) {
    if (performance.now() > end) {
      throw new Error(`not within ${seconds} s`);
    }
    await delay(every);
  }
}

function hostNames(status) {
  const text = readFileSync(status, "utf8");
  return [...text.matchAll(/^hoststatus \{\n\thost_name=(.*)$/gm)].map((match) => match[1]);
}

/** Each host's web server talks to the databases of the next two. */
async function pushReports(url, hosts) {
  const address = (number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  const time = new Date().toISOString();
  const owner = { unit: null, container: null, netns: null };
  for (const [number, host] of hosts.entries()) {
    const report = {
      version: 1,
      host,
      agent: "dotm-bench/1",
      time,
      interval: 3600,
      sequence: 1,
      boot: "bench",
      ips: [address(number)],
      listeners: LISTENERS.map(([process, port]) => ({ proto: "tcp", address: "0.0.0.0", port, process, ...owner })),
      connections: [1, 2].map((next) => ({
        direction: "out",
        proto: "tcp",
        process: "nginx",
        ...owner,
        localAddress: address(number),
        localPort: null,
        remoteAddress: address((number + next) % hosts.length),
        remotePort: 3306,
        count: 4,
        opened: 4,
        lastSeen: time,
      })),
      unix: [],
      processes: [],
      capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
    };
    const answer = await fetch(`${url}api/v1/agents/report`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-dotm-sent": time },
      body: JSON.stringify(report),
    });
    if (!answer.ok) {
      throw new Error(`a report was answered ${answer.status}: ${await answer.text()}`);
    }
    await answer.arrayBuffer();
  }
}
