/** The terminal of this very process. */
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { buffer } from "node:stream/consumers";
import { EXIT } from "./exit-code.ts";
import type { Interruption, Output, Terminal } from "./terminal.ts";

/** The terminal of this process. `program` is how to start it again from another folder. */
export function processTerminal(program: string): Terminal {
  endWithoutReader(process.stdout);
  // Where nobody reads what we complain of, there is nobody to tell; a daemon goes on.
  process.stderr.on("error", () => undefined);
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    screen: process.stdout.isTTY === true ? { rows: process.stdout.rows, page: showPages } : null,
    input: () => buffer(process.stdin),
    around: {
      env: process.env,
      cwd: process.cwd(),
      home: homedir(),
      root: process.getuid?.() === 0,
      systemFolder: "/etc/dotm",
      systemData: "/var/lib/dotm",
    },
    now: () => Date.now() / 1000,
    interrupted,
    reloadAsked: hangups(),
    program,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
  };
}

/** `dotm … | head` is no failure: the reader has seen enough. A file that breaks off on a full disk is one. */
function endWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
      process.exit(EXIT.done);
    }
    process.stderr.write(`error: What was asked for cannot be written: ${error.message}.\n`);
    process.exit(EXIT.failed);
  });
}

/** The command of a shell that is not there ends so. */
const NOT_FOUND = 127;

function showPages(pager: string, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", pager], { stdio: ["pipe", "inherit", "inherit"] });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code !== NOT_FOUND));
    // Who has read enough closes it early.
    child.stdin.on("error", () => undefined);
    child.stdin.end(text);
  });
}

/** Waits for SIGHUP; one that comes while nobody waits is kept for the next who does, instead of ending the process. */
function hangups(): () => Promise<"SIGHUP"> {
  let asked = false;
  let look: (() => void) | undefined;
  return () => {
    if (look === undefined) {
      process.on("SIGHUP", () => {
        asked = true;
        look?.();
      });
    }
    return new Promise((resolve) => {
      look = () => {
        if (asked) {
          asked = false;
          look = () => undefined;
          resolve("SIGHUP");
        }
      };
      look();
    });
  };
}

function interrupted(): Promise<Interruption> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(130));
      });
    }
  });
}
