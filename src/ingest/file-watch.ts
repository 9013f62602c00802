/** Tells when one of a few files is written, replaced, made or deleted, by watching their folders. */
import { basename, dirname, resolve } from "node:path";
import { type FSWatcher, watch } from "chokidar";

/** A running watch. */
export interface FileWatch {
  /** Watches anew, after changes were missed: a folder that was made or replaced later is then seen. */
  renew(): void;
  close(): Promise<void>;
}

/**
 * Watches files, which need not exist. The folder is what is watched: a file that is replaced by rename has another
 * inode, and watching the old one would see nothing more. Resolves when changes are seen from then on.
 */
export async function watchFiles(
  files: readonly string[],
  onChange: () => void,
  onError: (error: unknown) => void,
): Promise<FileWatch> {
  const paths = new Set(files.map((file) => resolve(file)));
  const folders = [...new Set([...paths].map((path) => dirname(path)))];
  const watcher: FSWatcher = watch(folders, {
    depth: 0,
    ignoreInitial: true,
    atomic: false,
    // Nagios writes a temporary file with another name beside it each time.
    ignored: (path) => !(paths.has(path) || folders.includes(path)),
  });
  watcher.on("all", (_event, path) => {
    if (paths.has(path)) {
      onChange();
    }
  });
  // The events above leave out the second of two changes within a few milliseconds; what the system says does not.
  const names = new Set([...paths].map((path) => basename(path)));
  watcher.on("raw", (_event, path) => {
    if (typeof path !== "string" || names.has(basename(path))) {
      onChange();
    }
  });
  watcher.on("error", onError);
  await new Promise<void>((done) => {
    watcher.once("ready", done);
    watcher.once("error", () => done());
  });
  return {
    renew() {
      watcher.unwatch(folders);
      watcher.add(folders);
    },
    close: () => watcher.close(),
  };
}
