/**
 * A tracing instance of our own in tracefs, which nobody else's tracing touches nor is touched by: its buffers, filter
 * and clock are its own, and it is removed at the end. Needs root and a kernel from 4.16 on; no BPF, no kprobes.
 */
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { endianness } from "node:os";
import { attempt } from "./proc-files.ts";
import { type TraceDecoders, traceDecoders } from "./trace-events.ts";
import { findTracefs } from "./tracefs.ts";

/** A running instance. */
export interface TraceInstance {
  readonly decoders: TraceDecoders;
  /** Hands over what the buffers hold, a page at a time; it is valid in the call only. Throws where the instance is gone. */
  read(visit: (page: Buffer) => void): void;
  /** Events lost since it began, as the kernel counts them. */
  lost(): number;
  close(): void;
}

const SOCKET = "sock/inet_sock_set_state";
const NEW_TASK = "task/task_newtask";
const RENAME = "task/task_rename";
const PREFIX = "dotm-agent-";
/** Number of the first namespace of processes (PROC_PID_INIT_INO). */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";
/**
 * Attempts and what became of them; incoming connections; ends: those by the process (FIN_WAIT1, LAST_ACK), which tell
 * who that is, and resets. The numbers are those of include/net/tcp_states.h.
 */
const FILTER =
  "protocol==6&&(newstate==2||oldstate==2||(oldstate==3&&newstate==1)||newstate==4||newstate==9" +
  "||(newstate==7&&(oldstate==1||oldstate==8)))";
const PAGE_BYTES = 64 * 1024;
/** Memory of the kernel for all processors together, and the least and the most for one. */
const BUFFER_KB = { all: 16 * 1024, least: 128, most: 1024 };

/** Opens one; throws with the reason in words where that cannot be. */
export function openTraceInstance(): TraceInstance {
  if (endianness() === "BE") {
    throw new Error("trace buffers of big-endian machines are not read");
  }
  if (attempt(() => readlinkSync("/proc/self/ns/pid")) !== FIRST_PID_NAMESPACE) {
    throw new Error("the agent runs in a container, where processes have other numbers than in the kernel's events");
  }
  const tracefs = findTracefs(`events/${SOCKET}/enable`);
  const folder = `${tracefs.folder}/instances/${PREFIX}${process.pid}`;
  const remove = () => {
    attempt(() => rmdirSync(folder));
    tracefs.release();
  };
  try {
    removeLeftovers(`${tracefs.folder}/instances`);
    mkdirSync(folder);
    return startInstance(folder, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

/** Instances of agents that were killed. */
function removeLeftovers(instances: string): void {
  for (const name of readdirSync(instances).filter((name) => name.startsWith(PREFIX))) {
    if (attempt(() => readFileSync(`/proc/${name.slice(PREFIX.length)}/stat`)) === undefined) {
      attempt(() => rmdirSync(`${instances}/${name}`));
    }
  }
}

function startInstance(folder: string, remove: () => void): TraceInstance {
  const read = (path: string) => readFileSync(`${folder}/${path}`, "utf8");
  const write = (path: string, text: string) => writeFileSync(`${folder}/${path}`, text);
  const [socket = "", newTask = "", rename = ""] = [SOCKET, NEW_TASK, RENAME].map((event) =>
    read(`events/${event}/format`),
  );
  const decoders = traceDecoders(socket, newTask, rename);
  if (decoders === undefined) {
    throw new Error("this kernel's trace events have another form than expected");
  }
  const processors = readdirSync(`${folder}/per_cpu`).filter((name) => name.startsWith("cpu"));
  const share = Math.floor(BUFFER_KB.all / Math.max(1, processors.length));
  write("buffer_size_kb", `${Math.min(BUFFER_KB.most, Math.max(BUFFER_KB.least, share))}`);
  // The clock that process.hrtime reads, so that we know which events must have come by now.
  write("trace_clock", "mono");
  write(`events/${SOCKET}/filter`, FILTER);
  for (const event of [NEW_TASK, RENAME, SOCKET]) {
    write(`events/${event}/enable`, "1");
  }
  const files = processors.map((cpu) =>
    openSync(`${folder}/per_cpu/${cpu}/trace_pipe_raw`, constants.O_RDONLY | constants.O_NONBLOCK),
  );
  const page = Buffer.allocUnsafe(PAGE_BYTES);
  return {
    decoders,
    read(visit) {
      for (const file of files) {
        readPages(file, page, visit);
      }
    },
    lost: () => processors.reduce((sum, cpu) => sum + lostIn(attempt(() => read(`per_cpu/${cpu}/stats`)) ?? ""), 0),
    close() {
      for (const file of files) {
        attempt(() => closeSync(file));
      }
      remove();
    },
  };
}

/** Every read gives one page at most, and EAGAIN when there is no more. */
function readPages(file: number, page: Buffer, visit: (page: Buffer) => void): void {
  for (let length = -1; length !== 0; ) {
    length = readOrNothing(file, page);
    if (length > 0) {
      visit(page.subarray(0, length));
    }
  }
}

function readOrNothing(file: number, page: Buffer): number {
  // The stack of an error that is no fault costs more than the read.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return readSync(file, page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") {
      return 0;
    }
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Events lost in one processor's buffer, by its `stats` file. */
export function lostIn(stats: string): number {
  let lost = 0;
  for (const [, count] of stats.matchAll(/^(?:commit overrun|overrun|dropped events): (\d+)$/gm)) {
    lost += Number(count);
  }
  return lost;
}
