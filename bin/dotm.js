#!/usr/bin/env node
/** `dotm`: the composition root of the command line. What runs on is loaded only when it is started. */
import { existsSync, realpathSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

// Newer Nodes keep compiled code between starts.
module.enableCompileCache?.();

const here = fileURLToPath(import.meta.url);

/** How a person starts this program again from any folder: by name where it is installed, else by path. */
function invocation() {
  const called = process.argv[1] ?? here;
  if (basename(called) === "dotm") {
    return "dotm";
  }
  const path = realpathSync(here);
  return /^[\w@%+=:,./-]+$/.test(path) ? `node ${path}` : `node '${path.replaceAll("'", "'\\''")}'`;
}

/** What every part that runs on is given. */
async function surroundings({ level, format }) {
  const [{ createLogger }, { logDestination }, { packageVersion }] = await Promise.all([
    import("../dist/src/logger.js"),
    import("../dist/src/cli/text-log.js"),
    import("../dist/src/cli/version.js"),
  ]);
  const to = { write: (line) => process.stderr.write(line) };
  const isTerminal = process.stderr.isTTY === true;
  return {
    version: packageVersion(),
    logger: createLogger(level, logDestination(to, { format, isTerminal, env: process.env })),
    now: () => Date.now() / 1000,
  };
}

/**
 * Starts the daemon for `dotm serve`. Garbage may make up half as much again as what is alive before all of it is looked
 * through: on a machine with much memory V8 would wait for four times as much. It costs no processor time that could be
 * measured, and a fifth less memory at 5,000 hosts.
 */
async function startDaemon(config, configFault) {
  setFlagsFromString("--heap-growing-percent=50");
  const [daemon, world] = await Promise.all([import("../dist/src/daemon/start-daemon.js"), surroundings(config.log)]);
  return daemon.startDaemon({ config, configFault, ...world });
}

/** Starts the demo for `dotm demo`. */
async function startDemo(options) {
  const [demo, search, world] = await Promise.all([
    import("../dist/src/demo/start-demo.js"),
    import("../dist/src/config/search.js"),
    surroundings({ level: "warn", format: "text" }),
  ]);
  const around = { env: process.env, home: homedir(), root: process.getuid?.() === 0, systemData: "/var/lib/dotm" };
  return demo.startDemo({ ...options, defaultDataDir: search.defaultDataDir(around), ...world });
}

if (existsSync(new URL("../dist/cli/program.mjs", import.meta.url))) {
  const [{ main }, { processTerminal }] = await Promise.all([
    import("../dist/cli/program.mjs"),
    import("../dist/cli/process.mjs"),
  ]);
  const terminal = processTerminal(invocation());
  const code = await main(process.argv.slice(2), { startDaemon, startDemo }, { terminal });
  // A timer of the Redis client must not hold back the prompt; what was written goes out first. Where it cannot, and all
  // else was done, the terminal tells that and ends.
  process.stdout.write("", (error) => (error && code === 0) || process.exit(code));
} else {
  process.stderr.write("error: DOTM is not built yet.\nRun: npm run build\n");
  process.exitCode = 1;
}
