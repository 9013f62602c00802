/** Keeps what was pushed on the disk: what was answered with 200 is there after any crash. */

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing } from "../errors.ts";
import { SharedRun } from "../shared-run.ts";

/** One file, replaced whole at each commit; commits that come while one is written are written together. */
export class PushedFile {
  readonly #path: string;
  readonly #content: () => string;
  readonly #commits = new SharedRun(() => this.#write());
  /** Where what could not be read has yet to be moved. */
  #aside: string | undefined;

  /** `content` is asked when the file is written. */
  constructor(path: string, content: () => string) {
    this.#path = path;
    this.#content = content;
  }

  /** What was committed last; undefined where nothing was. */
  async load(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, "utf8");
    } catch (error) {
      if (isMissing(error)) {
        return;
      }
      throw error;
    }
  }

  /**
   * Moves what could not be read out of the way, as the next commit would overwrite it; returns where to. Where that
   * fails, so does every commit until it can be done. `time`: Unix seconds.
   */
  async setAside(time: number): Promise<string> {
    const aside = `${this.#path}.unreadable-${Math.trunc(time)}`;
    this.#aside = aside;
    await this.#move();
    return aside;
  }

  async #move(): Promise<void> {
    if (this.#aside !== undefined) {
      await rename(this.#path, this.#aside).catch((error: unknown) => {
        if (!isMissing(error)) {
          throw error;
        }
      });
      this.#aside = undefined;
    }
  }

  /** Resolves, with what was written, when what `content` says now is on the disk; rejects where it cannot be written. */
  commit(): Promise<string> {
    return this.#commits.run();
  }

  async #write(): Promise<string> {
    await this.#move();
    const text = this.#content();
    const temporary = `${this.#path}.tmp`;
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    const folder = await open(dirname(this.#path), "r");
    await folder.sync().finally(() => folder.close());
    return text;
  }
}
