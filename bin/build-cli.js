/**
 * Bundles the command line into dist/cli, each command a piece of its own: loading some hundred small files takes
 * longer than what `dotm impact` does with them, and Nagios runs it in notifications. The daemon is not bundled.
 * Then has it print its man pages.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

rmSync(new URL("../dist/cli", import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { program: "src/cli/program.ts", process: "src/cli/process-terminal.ts" },
  outdir: "dist/cli",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // CommonJS packages among the libraries call require for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  define: { DOTM_COMMIT: JSON.stringify(commit()) },
  logLevel: "warning",
});

// The man pages are made by the command line itself, so that they say what it can do; that of the agent by its help.
const pages = new URL("../dist/man/", import.meta.url);
mkdirSync(pages, { recursive: true });
for (const page of ["dotm.1", "dotm.yaml.5", "check_dotm.8", "dotm-agent.1"]) {
  const input = page.startsWith("dotm-agent")
    ? execFileSync(process.execPath, [`${root}dist/dotm-agent.mjs`, "--help"])
    : "";
  writeFileSync(new URL(page, pages), execFileSync(process.execPath, [`${root}bin/dotm.js`, "man", page], { input }));
}

/** The short hash of what is built, for `dotm -V`; empty where this is no clone, or git is not there. */
function commit() {
  if (!existsSync(`${root}.git`)) {
    return "";
  }
  try {
    const git = ["rev-parse", "--short", "HEAD"];
    return execFileSync("git", git, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
