/**
 * `npm run bench:mapping [-- [--wrong] FILE…]`: how well checks are mapped to services, on labelled checks.
 *
 * Without FILE: all collections of test/fixtures/mapping, each and together. The format is described there; a line that is not of it ends
 * the run with exit code 2 and its number.
 * Precision is TP / (TP + FP), recall TP / (TP + FN) over pairs of process and port, without those of `accept`; exact is the
 * share of checks answered exactly. --wrong prints each wrong answer with its evidence. Exit code 1 below the goals.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
    : readdirSync(join(ROOT, "test/fixtures/mapping"))
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => join(ROOT, "test/fixtures/mapping", name));

const corpora = files.map((file) => ({ file, tasks: readCorpus(file) }));
const { mapCheck, compileRules, rulesFor } = await loadMapping();
const { rules } = compileRules([]);
const scored = corpora.map(({ file, tasks }) => ({ file, results: tasks.map(score) }));
for (const { file, results } of scored) {
  report(file, results);
}
const all = scored.flatMap(({ results }) => results);
if (scored.length > 1) {
  report("all together", all);
}
speed(corpora.flatMap(({ tasks }) => tasks));
rulesSpeed();
const total = sum(all);
process.exitCode = total.precision >= GOALS.precision && total.recall >= GOALS.recall ? 0 : 1;

async function loadMapping() {
  const folder = mkdtempSync(join(tmpdir(), "dotm-bench-mapping-"));
  try {
    const outfile = join(folder, "mapping.mjs");
    const contents =
      'export { mapCheck } from "./src/mapping/map-check.ts"; export * from "./src/mapping/user-rules.ts";';
    buildSync({ stdin: { contents, resolveDir: ROOT }, bundle: true, format: "esm", platform: "node", outfile });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The labelled checks of a file; a line that is none ends the run with its number and what is wrong with it. */
function readCorpus(file) {
  const tasks = textOf(file)
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [taskOf(line, `${file}:${index + 1}`)]));
  return tasks.length > 0 ? tasks : fail(`${file}: no labelled check in it`);
}

function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return fail(`${file}: cannot be read: ${error.message}`);
  }
}

function taskOf(line, place) {
  let task;
  try {
    task = JSON.parse(line);
  } catch (error) {
    return fail(`${place}: no JSON: ${error.message}`);
  }
  const wrong = wrongIn(task ?? {});
  return wrong === undefined ? task : fail(`${place}: ${wrong}`);
}

/** What a task lacks of the format in test/fixtures/mapping/README.md. */
function wrongIn({ host, check, expected, accept, kind }) {
  const isPair = (pair) => typeof pair === "object" && pair !== null && "process" in pair && "port" in pair;
  const isListener = (one) =>
    typeof one?.proto === "string" && Number.isInteger(one.port) && typeof one.process === "string";
  if (typeof host?.name !== "string" || !Array.isArray(host.listeners)) {
    return "host needs a name and listeners";
  }
  const listener = host.listeners.find((one) => !isListener(one));
  if (listener !== undefined) {
    return `a listener needs proto, port (a number) and process: ${JSON.stringify(listener)}`;
  }
  if (typeof check?.name !== "string" || !(typeof check.command === "string" || check.command === null)) {
    return "check needs a name, and a command that is a text or null";
  }
  if (!Array.isArray(expected) || !expected.every(isPair) || !(accept ?? []).every(isPair)) {
    return "expected (and accept, where given) must be lists of objects with process and port";
  }
  return typeof kind === "string" ? undefined : "kind is missing";
}

function fail(message) {
  console.error(`bench:mapping: ${message}`);
  process.exit(2);
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
function speed(tasks) {
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

/** Time to find the user's rules for 100,000 names, all different, under 50 rules (goal: 500 ms cold). */
function rulesSpeed() {
  const words = "HTTP MySQL Disk Load Redis SSH NTP Postfix Nginx Tomcat Memory Users".split(" ");
  const fifty = Array.from({ length: 50 }, (_, index) => ({
    check: `${words[index % words.length]} (?:service|app) ${index}.*`,
    process: `process${index}$`,
  }));
  const compiled = compileRules(fifty).rules;
  const names = Array.from({ length: 100_000 }, (_, index) => `${words[index % words.length]} app ${index}`);
  const start = performance.now();
  const found = names.reduce((sum, name) => sum + rulesFor(compiled, name).length, 0);
  const ms = Math.round(performance.now() - start);
  console.log(`\n100,000 different names under 50 user rules, cold: ${ms} ms, ${found} matches`);
}
