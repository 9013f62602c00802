import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TraceEvent, traceDecoders } from "../../agent/trace-events.ts";
import { readTracePage } from "../../agent/trace-page.ts";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/tracefs/${name}`, import.meta.url));
}

const PAGE = fixture("page.bin");
const FORMATS = ["inet_sock_set_state", "task_newtask", "task_rename"].map((name) => `${fixture(`${name}.format`)}`);

function decoders() {
  const [socket = "", newTask = "", rename = ""] = FORMATS;
  return traceDecoders(socket, newTask, rename);
}

function eventsIn(page: Buffer): TraceEvent[] {
  return readTracePage(page).flatMap(({ offset, length, time }) => {
    const event = decoders()?.get(page.readUInt16LE(offset))?.(page, offset, length, time);
    return event === undefined ? [] : [event];
  });
}

describe("a page of the trace buffer", () => {
  it("tells connections with both their ends, by the thread that made them", () => {
    const events = eventsIn(PAGE);
    expect(events).toHaveLength(29);
    expect(events.slice(0, 2)).toMatchObject([
      { kind: "socket", thread: 17_687, oldState: 7, newState: 2, ends: undefined },
      {
        kind: "socket",
        oldState: 2,
        newState: 1,
        ends: { local: "0100007F", localPort: 38_648, remote: "0100007F", remotePort: 8081 },
      },
    ]);
    const ends = events.flatMap((event) => (event.kind === "socket" && event.ends ? [event.ends] : []));
    expect(ends.map(({ local, localPort }) => `${local}:${localPort}`)).toContain(
      "0000000000000000FFFF00000100007F:8082",
    );
    expect(ends.map(({ remote, remotePort }) => `${remote}:${remotePort}`)).toContain(
      "00000000000000000000000001000000:8083",
    );
  });

  it("tells threads from processes, and the names that programs take", () => {
    expect(eventsIn(PAGE).filter(({ kind }) => kind === "task")).toMatchObject([
      { thread: 17_738, name: "python3", maker: { thread: 17_687, sameProcess: true } },
      { thread: 17_740, name: "python3", maker: { thread: 17_687, sameProcess: false } },
      { thread: 17_740, name: "curl", maker: undefined },
    ]);
  });

  it("carries times in order", () => {
    const times = readTracePage(PAGE).map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300_000_000);
  });

  it("gives of a page that is cut what stands before the cut", () => {
    const all = eventsIn(PAGE).map((event) => JSON.stringify(event));
    fc.assert(
      fc.property(fc.nat(PAGE.length), (length) => {
        const some = eventsIn(PAGE.subarray(0, length)).map((event) => JSON.stringify(event));
        expect(some).toEqual(all.slice(0, some.length));
      }),
    );
  });

  it("never throws, whatever the page and the formats hold", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        eventsIn(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(PAGE.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const page = Buffer.from(PAGE);
        for (const [at, byte] of changes) {
          page[at] = byte;
        }
        eventsIn(page);
      }),
    );
  });

  it("understands no other formats", () => {
    const [socket = "", newTask = "", rename = ""] = FORMATS;
    expect(traceDecoders(socket.replace("skaddr", "sock"), newTask, rename)).toBeUndefined();
    expect(traceDecoders(socket, newTask, "")).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.nat(socket.length), (text, length) => {
        expect(traceDecoders(text, newTask, rename)).toBeUndefined();
        traceDecoders(socket.slice(0, length), newTask, rename);
      }),
    );
  });
});
