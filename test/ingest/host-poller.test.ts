import { expect, it } from "vitest";
import { HostPoller, type PolledHost } from "../../src/ingest/host-poller.ts";
import { SILENT } from "../../src/logger.ts";
import { eventually } from "../support/process.ts";

const truth = (what: string, is: () => boolean) => eventually(what, async () => is() || undefined, 20_000, 10);

function poller(hosts: readonly PolledHost[], { interval = 3_600, parallel = 8 } = {}) {
  const failed: string[] = [];
  const said: unknown[] = [];
  const parameters = { interval, parallel };
  const polling = new HostPoller({
    hosts,
    parameters: () => parameters,
    failed: (host, reason) => failed.push(`${host}: ${reason}`),
    log: { ...SILENT, info: (fields: unknown, text?: string) => said.push([fields, text]) },
    now: () => Date.now() / 1000,
  });
  return { polling, failed, said };
}

it("tells the log when all were asked for the first time", async () => {
  const hosts = ["db01", "db02"].map((host) => ({ host, ask: async () => undefined }));
  const { polling, said } = poller(hosts);
  polling.start();
  await truth("it is told", () => said.length > 0);
  await polling.stop();
  expect(said).toEqual([[{ asked: 2, hosts: 2, failed: 0 }, "all hosts were asked for their report"]]);
});

it("tells each failure, and asks the host again later", async () => {
  const known: (string | undefined)[] = [];
  const host = {
    host: "db01",
    ask: async () => {
      const times = known.push(polling.progress.failed.get("db01"));
      if (times < 3) {
        throw new Error(`attempt ${times}`);
      }
    },
  };
  const { polling, failed } = poller([host], { interval: 0.01 });
  polling.start();
  await truth("three attempts", () => known.length > 2);
  await truth("no failure", () => polling.progress.failed.size === 0);
  await polling.stop();
  expect(known.slice(0, 3)).toEqual([undefined, "attempt 1", "attempt 2"]);
  expect(failed).toEqual(["db01: attempt 1", "db01: attempt 2"]);
});

it("gives up what runs when it is stopped", async () => {
  const host = {
    host: "slow",
    ask: (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(new Error("given up")))),
  };
  const { polling, failed } = poller([host]);
  polling.start();
  await polling.stop();
  expect(failed).toEqual([]);
});

it("asks a host that is added while it runs, and no more one that is taken away", async () => {
  const asked: string[] = [];
  const host = (name: string): PolledHost => ({ host: name, ask: async () => void asked.push(name) });
  const [first, second] = [host("a"), host("b")];
  const { polling } = poller([first], { interval: 0.01 });
  polling.start();
  polling.follow([first, second]);
  await truth("both asked", () => asked.includes("a") && asked.includes("b"));
  expect(polling.progress.hosts).toBe(2);
  polling.follow([second]);
  asked.length = 0;
  await truth("b asked again", () => asked.length > 1);
  expect(asked).not.toContain("a");
  await polling.stop();
});
