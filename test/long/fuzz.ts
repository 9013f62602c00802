/**
 * Feeds every parser and every endpoint inputs made by chance. What fails is kept in test/fuzz-corpus and replayed by the suite.
 *
 *   npm run fuzz [-- --minutes 5 --target report --seed 1]
 */
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../support/process.ts";
import { seeded } from "../support/random.ts";
import { PARSER_TARGETS } from "./fuzz/all-targets.ts";
import { startHttpTarget } from "./fuzz/http-target.ts";
import { type Fuzzed, fuzzTarget, keepFinding } from "./fuzz/run-target.ts";
import type { Target } from "./fuzz/target.ts";

const { values } = parseArgs({
  options: {
    /** Of all targets together. */
    minutes: { type: "string", default: "5" },
    target: { type: "string" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 1e9)}` },
  },
});
const seed = Number(values.seed);
const http = values.target === undefined || values.target === "http" ? await startHttpTarget() : undefined;
const all: readonly Target[] = [...PARSER_TARGETS, ...(http === undefined ? [] : [http.target])];
const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  console.log(`no target ${values.target}; there are http, ${PARSER_TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
console.log(`fuzz: ${values.minutes} min, ${targets.length} targets, seed ${seed}, ${new Date().toISOString()}`);
console.log("target               inputs    new  slowest ms  grown MiB  findings");
let found = 0;
for (const target of targets) {
  const fuzzed = await fuzzTarget(target, seeded(seed), (Number(values.minutes) * 60_000) / targets.length);
  console.log(line(target.name, fuzzed));
  found += fuzzed.findings.length;
  for (const finding of fuzzed.findings) {
    const file = await keepFinding(target, finding);
    console.log(`  ${relative(ROOT, file)}\n    ${finding.error.split("\n").slice(0, 4).join("\n    ")}`);
  }
}
await http?.stop();
console.log(found === 0 ? "nothing found" : `${found} findings`);
process.exit(found === 0 ? 0 : 1);

function line(name: string, { runs, kept, slowest, grown, findings }: Fuzzed): string {
  const cells = [`${runs}`.padStart(8), `${kept}`.padStart(6), slowest.milliseconds.toFixed(0).padStart(11)];
  return `${name.padEnd(19)}${cells.join(" ")} ${grown.toFixed(0).padStart(10)} ${`${findings.length}`.padStart(9)}`;
}
