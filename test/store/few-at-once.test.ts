import { expect, it } from "vitest";
import { FewAtOnce } from "../../src/store/few-at-once.ts";

it("does so many at a time, lets others wait for their turn, and sends those away for whom there is no room", async () => {
  const few = new FewAtOnce(2, 3);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const ask = (n: number) =>
    few.run(async () => {
      begun.push(n);
      await new Promise<void>((end) => ends.push(end));
      return n;
    });
  const asked = [1, 2, 3, 4, 5].map(ask);
  await expect(ask(6)).rejects.toMatchObject({ code: "DOTM_BUSY" });
  expect(begun).toEqual([1, 2]);
  ends.shift()?.();
  expect(await asked[0]).toBe(1);
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  const failed = expect(few.run(() => Promise.reject(new Error("none")))).rejects.toThrow("none");
  const end = setInterval(() => ends.shift()?.(), 1);
  expect(await Promise.all(asked)).toEqual([1, 2, 3, 4, 5]);
  clearInterval(end);
  await failed;
  // All seats are free again.
  expect(await Promise.all([few.run(async () => "a"), few.run(async () => "b")])).toEqual(["a", "b"]);
});
