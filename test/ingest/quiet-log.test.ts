import { expect, it } from "vitest";
import { QuietLog } from "../../src/ingest/quiet-log.ts";
import { type Logger, SILENT } from "../../src/logger.ts";

it("warns of each reason once a minute, and counts it each time", () => {
  let now = 100;
  const warned: object[] = [];
  const logger: Logger = { ...SILENT, warn: (fields) => void warned.push(fields) };
  const quiet = new QuietLog(logger, () => now);
  expect(quiet.counts).toBeUndefined();
  quiet.warn("cannot be read", "ENOENT", { file: "x" });
  quiet.warn("cannot be read", "ENOENT", { file: "x" });
  quiet.warn("holds something odd", "no host name", { count: 5, example: "y" });
  expect(warned).toEqual([
    { reason: "ENOENT", file: "x" },
    { reason: "no host name", count: 5, example: "y" },
  ]);
  now += 60;
  quiet.warn("cannot be read", "ENOENT", { file: "x" });
  expect(warned).toHaveLength(3);
  expect(quiet.counts).toEqual({ ENOENT: 3, "no host name": 5 });
});

it("does not grow with reasons that were not meant to be so many", () => {
  const quiet = new QuietLog(SILENT, () => 0);
  for (let at = 0; at < 1000; at++) {
    quiet.warn("odd", `reason ${at}`, {});
  }
  expect(Object.keys(quiet.counts ?? {})).toHaveLength(101);
  expect(quiet.counts).toMatchObject({ "reason 0": 1, other: 900 });
});
