#!/usr/bin/env node
/** `dotm`: the composition root of the command line. What runs on is loaded only when it is started. */
import { existsSync, realpathSync } from "node:fs";
import module from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

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

/** Starts the daemon for `dotm serve`. */
async function startDaemon(config) {
  const [daemon, logger, version] = await Promise.all([
    import("../dist/src/daemon/start-daemon.js"),
    import("../dist/src/logger.js"),
    import("../dist/src/cli/version.js"),
  ]);
  return daemon.startDaemon({
    config,
    version: version.packageVersion(),
    logger: logger.createLogger(config.log.level),
    now: () => Date.now() / 1000,
  });
}

/** Starts the demo for `dotm demo`. */
async function startDemo(options) {
  const [demo, version] = await Promise.all([
    import("../dist/src/demo/start-demo.js"),
    import("../dist/src/cli/version.js"),
  ]);
  return demo.startDemo({ ...options, version: version.packageVersion(), now: () => Date.now() / 1000 });
}

if (existsSync(new URL("../dist/src/cli/program.js", import.meta.url))) {
  const [{ main }, { processTerminal }] = await Promise.all([
    import("../dist/src/cli/program.js"),
    import("../dist/src/cli/terminal.js"),
  ]);
  const terminal = processTerminal(invocation());
  process.exitCode = await main(process.argv.slice(2), { startDaemon, startDemo }, { terminal });
} else {
  process.stderr.write("error: DOTM is not built yet.\nRun: npm run build\n");
  process.exitCode = 1;
}
