/** The external command pipe of Nagios, Naemon or Icinga 1. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine, type PassiveResult, WHOLE_WRITE } from "../../nagios/passive-result.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Sent, Target } from "./target.ts";

/** Milliseconds between two tries where the pipe is full, and how often: Nagios empties it many times a second. */
const PAUSE = 10;
const MOST_PAUSES = 100;

/** Writes only where somebody reads: opening a pipe waits otherwise, and a file of that name would just grow. */
export function commandPipe(name: string, file: string): Target<PassiveResult> {
  return { name, atOnce: 200, send: (results) => sendAll(file, results) };
}

async function sendAll(file: string, results: readonly PassiveResult[]): Promise<Sent> {
  const pipe = await opened(file);
  try {
    if (!(await pipe.stat()).isFIFO()) {
      throw new DotmError("DOTM_NOTIFY_FAILED", `${file} is no pipe.`, "Name the command_file of nagios.cfg.");
    }
    const lines = results.map(commandLine).filter((line) => line !== undefined);
    for (const bytes of wholeWrites(lines)) {
      await write(pipe, bytes);
    }
    const refused = results.length - lines.length;
    return refused === 0 ? { refused } : { refused, reason: "a name cannot stand in an external command" };
  } catch (error) {
    throw isFull(error) ? new DotmError("DOTM_NOTIFY_FAILED", `${file} is full.`, "Look whether Nagios hangs.") : error;
  } finally {
    await pipe.close();
  }
}

/** Lines in as few writes as a pipe takes whole or not at all: never in pieces, whoever else writes. */
function wholeWrites(lines: readonly Buffer[]): Buffer[] {
  const writes: Buffer[][] = [];
  let length = WHOLE_WRITE;
  for (const line of lines) {
    length += line.length;
    if (length > WHOLE_WRITE) {
      writes.push([]);
      length = line.length;
    }
    writes.at(-1)?.push(line);
  }
  return writes.map((each) => Buffer.concat(each));
}

async function write(pipe: FileHandle, bytes: Buffer): Promise<void> {
  for (let pauses = 0; ; pauses++) {
    try {
      await pipe.write(bytes);
      return;
    } catch (error) {
      if (!isFull(error) || pauses === MOST_PAUSES) {
        throw error;
      }
      await delay(PAUSE);
    }
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    // No link either: whoever may make one there would have us write wherever it leads.
    return await open(file, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code;
    if (gone === "ENXIO" || gone === "ENOENT") {
      throw new DotmError(
        "DOTM_NOTIFY_FAILED",
        `Nobody reads ${file} (${gone}).`,
        "Start Nagios, with check_external_commands=1.",
      );
    }
    if (gone === "ELOOP") {
      throw new DotmError("DOTM_NOTIFY_FAILED", `${file} is a symbolic link.`, "Name the pipe that it leads to.");
    }
    const next = "Let DOTM's user write there: usermod -aG nagios dotm";
    throw new DotmError("DOTM_NOTIFY_FAILED", `${file} cannot be written (${messageOf(error)}).`, next, {
      cause: error,
    });
  }
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EAGAIN";
}
