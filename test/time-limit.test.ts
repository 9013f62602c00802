/** Both rooms that ask others over the network bound how long that may take, each for itself: the agent knows nobody. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { timeLimit as limitOfAgent } from "../agent/time-limit.ts";
import { timeLimit } from "../src/time-limit.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it.each([
  ["here", timeLimit],
  ["of the agent", limitOfAgent],
])("a limit ends after its time, though nobody holds it and garbage is collected meanwhile (%s)", async (_, limit) => {
  const { signal } = new AbortController();
  const ended = new Promise((resolve) => limit(signal, 200).addEventListener("abort", resolve, { once: true }));
  const garbage = setInterval(collectGarbage, 20);
  await ended;
  clearInterval(garbage);
});

it.each([
  ["here", timeLimit],
  ["of the agent", limitOfAgent],
])("a limit ends with what it is a limit of, and tells why (%s)", (_, limit) => {
  const end = new AbortController();
  const both = limit(end.signal, 60_000);
  expect(both.aborted).toBe(false);
  end.abort("stopped");
  expect([both.aborted, both.reason]).toEqual([true, "stopped"]);
});
