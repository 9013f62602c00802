/** The world of a command: where it writes, what it knows of the process, how it is interrupted. A value, so that tests can be it. */
import { homedir } from "node:os";
import type { Surroundings } from "../config/search.ts";

/** One stream of text. */
export interface Output {
  write(text: string): void;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
}

/** How a long-running command was asked to end. */
export type Interruption = "SIGINT" | "SIGTERM";

/** What a command may use of the world. */
export interface Terminal {
  /** Data. */
  readonly out: Output;
  /** Everything else. */
  readonly err: Output;
  readonly around: Surroundings;
  /** Unix seconds. */
  readonly now: () => number;
  /** Resolves when the process is asked to end; asked a second time, the process ends at once. */
  readonly interrupted: () => Promise<Interruption>;
  /** What a person types to start this program. */
  readonly program: string;
}

/** The terminal of this process. `program` is how to start it again from another folder. */
export function processTerminal(program: string): Terminal {
  endQuietlyWithoutReader(process.stdout);
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
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

/** `dotm … | head` is no failure: the reader has seen enough. */
function endQuietlyWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
      process.exit(0);
    }
    throw error;
  });
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
