/**
 * Makes the agent one executable, dist/dotm-agent, for hosts without Node: Node's "single executable application" of the
 * Node that runs this. postject, which puts the program into the executable, comes through npx; it is needed here only.
 *
 *   npm run sea [-- FILE]
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const POSTJECT = "postject@1.0.0-alpha.6";
/** Where Node looks for a program within itself. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const outfile = process.argv[2] ?? join(root, "dist", "dotm-agent");
const folder = mkdtempSync(join(tmpdir(), "dotm-sea-"));

try {
  const [script, config, blob] = ["agent.cjs", "sea.json", "agent.blob"].map((name) => join(folder, name));
  await build({
    stdin: {
      contents: `import { main } from "./agent/main.ts"; main(process.argv.slice(2)).then((code) => { process.exitCode = code; });`,
      resolveDir: root,
      loader: "ts",
    },
    outfile: script,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Asked for only where it is no executable.
    define: { DOTM_AGENT_VERSION: JSON.stringify(version), "import.meta.url": '""' },
    logLevel: "warning",
  });
  writeFileSync(config, JSON.stringify({ main: script, output: blob, disableExperimentalSEAWarning: true }));
  execFileSync(process.execPath, ["--experimental-sea-config", config], { stdio: ["ignore", "ignore", "inherit"] });
  copyFileSync(process.execPath, outfile);
  chmodSync(outfile, 0o755);
  const words = ["--yes", POSTJECT, outfile, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE];
  execFileSync("npx", words, { stdio: ["ignore", "ignore", "inherit"] });
  console.log(outfile);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
