import { expect, it } from "vitest";
import { TimeSlices } from "../../src/store/time-slices.ts";

it("lets one of all works go on in each round of the event loop, in turn, until all are done", async () => {
  let told = "";
  const work = async (name: string) => {
    const slices = new TimeSlices(0);
    for (let piece = 0; piece < 3; piece += 1) {
      told += name;
      await slices.next();
    }
  };
  let isDone = false;
  const round = (): void => {
    told += "|";
    if (!isDone) {
      setImmediate(round);
    }
  };
  const works = Promise.all(["a", "b", "c"].map(work));
  setImmediate(round);
  await works;
  isDone = true;
  expect(told.replaceAll(/\|+/g, "|")).toMatch(/^abc\|?a\|b\|c\|a\|b\|c\|/);
});
