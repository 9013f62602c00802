/** Bundles the agent into dist/dotm-agent.mjs: one file that runs on any Node from 20 on, by itself or imported. */
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const outfile = process.argv[2] ?? join(root, "dist", "dotm-agent.mjs");

// The file is copied to hosts and started as it is; bin/dotm-agent.js imports it and calls main() itself.
const entry = `
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "./agent/main.ts";
export { main };
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
`;

await build({
  stdin: { contents: entry, resolveDir: root, loader: "ts" },
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  banner: { js: "#!/usr/bin/env node" },
  define: { DOTM_AGENT_VERSION: JSON.stringify(version) },
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
