/** Who asks others over the network bounds how long that may take. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { timeLimit } from "../../agent/time-limit.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("ends after its time, though nobody holds it and garbage is collected meanwhile", async () => {
  const { signal } = new AbortController();
  const ended = new Promise((resolve) => timeLimit(signal, 200).addEventListener("abort", resolve, { once: true }));
  const garbage = setInterval(collectGarbage, 20);
  await ended;
  clearInterval(garbage);
});

it("ends with what it is a limit of, and tells why", () => {
  const end = new AbortController();
  const both = timeLimit(end.signal, 60_000);
  expect(both.aborted).toBe(false);
  end.abort("stopped");
  expect([both.aborted, both.reason]).toEqual([true, "stopped"]);
});
