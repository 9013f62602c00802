/**
 * `npm start`: from a fresh clone to the demo with Node alone. Installs and builds where needed, then runs
 * `dotm demo` with the arguments given (`npm start -- --local`, `npm start -- --nagios /etc/nagios4/nagios.cfg`).
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, installIfNeeded, ROOT, run } from "./install-if-needed.js";

/** What the build is made of. */
const SOURCES = [
  "src",
  "nagios",
  "agent",
  "bin/build-agent.js",
  "bin/build-plugin.js",
  "bin/build-cli.js",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
];

const STAMP = join(ROOT, "dist/.built-from");

/** A digest of all sources, so that a build is made again exactly when one of them changed. */
function digestOfSources() {
  const digest = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of filesBelow(join(ROOT, source))) {
      digest
        .update(`${file.slice(ROOT.length)}\n`)
        .update(readFileSync(file))
        .update("\n");
    }
  }
  return digest.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (/\.[a-z]+$/.test(path)) {
    return [path];
  }
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort();
}

function buildIfNeeded() {
  const digest = digestOfSources();
  const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (built === digest) {
    return;
  }
  process.stderr.write("Building.\n");
  const done = run("run", "--silent", "build");
  if (done.status !== 0) {
    fail("the build failed; see its messages above.\nTry: npm run build", done.status ?? 1);
  }
  writeFileSync(STAMP, digest);
}

installIfNeeded();
buildIfNeeded();

// npm calls it a failure when a demo that was ended by Ctrl-C says so with 130.
process.on("exit", (code) => {
  process.exitCode = code === 130 ? 0 : code;
});
process.argv.splice(2, 0, "demo");
await import("./dotm.js");
