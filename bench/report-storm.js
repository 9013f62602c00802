/** Agents of a large site in one process: what they send is made before the clock starts. */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

/** Connections to the server that are open at once. */
const PARALLEL = 64;
/** Milliseconds after which a connection without a request is closed: a second before the server does, so that no request meets that. */
const IDLE = 4_000;
const OWNER = { unit: null, container: null, netns: null };

/** Address of a host, and its name. */
const address = (number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
export const nameOf = (number) => `host${String(number).padStart(5, "0")}`;

/**
 * The gzipped report of each host. Half of its rows are connections to other hosts, half those of others to it; of
 * every forty connections one has another count than in the round before.
 *
 * @param {{ hosts: number, rows: number }} size
 * @param {number} round 1 or more
 * @param {number} counted round of the counts, an earlier one where nothing is to change but times
 */
export function makeReports({ hosts, rows }, round, counted = round) {
  const time = new Date().toISOString();
  const half = Math.floor(rows / 2);
  return Array.from({ length: hosts }, (_, host) => {
    const rowOf = (direction, step) => ({
      direction,
      proto: "tcp",
      process: direction === "in" ? "mysqld" : "php-fpm",
      ...OWNER,
      localAddress: address(host),
      localPort: direction === "in" ? 3306 : null,
      remoteAddress: address((host + (direction === "in" ? hosts - step : step)) % hosts),
      remotePort: direction === "out" ? 3306 : null,
      count: countOf(step, counted),
      opened: 3,
      lastSeen: time,
    });
    const steps = Array.from({ length: half }, (_, at) => at + 1);
    const report = {
      version: 1,
      host: nameOf(host),
      agent: "dotm-bench/1",
      time,
      interval: 3600,
      sequence: round,
      boot: "bench",
      ips: [address(host)],
      listeners: [{ proto: "tcp", address: "0.0.0.0", port: 3306, process: "mysqld", ...OWNER }],
      connections: [...steps.map((step) => rowOf("out", step)), ...steps.map((step) => rowOf("in", step))],
      unix: [],
      processes: [],
      capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
    };
    return gzipSync(JSON.stringify(report), { level: 1 });
  });
}

function countOf(step, round) {
  return step % 40 === round % 40 ? 100 + round : 10;
}

/** Sends all reports and resolves when each was acknowledged. */
export async function sendReports(url, reports) {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL, timeout: IDLE });
  const rest = reports.values();
  const sender = async () => {
    for (const report of rest) {
      await post(new URL("api/v1/agents/report", url), agent, report);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, sender));
  agent.destroy();
}

/**
 * Sends so many reports a second, whether those before were acknowledged or not, and resolves to the milliseconds that
 * each took from when it was due.
 */
export async function sendPaced(url, reports, perSecond) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 * PARALLEL, timeout: IDLE });
  const begun = performance.now();
  const sending = [];
  while (sending.length < reports.length) {
    const due = Math.min(reports.length, ((performance.now() - begun) / 1000) * perSecond);
    while (sending.length < due) {
      const dueAt = begun + (sending.length / perSecond) * 1000;
      const sent = post(new URL("api/v1/agents/report", url), agent, reports[sending.length]);
      sending.push(sent.then(() => performance.now() - dueAt));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const took = await Promise.all(sending);
  agent.destroy();
  return took;
}

async function post(url, agent, body) {
  const headers = {
    "content-type": "application/json",
    "content-encoding": "gzip",
    "content-length": body.length,
    "x-dotm-sent": new Date().toISOString(),
  };
  const sent = request(url, { method: "POST", agent, headers });
  sent.end(body);
  const [answer] = await once(sent, "response");
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 200) {
    throw new Error(`a report was answered ${answer.statusCode}`);
  }
}

/** Whether a host's report of a round is in Redis: its changed edges, and the report itself for the next leader. */
export async function isStored(map, { hosts }, host, round, counted = round) {
  const [edges, stored] = await Promise.all([
    map.hgetall(`dotm::edges::${nameOf(host % hosts)}`),
    map.getBuffer(`dotm::reports::${nameOf(host % hosts)}`),
  ]);
  const changed = Object.values(edges).some((edge) => JSON.parse(edge).count === 100 + counted);
  return changed && stored !== null && JSON.parse(gunzipSync(stored)).sequence === round;
}
