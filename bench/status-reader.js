/**
 * Reads a status.dat the way the daemon does, in a process of its own, so that its memory is its own too.
 *
 *   node bench/status-reader.js FILE        reads it once and ends
 *   fork(…)                                 answers each message `{ file, anew }` with `{ ms, changed, checks, rss }`;
 *                                           `anew` forgets what was read before
 */
import { closeSync, openSync, readSync } from "node:fs";
import { ScanWindow } from "../dist/nagios/scan-window.js";
import { StatusReader } from "../dist/nagios/status-dat.js";

const window = new ScanWindow(256 * 1024);
let reader = new StatusReader();

const [file] = process.argv.slice(2);
if (file !== undefined) {
  read(file);
} else {
  process.on("message", (message) => {
    reader = message.anew ? new StatusReader() : reader;
    process.send?.(timed(message.file));
  });
}

function timed(path) {
  const begun = performance.now();
  const { statuses, counts } = read(path);
  const ms = performance.now() - begun;
  return { ms, changed: statuses.length, checks: counts.checks, rss: process.resourceUsage().maxRSS / 1024 };
}

/** Through a window of the daemon's size. */
function read(path) {
  const descriptor = openSync(path, "r");
  const scan = reader.begin();
  for (;;) {
    const free = window.free();
    const count = readSync(descriptor, free, 0, free.length, null);
    if (count === 0) {
      break;
    }
    window.filled(count, scan);
  }
  closeSync(descriptor);
  window.end(scan);
  return scan.finish();
}
