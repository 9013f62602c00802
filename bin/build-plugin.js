/** Bundles the plugin into dist/check_dotm.cjs: one file that runs under any name on any Node from 20 on, without DOTM. */
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const outfile = process.argv[2] ?? join(root, "dist", "check_dotm.cjs");

// Whatever happens, Nagios gets one line and a code it knows. Exit at once: an open question must not hold it.
const entry = `
import { writeSync } from "node:fs";
import { main, unknown } from "./src/plugin/main.ts";
const end = ({ text, code }) => {
  try {
    writeSync(1, text);
  } finally {
    process.exit(code);
  }
};
process.on("uncaughtException", (error) => end(unknown(error)));
process.on("SIGTERM", () => end(unknown(new Error("ended by the monitoring before there was an answer"))));
main(process.argv.slice(2), ${JSON.stringify(version)}).then(end);
`;

await build({
  stdin: { contents: entry, resolveDir: root, loader: "ts" },
  outfile,
  bundle: true,
  minifySyntax: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  banner: { js: "#!/usr/bin/env node" },
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
