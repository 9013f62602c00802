/** Records of the kernel's trace events to what they tell; where their fields lie is told by the events' own format files. */
import { type HexEnds, SOCKET_STATES } from "./proc-net.ts";

/** A TCP socket changed its state. */
export interface SocketEvent {
  readonly kind: "socket";
  /** Nanoseconds. */
  readonly time: number;
  /** The thread that did it; whoever ran on that processor where the network did it. */
  readonly thread: number;
  /** Address of the socket in the kernel: the same through its life. */
  readonly socket: number;
  readonly oldState: number;
  readonly newState: number;
  /** Present where it is established now. */
  readonly ends: HexEnds | undefined;
}

/** A thread or process was made by another thread, or took another name. */
export interface TaskEvent {
  readonly kind: "task";
  readonly time: number;
  readonly thread: number;
  readonly name: string;
  /** Who made it, and whether as a thread of its own process; undefined where it was only renamed. */
  readonly maker: { readonly thread: number; readonly sameProcess: boolean } | undefined;
}

export type TraceEvent = SocketEvent | TaskEvent;

/** Number of an event and where its fields begin. */
export interface EventFormat<Field extends string> {
  readonly id: number;
  readonly at: Readonly<Record<Field, number>>;
}

/** Turns one record into an event; undefined where it is none of ours or too short. */
export type TraceDecoder = (page: Buffer, offset: number, length: number, time: number) => TraceEvent | undefined;

const AF_INET6 = 10;
const IPPROTO_TCP = 6;
const CLONE_THREAD = 0x0001_0000;
const NAME_BYTES = 16;
const ADDRESS_BYTES = 16;

const SOCKET_FIELDS = [
  ...(["common_pid", "skaddr", "oldstate", "newstate", "sport", "dport"] as const),
  ...(["family", "protocol", "saddr", "daddr", "saddr_v6", "daddr_v6"] as const),
];
const NEW_TASK_FIELDS = ["common_pid", "pid", "comm", "clone_flags"] as const;
const RENAME_FIELDS = ["pid", "newcomm"] as const;

/** Reads an event's `format` file; undefined where it is none or lacks one of the fields. */
function parseEventFormat<Field extends string>(
  text: string,
  needed: readonly Field[],
): EventFormat<Field> | undefined {
  const id = Number(/^ID: (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
  const fields = text.matchAll(/^\tfield:[^;\n]*?(\w+)(?:\[\d+\])?;\toffset:(\d+);/gm);
  const at = Object.fromEntries([...fields].map(([, name, offset]) => [name, Number(offset)]));
  return Number.isInteger(id) && needed.every((name) => Object.hasOwn(at, name))
    ? { id, at: at as Record<Field, number> }
    : undefined;
}

/** Decoders by the number of their event. */
export type TraceDecoders = ReadonlyMap<number, TraceDecoder>;

/** Decoders by the texts of the events' format files; undefined where a text is not understood. */
export function traceDecoders(socket: string, newTask: string, rename: string): TraceDecoders | undefined {
  const formats = [
    parseEventFormat(socket, SOCKET_FIELDS),
    parseEventFormat(newTask, NEW_TASK_FIELDS),
    parseEventFormat(rename, RENAME_FIELDS),
  ] as const;
  const [ofSocket, ofTask, ofName] = formats;
  if (ofSocket === undefined || ofTask === undefined || ofName === undefined) {
    return undefined;
  }
  return new Map([
    [ofSocket.id, socketDecoder(ofSocket)],
    [ofTask.id, newTaskDecoder(ofTask)],
    [ofName.id, renameDecoder(ofName)],
  ]);
}

function socketDecoder({ at }: EventFormat<(typeof SOCKET_FIELDS)[number]>): TraceDecoder {
  const end = Math.max(...Object.values(at)) + ADDRESS_BYTES;
  const endsOf = (page: Buffer, offset: number): HexEnds => {
    const v6 = page.readUInt16LE(offset + at.family) === AF_INET6;
    return {
      local: v6 ? words(page, offset + at.saddr_v6, 4) : words(page, offset + at.saddr, 1),
      localPort: page.readUInt16LE(offset + at.sport),
      remote: v6 ? words(page, offset + at.daddr_v6, 4) : words(page, offset + at.daddr, 1),
      remotePort: page.readUInt16LE(offset + at.dport),
    };
  };
  return (page, offset, length, time) => {
    if (length < end || page.readUInt16LE(offset + at.protocol) !== IPPROTO_TCP) {
      return undefined;
    }
    const newState = page.readInt32LE(offset + at.newstate);
    return {
      kind: "socket",
      time,
      thread: page.readInt32LE(offset + at.common_pid),
      // The upper 16 bits are the same for all addresses of the kernel.
      socket: page.readUIntLE(offset + at.skaddr, 6),
      oldState: page.readInt32LE(offset + at.oldstate),
      newState,
      ends: newState === SOCKET_STATES.established ? endsOf(page, offset) : undefined,
    };
  };
}

function newTaskDecoder({ at }: EventFormat<(typeof NEW_TASK_FIELDS)[number]>): TraceDecoder {
  const end = Math.max(at.common_pid + 4, at.pid + 4, at.comm + NAME_BYTES, at.clone_flags + 8);
  return (page, offset, length, time) => {
    if (length < end) {
      return undefined;
    }
    const sameProcess = (page.readUInt32LE(offset + at.clone_flags) & CLONE_THREAD) !== 0;
    return {
      kind: "task",
      time,
      thread: page.readInt32LE(offset + at.pid),
      name: nameAt(page, offset + at.comm),
      maker: { thread: page.readInt32LE(offset + at.common_pid), sameProcess },
    };
  };
}

function renameDecoder({ at }: EventFormat<(typeof RENAME_FIELDS)[number]>): TraceDecoder {
  const end = Math.max(at.pid + 4, at.newcomm + NAME_BYTES);
  return (page, offset, length, time) => {
    if (length < end) {
      return undefined;
    }
    const thread = page.readInt32LE(offset + at.pid);
    return { kind: "task", time, thread, name: nameAt(page, offset + at.newcomm), maker: undefined };
  };
}

function words(page: Buffer, offset: number, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) {
    const word = page.readUInt32LE(offset + i * 4).toString(16);
    text += word.toUpperCase().padStart(8, "0");
  }
  return text;
}

function nameAt(page: Buffer, offset: number): string {
  const text = page.toString("utf8", offset, offset + NAME_BYTES);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
