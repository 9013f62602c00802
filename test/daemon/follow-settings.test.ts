import { expect, it } from "vitest";
import { SettingsFollower } from "../../src/daemon/follow-settings.ts";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/model/settings.ts";

function withSnapshotsEvery(interval: number): Settings {
  return { ...DEFAULT_SETTINGS, history: { ...DEFAULT_SETTINGS.history, interval } };
}

it("reads again for who tells of a change while a reading is under way, once for all of them", async () => {
  const answers: ((settings: Settings) => void)[] = [];
  const reader = { settings: () => new Promise<Settings>((resolve) => answers.push(resolve)) };
  const follower = new SettingsFollower(reader, SILENT);
  const before = follower.look();
  const after = [follower.look(), follower.look()];
  answers[0]?.(withSnapshotsEvery(60));
  await before;
  expect(follower.current.history.interval).toBe(60);
  await Promise.resolve();
  expect(answers).toHaveLength(2);
  answers[1]?.(withSnapshotsEvery(120));
  await Promise.all(after);
  expect(follower.current.history.interval).toBe(120);
  await follower.stop();
});
