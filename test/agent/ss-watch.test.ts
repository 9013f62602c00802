import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { parseSsEvent } from "../../agent/ss-events.ts";
import { SsWatch } from "../../agent/ss-watch.ts";

const decode = createAddressDecoder("LE");
let children: ChildProcess[] = [];

/** A program in the place of ss, which prints and then waits, or ends. */
function watchOf(script: string): SsWatch {
  return new SsWatch({
    spawn: () => {
      const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] });
      children.push(child);
      return child;
    },
    parse: (line) => parseSsEvent(line, decode, "LE"),
    remark: "no process",
  });
}

afterEach(() => {
  for (const child of children) {
    child.kill("SIGKILL");
  }
  children = [];
});

const LINE = "UNCONN 0 0 127.0.0.1:51634 127.0.0.1:38051";

describe("SsWatch", () => {
  it("keeps what ended, and is complete from the second look on", async () => {
    const watch = watchOf(`echo "${LINE}"; exec sleep 60`);
    watch.start();
    await once(children[0]?.stdout as NodeJS.ReadableStream, "data");
    expect(watch.take()).toMatchObject({
      level: "ss",
      opened: [{ localPort: 51_634, remotePort: 38_051 }],
      complete: false,
      lost: 0,
      notes: ["no process"],
    });
    expect(watch.take()).toMatchObject({ opened: [], complete: true });
    watch.stop();
    await once(children[0] as ChildProcess, "close");
  });

  it("starts a stream again that broke off, says so, and takes no half line for a whole one", async () => {
    const watch = watchOf(`printf "${LINE}\\n${LINE}"; echo "No buffer space available" >&2; exit 1`);
    watch.start();
    watch.take();
    await once(children[0] as ChildProcess, "close");
    const { opened, complete, notes, level } = watch.take();
    expect(opened).toHaveLength(1);
    expect([complete, level]).toEqual([false, "proc"]);
    expect(notes.join()).toContain("No buffer space available");
    expect(children).toHaveLength(2);
    watch.stop();
  });

  it("says where there is no such program", async () => {
    const watch = new SsWatch({
      spawn: () => spawn("/nonexistent/ss", { stdio: ["ignore", "pipe", "pipe"] }),
      parse: () => undefined,
      remark: "",
    });
    watch.start();
    await new Promise((resolve) => setImmediate(resolve));
    await expect.poll(() => watch.take().notes.join()).toContain("ENOENT");
    watch.stop();
  });

  it("sends no signal to a program that could not be started, as it would reach the agent's own process group", () => {
    const signals: unknown[] = [];
    const watch = new SsWatch({
      spawn: () => {
        const child = spawn("/nonexistent/ss", { stdio: ["ignore", "pipe", "pipe"] });
        child.kill = (signal) => signals.push(signal) > 0;
        return child;
      },
      parse: () => undefined,
      remark: "",
    });
    watch.start();
    watch.stop();
    expect(signals).toEqual([]);
  });
});
