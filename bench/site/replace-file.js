/** Replaces a file as Nagios does. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** Writes to a file beside `path`, then renames it over `path`, as Nagios does. Returns the bytes written. */
export function replaceFile(path, fill) {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w", 0o664);
  let waiting = [];
  let size = 0;
  let bytes = 0;
  const flush = () => {
    const chunk = Buffer.from(waiting.join(""));
    for (let done = 0; done < chunk.length; ) {
      done += writeSync(file, chunk, done);
    }
    bytes += chunk.length;
    waiting = [];
    size = 0;
  };
  fill((part) => {
    waiting.push(part);
    size += part.length;
    if (size > 4_000_000) {
      flush();
    }
  });
  flush();
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
  return bytes;
}
