/** Compares what is stored with what is known to be so: reports that were acknowledged, states that were told. */
import { gunzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { type Acknowledged, witnessOf } from "./simulated-agents.ts";
import type { SimulatedCheck } from "./simulated-nagios.ts";

/** Hosts whose report, or what the engine makes of it, is older than what was acknowledged. */
export async function lostReports(redis: Redis, acknowledged: ReadonlyMap<string, Acknowledged>): Promise<string[]> {
  const lost: string[] = [];
  for (const [host, { boot, sequence }] of acknowledged) {
    const [report, listener] = await Promise.all([
      storedReport(redis, host),
      redis.hget(`dotm::services::${host}::9999`, "process"),
    ]);
    if (report.boot !== boot || report.sequence !== sequence) {
      lost.push(`${host}: report ${sequence} was acknowledged, ${report.sequence ?? "none"} is stored`);
    } else if (listener !== witnessOf(sequence)) {
      lost.push(`${host}: report ${sequence} is stored, the map has ${listener} for ${witnessOf(sequence)}`);
    }
  }
  return lost;
}

/** Hosts whose stored report is older than one that was acknowledged before a time, in milliseconds. */
export async function lateReports(
  redis: Redis,
  acknowledged: ReadonlyMap<string, Acknowledged>,
  before: number,
): Promise<string[]> {
  const late: string[] = [];
  for (const [host, { boot, sequence, at }] of acknowledged) {
    if (at < before) {
      const report = await storedReport(redis, host);
      if (report.boot !== boot || (report.sequence ?? 0) < sequence) {
        late.push(`${host}: ${sequence} acknowledged at ${new Date(at).toISOString()}, ${report.sequence} is stored`);
      }
    }
  }
  return late;
}

async function storedReport(redis: Redis, host: string): Promise<Partial<Acknowledged>> {
  const stored = await redis.getBuffer(`dotm::reports::${host}`);
  return stored === null ? {} : JSON.parse(gunzipSync(stored).toString());
}

/**
 * Checks whose stored state is not the one told, and problems that are missing or should be gone; only of those that did not
 * change since `before`, milliseconds.
 */
export async function wrongStates(
  redis: Redis,
  checks: readonly SimulatedCheck[],
  before = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const wrong: string[] = [];
  const stored = new Map<string, string>();
  for (const host of new Set(checks.map((check) => check.host))) {
    const [own, services] = await Promise.all([
      redis.get(`dotm::checks::nodes::${host}`),
      redis.lrange(`dotm::checks::services::${host}`, 0, -1),
    ]);
    for (const text of [...(own === null ? [] : [own]), ...services]) {
      const { service, status } = JSON.parse(text) as { service?: string; status: string };
      stored.set(`${host}\n${service ?? ""}`, status);
    }
  }
  for (const told of checks) {
    const { host, check } = told;
    const is = stored.get(`${host}\n${check ?? ""}`);
    const hasImpact = (await redis.exists(`dotm::impact::${host}::${check ?? "_HOST_"}`)) === 1;
    // What was told may have changed while Redis was asked.
    const { state, since } = told;
    const name = `${host} / ${check ?? "host"} is ${state} since ${new Date(since * 1_000).toISOString()}`;
    if (since * 1_000 >= before) {
      continue;
    }
    if (is !== state) {
      wrong.push(`${name}, stored is ${is}`);
    }
    if (hasImpact !== (state !== "OK" && state !== "UP")) {
      wrong.push(`${name}, ${hasImpact ? "an" : "no"} impact is stored`);
    }
  }
  return wrong;
}
