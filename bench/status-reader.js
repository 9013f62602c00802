/**
 * Reads a status.dat the way the daemon does, in a process of its own, so that its memory is its own too.
 *
 *   node bench/status-reader.js FILE        reads it once and ends
 *   fork(…)                                 answers each message `{ file, anew }` with `{ ms, changed, checks, rss }`;
 *                                           `anew` forgets what was read before
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StatusReader } from "../dist/nagios/status-dat.js";

let buffer = Buffer.alloc(0);
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

/** One buffer is kept: fresh memory for each read costs more than reading. */
function read(path) {
  const descriptor = openSync(path, "r");
  const { size } = fstatSync(descriptor);
  if (buffer.length < size + 64) {
    buffer = Buffer.allocUnsafeSlow(Math.ceil(size * 1.05) + 64);
  }
  const length = readSync(descriptor, buffer, 0, size, 0);
  closeSync(descriptor);
  return reader.read(buffer, length);
}
