/**
 * Every process is killed again and again under load: nothing that was acknowledged may be lost.
 *
 *   npm run kill [-- --minutes 5 --hosts 40 --pause 30 --seed 1]
 */
import { parseArgs } from "node:util";
import { type Killed, runKill } from "./run-kill.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    hosts: { type: "string", default: "40" },
    pause: { type: "string", default: "30" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 1e9)}` },
  },
});
const [minutes, hosts, pause, seed] = [values.minutes, values.hosts, values.pause, values.seed].map(Number);
const begun = Date.now();
console.log(`kill: ${minutes} min, ${hosts} hosts, seed ${seed}, ${new Date().toISOString()}`);
const killed = await runKill({
  ...{ seconds: (minutes ?? 5) * 60, hosts: hosts ?? 40, pause: pause ?? 30, seed: seed ?? 1 },
  say: (line) => console.log(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(7)} s  ${line}`),
});
console.log(`\n${summary(killed).join("\n")}`);
process.exitCode = killed.lost.length === 0 ? 0 : 1;

function summary({ kills, stops, reports, reportsFailed, pushes, tasks, changes, real, lost }: Killed): string[] {
  const times = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .map(([name, count]) => `${name} ${count}`)
      .toSorted()
      .join(", ");
  const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, count) => all + count, 0);
  return [
    `killed ${sum(kills)} times: ${times(kills)}`,
    `stopped ${sum(stops)} times for ${pause} s: ${times(stops)}`,
    `acknowledged: ${reports} reports (${reportsFailed} attempts failed), ${pushes} pushed states, ${real} reports of the real agent; ${tasks} tasks done; ${changes} changes of state in the files`,
    lost.length === 0 ? "lost: nothing" : `LOST: ${lost.length}`,
    ...lost.slice(0, 30).map((line) => `  ${line}`),
  ];
}
