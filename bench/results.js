/** Keeps bench/results.md: one section a row, each with the machine, the day and the commit it was measured on. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

const HEAD = `# Measurements

Written by \`npm run bench\`; what the rows are: [README.md](README.md). Compare the ratios, not the times: contenders of one row took
turns in one run, on whatever machine that was.
`;

/**
 * Replaces the sections of the rows measured and leaves the others.
 *
 * @param {string} root
 * @param {{ name: string, text: string }[]} reports
 */
export function writeResults(root, reports) {
  const file = join(root, "bench/results.md");
  const sections = existsSync(file) ? sectionsOf(readFileSync(file, "utf8")) : new Map();
  const where = circumstances(root);
  for (const { name, text } of reports) {
    sections.set(name, `${text}\n${where}\n`);
  }
  const ordered = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  writeFileSync(file, [HEAD, ...ordered].join("\n"));
}

/** Sections by name, each as it stands. */
function sectionsOf(text) {
  const parts = text.split(/^(?=## )/m).slice(1);
  return new Map(parts.map((part) => [part.slice(3, part.indexOf("\n")), `${part.trimEnd()}\n`]));
}

function circumstances(root) {
  const cpu = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const parts = [
    new Date().toISOString().slice(0, 10),
    `commit ${commit(root)}`,
    `${cpu.length} × ${cpu[0]?.model.trim() ?? "unknown"}`,
    `${memory} GiB`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
    ...["redis-server", "nagios4"].flatMap((program) => versionOf(program)),
  ];
  return `_${parts.join(" · ")}_`;
}

function commit(root) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    const changed = git("status", "--porcelain", "--", "src", "nagios", "agent") === "" ? "" : " and changes";
    return `${git("rev-parse", "--short", "HEAD")}${changed}`;
  } catch {
    return "unknown";
  }
}

function versionOf(program) {
  try {
    const text = execFileSync(program, ["--version"], { encoding: "utf8", stdio: "pipe" });
    const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
    return version === undefined ? [] : [`${program} ${version}`];
  } catch {
    return [];
  }
}
