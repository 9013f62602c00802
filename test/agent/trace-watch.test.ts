import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { ProcessTable } from "../../agent/process.ts";
import { Tasks } from "../../agent/tasks.ts";
import { type TraceDecoders, traceDecoders } from "../../agent/trace-events.ts";
import { lostIn, type TraceInstance } from "../../agent/trace-instance.ts";
import { TraceWatch } from "../../agent/trace-watch.ts";
import { FakeProc } from "./fake-proc.ts";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/tracefs/${name}`, import.meta.url));
}

const DECODERS = traceDecoders(
  ...(["inet_sock_set_state", "task_newtask", "task_rename"].map((name) => `${fixture(`${name}.format`)}`) as [
    string,
    string,
    string,
  ]),
) as TraceDecoders;

/** Buffers that are filled by hand. */
class FakeInstance implements TraceInstance {
  readonly decoders = DECODERS;
  pages: Buffer[] = [];
  gone = false;
  closed = false;
  overruns = 0;

  read(visit: (page: Buffer) => void): void {
    if (this.gone) {
      throw new Error("ENODEV");
    }
    for (const page of this.pages.splice(0)) {
      visit(page);
    }
  }

  lost(): number {
    return this.overruns;
  }

  close(): void {
    this.closed = true;
  }
}

let watch: TraceWatch | undefined;
afterEach(() => watch?.stop());

function start(clock = () => Number.POSITIVE_INFINITY) {
  const proc = new FakeProc([{ pid: 17_687, name: "python3" }], { "17687/status": "Tgid:\t17687\n" });
  const processes = new ProcessTable(proc);
  const instances: FakeInstance[] = [];
  const open = () => {
    const instance = new FakeInstance();
    instances.push(instance);
    return instance;
  };
  watch = new TraceWatch({ open, tasks: new Tasks(proc, processes), decodeAddress: createAddressDecoder("LE"), clock });
  watch.start();
  return { watch, instances };
}

describe("TraceWatch", () => {
  it("tells what the kernel's pages tell: who connected, by every thread and program", () => {
    const { watch, instances } = start();
    watch.take();
    instances[0]?.pages.push(fixture("page.bin"));
    const { level, opened, complete, lost } = watch.take();
    expect({ level, complete, lost }).toEqual({ level: "tracefs", complete: true, lost: 0 });
    const told = opened.map(
      ({ direction, owner, remote, localPort, remotePort, times }) =>
        `${direction} ${owner?.name} ${remote} ${direction === "in" ? localPort : remotePort} ${times}`,
    );
    // Its thread counts as itself; the program that has ended is known by its name.
    expect(told.sort()).toEqual([
      "in python3 127.0.0.1 8081 2",
      "in python3 127.0.0.1 8082 1",
      "in python3 ::1 8083 1",
      "out curl 127.0.0.1 8081 1",
      "out python3 127.0.0.1 8081 2",
      "out python3 127.0.0.1 8082 1",
      "out python3 ::1 8083 1",
    ]);
  });

  it("takes what several processors saw in the order of time, and leaves the newest for the next time", () => {
    const page = fixture("page.bin");
    let now = 0;
    const { watch, instances } = start(() => now);
    instances[0]?.pages.push(page);
    expect(watch.take().opened).toEqual([]);
    now = Number.POSITIVE_INFINITY;
    expect(watch.take().opened).toHaveLength(7);
  });

  it("is not complete at the first look, nor where the kernel lost events", () => {
    const { watch, instances } = start();
    expect(watch.take().complete).toBe(false);
    expect(watch.take().complete).toBe(true);
    (instances[0] as FakeInstance).overruns = 7;
    expect(watch.take()).toMatchObject({ complete: false, lost: 7 });
    expect(watch.take()).toMatchObject({ complete: true, lost: 0 });
  });

  it("begins a stream anew that broke off, and says so once", () => {
    const { watch, instances } = start();
    watch.take();
    (instances[0] as FakeInstance).gone = true;
    expect(watch.take()).toMatchObject({ level: "proc", complete: false, notes: [expect.stringContaining("ENODEV")] });
    expect(instances.map(({ closed }) => closed)).toEqual([true, false]);
    expect(watch.take()).toMatchObject({ level: "tracefs", complete: true, notes: [] });
  });

  it("reads how many events were lost from the kernel's figures", () => {
    const stats = "entries: 0\noverrun: 3\ncommit overrun: 1\nbytes: 0\ndropped events: 2\nread events: 9\n";
    expect(lostIn(stats)).toBe(6);
    expect(lostIn("")).toBe(0);
  });
});
