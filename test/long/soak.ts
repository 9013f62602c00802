/**
 * An hour of a large site: memory must not grow, nothing may be lost.
 *
 *   npm run soak [-- --minutes 60 --hosts 1000 --interval 60 --seed 1]
 */
import { parseArgs } from "node:util";
import { runSoak, type Soaked } from "./run-soak.ts";
import { chart, quantile, slopeOf } from "./samples.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    hosts: { type: "string", default: "1000" },
    interval: { type: "string", default: "60" },
    away: { type: "string", default: "20" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 1e9)}` },
  },
});
const [minutes, hosts, interval] = [Number(values.minutes), Number(values.hosts), Number(values.interval)];
/** Seconds after which memory must be flat. */
const warm = Math.min(600, minutes * 20);
console.log(
  `soak: ${minutes} min, ${hosts} hosts each ${interval} s, seed ${values.seed}, ${new Date().toISOString()}`,
);

const soaked = await runSoak({
  ...{ minutes, hosts, interval, seed: Number(values.seed), away: Number(values.away) },
  say: (line) => console.log(line),
});
console.log(`\n${summary(soaked).join("\n")}\n`);
console.log(chart(soaked.samples, "daemon", "Memory of the daemon, MiB"));
console.log(chart(soaked.samples, "redis", "Memory of Redis, MiB"));
process.exitCode = soaked.lost.length === 0 ? 0 : 1;

function summary({ samples, reports, failed, latencies, changes, events, looks, missedPages, lost }: Soaked): string[] {
  const of = (figure: keyof (typeof samples)[number]) => samples.map((sample) => sample[figure]);
  const slope = (figure: "daemon" | "heap" | "redis") => `${slopeOf(samples, figure, warm).toFixed(2)} MiB per 10 min`;
  const last = samples.at(-1);
  const pages = looks.filter(({ status }) => status === 200).map(({ milliseconds }) => milliseconds);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return [
    `reports acknowledged ${reports} (p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}), attempts that failed ${failed}`,
    `changes of state ${changes}, events read by followers ${events}`,
    `pages ${looks.length} (p50 ${ms(quantile(pages, 0.5))}, p99 ${ms(quantile(pages, 0.99))}), not had though Redis was there ${missedPages.length}`,
    ...missedPages.slice(0, 5).map(({ path, status, at }) => `  ${new Date(at).toISOString()} ${status} /${path}`),
    `daemon ${last?.daemon.toFixed(0)} MiB, most ${Math.max(...of("daemon")).toFixed(0)}; after ${warm / 60} min: ${slope("daemon")}; its heap: ${slope("heap")}`,
    `redis  ${last?.redis.toFixed(0)} MiB, most ${quantile(of("redis"), 1).toFixed(0)}; after ${warm / 60} min: ${slope("redis")}`,
    `event loop late p99 ${ms(quantile(of("lagP99"), 0.5))} (median of the samples), at most ${ms(quantile(of("lagMax"), 1))}`,
    `processor ${((100 * (last?.cpu ?? 0)) / (last?.at ?? 1)).toFixed(0)} % of a core; keys pending at most ${quantile(of("pending"), 1)}, open files at most ${quantile(of("files"), 1)}, data folder ${last?.disk.toFixed(1)} MiB`,
    lost.length === 0
      ? "lost: nothing; every acknowledged report and every final state is stored"
      : `LOST: ${lost.length}`,
    ...lost.slice(0, 20).map((line) => `  ${line}`),
  ];
}
