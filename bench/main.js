/**
 * `npm run bench`: measures DOTM beside its competitors in one run and writes bench/results.md.
 *
 *   npm run bench -- [--only NAME]… [--rounds N] [--list] [--dry]
 *
 * --only takes a part of a row's name; results of the other rows stay as they are. --dry writes nothing.
 * Exit code 1 where a floor is missed or a row fails. What a row is: bench/README.md.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeResults } from "./results.js";
import { measureRow } from "./rounds.js";
import { rowReport } from "./table.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    list: { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
  },
});

const rows = (await loadRows()).filter(
  ({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)),
);
if (rows.length === 0) {
  console.error(`no row is named like ${options.only.join(", ")}; see: npm run bench -- --list`);
  process.exitCode = 2;
} else if (options.list) {
  for (const { name, title } of rows) {
    console.log(`${name.padEnd(24)} ${title}`);
  }
} else {
  process.exitCode = await run(rows);
}

async function loadRows() {
  const files = readdirSync(new URL("./rows/", import.meta.url)).filter((file) => file.endsWith(".js"));
  const modules = await Promise.all(files.sort().map((file) => import(`./rows/${file}`)));
  return modules.flatMap((module) => module.rows);
}

async function run(chosen) {
  console.error("building");
  // The compiler tells its complaints on standard output, which is kept for the table.
  execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  const folder = mkdtempSync(join(tmpdir(), "dotm-bench-"));
  const reports = [];
  let failed = false;
  try {
    for (const row of chosen) {
      const report = await reportOf(row, folder);
      failed ||= !report.ok;
      reports.push(report);
      console.log(`\n${report.text}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!options.dry) {
    writeResults(ROOT, reports);
  }
  return failed ? 1 : 0;
}

async function reportOf(row, folder) {
  console.error(`\n${row.name}`);
  const rounds = Number(options.rounds ?? row.rounds);
  try {
    const samples = await measureRow(row, rounds, { folder, root: ROOT, say: (text) => console.error(`  ${text}`) });
    return rowReport(row, samples);
  } catch (error) {
    console.error(error);
    return { name: row.name, ok: false, text: `## ${row.name}\n\n${row.title}\n\nFailed: ${error.message}\n` };
  }
}
