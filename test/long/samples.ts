/** What processes take while a long test runs: memory, lateness, queues; as a series with its slope and a small chart. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";

/** Where figures come from. */
export interface Watched {
  readonly url: string;
  readonly daemonPid: number;
  /** Undefined while the server is away. */
  readonly redisPid: () => number | undefined;
  readonly redis: Redis;
  /** Folder of the daemon's files. */
  readonly dataDir: string;
}

/** One look. Figures that could not be had are NaN. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  /** MiB. */
  readonly daemon: number;
  readonly heap: number;
  readonly external: number;
  readonly redis: number;
  readonly disk: number;
  /** Milliseconds. */
  readonly lagP99: number;
  readonly lagMax: number;
  /** Seconds of processor time so far. */
  readonly cpu: number;
  readonly files: number;
  /** Keys that wait to be written, tasks, entries of the streams. */
  readonly pending: number;
  readonly tasks: number;
  readonly changes: number;
  readonly observations: number;
}

const MEBIBYTE = 2 ** 20;

/** Looks once. */
export async function takeSample(watched: Watched, at: number): Promise<Sample> {
  const text = await fetch(`${watched.url}metrics`, { signal: AbortSignal.timeout(10_000) }).then(
    (answer) => answer.text(),
    () => "",
  );
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const length = (ask: Promise<number>) => ask.catch(() => Number.NaN);
  const [changes, observations] = await Promise.all([
    length(watched.redis.xlen("dotm::changes")),
    length(watched.redis.xlen("dotm::observations")),
  ]);
  const redisPid = watched.redisPid();
  return {
    at,
    daemon: residentOf(watched.daemonPid),
    heap: metric("nodejs_heap_size_used_bytes") / MEBIBYTE,
    external: metric("nodejs_external_memory_bytes") / MEBIBYTE,
    redis: redisPid === undefined ? Number.NaN : residentOf(redisPid),
    disk: bytesUnder(watched.dataDir) / MEBIBYTE,
    lagP99: metric("nodejs_eventloop_lag_p99_seconds") * 1_000,
    lagMax: metric("nodejs_eventloop_lag_max_seconds") * 1_000,
    cpu: metric("process_cpu_seconds_total"),
    files: metric("process_open_fds"),
    pending: metric("dotm_store_pending_keys"),
    tasks: metric("dotm_queue_tasks"),
    changes,
    observations,
  };
}

/** MiB that a process has in memory (proc(5), VmRSS). */
function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

function bytesUnder(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** How a figure changes in ten minutes: the line of least squares through the samples from `after` seconds on. */
export function slopeOf(samples: readonly Sample[], figure: keyof Sample, after: number): number {
  const points = samples.filter((sample) => sample.at >= after && !Number.isNaN(sample[figure]));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(({ at }) => at)), mean(points.map((sample) => sample[figure]))];
  const up = points.reduce((sum, sample) => sum + (sample.at - x) * (sample[figure] - y), 0);
  const along = points.reduce((sum, sample) => sum + (sample.at - x) ** 2, 0);
  return (up / along) * 600;
}

/** The part `share` (0 to 1) of the values is not above. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A figure over time, ten lines high: each column is the mean of its samples. */
export function chart(samples: readonly Sample[], figure: keyof Sample, title: string, width = 60): string {
  const last = samples.at(-1)?.at ?? 0;
  const columns = Array.from({ length: width }, (_, column) => {
    const inside = samples
      .filter(({ at }) => Math.min(width - 1, Math.floor((at / (last + 1)) * width)) === column)
      .map((sample) => sample[figure])
      .filter((value) => !Number.isNaN(value));
    return inside.length === 0 ? Number.NaN : inside.reduce((sum, value) => sum + value, 0) / inside.length;
  });
  const top = Math.max(1e-9, ...columns.filter((value) => !Number.isNaN(value)));
  const height = 10;
  const lines = Array.from({ length: height }, (_, line) => {
    const level = ((height - line) / height) * top;
    const bars = columns.map((value) => (value >= level - top / height / 2 ? "#" : " ")).join("");
    return `${level.toFixed(0).padStart(6)} |${bars.trimEnd()}`;
  });
  const axis = `${" ".repeat(6)} +${"-".repeat(width)}`;
  const ends = `${" ".repeat(8)}0${`${(last / 60).toFixed(0)} min`.padStart(width - 1)}`;
  return [title, ...lines, axis, ends].join("\n");
}
