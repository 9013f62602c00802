/**
 * `npm run bench:mapping [-- [--wrong] FILE…]`: how well checks are mapped to services, on labelled checks.
 *
 * Without FILE: the collections of test/fixtures/mapping, each and together. The format is described there.
 * Precision is TP / (TP + FP), recall TP / (TP + FN) over pairs of process and port, without those of `accept`; exact is the
 * share of checks answered exactly. --wrong prints each wrong answer with its evidence. Exit code 1 below the goals.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GOALS = { precision: 0.98, recall: 0.95 };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { wrong: { type: "boolean", default: false } },
});
const files =
  positionals.length > 0
    ? positionals
    : ["developed-on", "held-out"].map((name) => join(ROOT, "test/fixtures/mapping", `${name}.jsonl`));

const { mapCheck, rules } = await loadMapping();
const scored = files.map((file) => ({ file, results: readCorpus(file).map(score) }));
for (const { file, results } of scored) {
  report(file, results);
}
const all = scored.flatMap(({ results }) => results);
if (scored.length > 1) {
  report("all together", all);
}
speed(files);
const total = sum(all);
process.exitCode = total.precision >= GOALS.precision && total.recall >= GOALS.recall ? 0 : 1;

async function loadMapping() {
  const folder = mkdtempSync(join(tmpdir(), "dotm-bench-mapping-"));
  try {
    const outfile = join(folder, "mapping.mjs");
    const contents =
      'export { mapCheck } from "./src/mapping/map-check.ts"; export { compileRules } from "./src/mapping/user-rules.ts";';
    buildSync({ stdin: { contents, resolveDir: ROOT }, bundle: true, format: "esm", platform: "node", outfile });
    const mapping = await import(pathToFileURL(outfile).href);
    return { mapCheck: mapping.mapCheck, rules: mapping.compileRules([]).rules };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCorpus(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** Listeners of netstat as services: one for each transport, port and process. */
function servicesOf({ host }) {
  const services = new Map();
  for (const { proto, port, address, process } of host.listeners) {
    const transport = proto.replace("6", "");
    const name = transport === "udp" ? `${port}/udp` : `${port}`;
    const id = `${host.name}:${name}#${process}`;
    const known = services.get(id);
    services.set(id, {
      id,
      port: name,
      proto: transport,
      number: port,
      addresses: [...(known?.addresses ?? []), address],
      process: process === "-" ? null : process,
    });
  }
  return [...services.values()];
}

function score(task) {
  const services = servicesOf(task);
  const mapping = mapCheck(
    { host: task.host.name, check: task.check.name, command: task.check.command },
    services,
    rules,
  );
  const pair = ({ process, port }) => `${process ?? "-"}:${port}`;
  const expected = new Set(task.expected.map(pair));
  const accepted = new Set((task.accept ?? []).map(pair));
  const answer = mapping.services.map((id) => {
    const service = services.find((one) => one.id === id);
    return pair({ process: service.process, port: service.number });
  });
  const counted = new Set(answer.filter((one) => !accepted.has(one) || expected.has(one)));
  const hits = [...counted].filter((one) => expected.has(one)).length;
  const result = { kind: task.kind, tp: hits, fp: counted.size - hits, fn: expected.size - hits };
  if (options.wrong && result.fp + result.fn > 0) {
    const { name, command } = task.check;
    console.log(`${task.id} ${task.kind} | ${name} | ${command}\n    expected ${[...expected].join(" ") || "none"}`);
    console.log(`    answered ${[...counted].join(" ") || "none"}: ${mapping.evidence[0]?.text ?? "nothing known"}`);
    console.log(`    (${task.why}) on ${services.map((one) => `${one.process}:${one.port}`).join(" ")}`);
  }
  return result;
}

function sum(results) {
  const tp = results.reduce((total, one) => total + one.tp, 0);
  const fp = results.reduce((total, one) => total + one.fp, 0);
  const fn = results.reduce((total, one) => total + one.fn, 0);
  const exact = results.filter((one) => one.fp + one.fn === 0).length / Math.max(1, results.length);
  return {
    precision: tp / Math.max(1, tp + fp),
    recall: tp / Math.max(1, tp + fn),
    exact,
    count: results.length,
    pairs: tp + fp + fn,
  };
}

function report(title, results) {
  console.log(`\n${title}\n  kind        checks  precision  recall   exact`);
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort();
  const rows = [...kinds.map((kind) => [kind, results.filter((one) => one.kind === kind)]), ["all", results]];
  for (const [kind, some] of rows) {
    const { precision, recall, exact, count, pairs } = sum(some);
    const shares =
      pairs === 0 ? ["-", "-", exact.toFixed(3)] : [precision, recall, exact].map((share) => share.toFixed(3));
    const cells = shares.map((share) => share.padStart(8)).join(" ");
    console.log(`  ${kind.padEnd(11)} ${String(count).padStart(6)}  ${cells}`);
  }
}

/** Time for 100,000 checks on 10,000 hosts made of the collection, a tenth of the names distinct, and the same once more. */
function speed(from) {
  const tasks = from.flatMap(readCorpus);
  const ofHost = new Map();
  for (const task of tasks) {
    ofHost.set(task.host.name, [...(ofHost.get(task.host.name) ?? []), task]);
  }
  const kinds = [...ofHost.values()];
  const hosts = Array.from({ length: 10_000 }, (_, index) => {
    const own = kinds[index % kinds.length];
    const checks = Array.from({ length: 10 }, (_, number) => {
      const { name, command } = own[number % own.length].check;
      return { host: `h${index}`, check: number === 0 ? `${name} ${index}` : name, command };
    });
    return { services: servicesOf(own[0]), checks };
  });
  for (const round of ["cold", "warm"]) {
    const start = performance.now();
    let mapped = 0;
    for (const { services, checks } of hosts) {
      for (const check of checks) {
        mapped += mapCheck(check, services, rules).services.length > 0 ? 1 : 0;
      }
    }
    const ms = Math.round(performance.now() - start);
    console.log(`\n100,000 checks on 10,000 hosts, ${round}: ${ms} ms, ${mapped} mapped`);
  }
}
