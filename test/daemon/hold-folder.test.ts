import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { holdFolder } from "../../src/daemon/hold-folder.ts";
import { Lifecycle } from "../../src/daemon/lifecycle.ts";
import { SILENT } from "../../src/logger.ts";
import { eventually } from "../support/process.ts";

it("keeps a second process off the folder until the first has ended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dotm-folder-"));
  const [first, second] = [new Lifecycle(SILENT), new Lifecycle(SILENT)];
  const hold = (lifecycle: Lifecycle) => holdFolder({ folder, lifecycle, onLost: () => undefined });
  await hold(first);
  await expect(hold(second)).rejects.toMatchObject({
    code: "DOTM_LOCKED",
    next: expect.stringContaining("data_dir"),
  });
  await first.stop();
  await hold(second);
  await second.stop();
  rmSync(folder, { recursive: true });
});

it("tells that the folder is another's by now, or gone; not where it cannot be looked at", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dotm-folder-"));
  const lock = join(folder, "process.lock");
  const lostAfter = async (act: () => void): Promise<string> => {
    const lifecycle = new Lifecycle(SILENT);
    const reasons: string[] = [];
    await holdFolder({ folder, lifecycle, onLost: ({ message }) => reasons.push(message), every: 10 });
    act();
    const message = await eventually("it is told", async () => reasons[0], 20_000, 10);
    await lifecycle.stop();
    return message;
  };
  expect(await lostAfter(() => rmSync(lock))).toContain("taken away");
  expect(await lostAfter(() => writeFileSync(lock, JSON.stringify({ id: "another", pid: 1 })))).toContain(folder);
  rmSync(lock);
  const reasons: string[] = [];
  const lifecycle = new Lifecycle(SILENT);
  await holdFolder({ folder, lifecycle, onLost: ({ message }) => reasons.push(message), every: 10 });
  const held = readFileSync(lock);
  const before = statSync(lock).mtimeMs;
  // A name that leads to itself: as without a file descriptor, it cannot be read.
  symlinkSync("process.lock", join(folder, "loop"));
  renameSync(join(folder, "loop"), lock);
  await delay(100);
  writeFileSync(join(folder, "held"), held);
  renameSync(join(folder, "held"), lock);
  await eventually("it is held again", async () => (statSync(lock).mtimeMs > before ? true : undefined), 20_000, 10);
  expect(reasons).toEqual([]);
  await lifecycle.stop();
  rmSync(folder, { recursive: true });
});
