import { expect, it } from "vitest";
import { getentHosts, sharedHosts } from "../../src/ingest/getent-hosts.ts";

it("is empty where the program is missing, and where none can be started at all", async () => {
  expect(await getentHosts("/nowhere/getent")).toEqual([]);
  // As without memory for another process, this throws at once.
  expect(await getentHosts("get\0ent")).toEqual([]);
});

it("is asked once for all who want it within ten seconds, also after the clock was set back", async () => {
  let now = 1_000;
  let asked = 0;
  const hosts = sharedHosts(
    () => now,
    async () => {
      asked += 1;
      return [{ address: "10.0.0.1", name: `db0${asked}` }];
    },
  );
  const crowd = await Promise.all(Array.from({ length: 100 }, hosts));
  expect([asked, new Set(crowd.map(([first]) => first?.name))]).toEqual([1, new Set(["db01"])]);
  now += 10;
  expect((await hosts())[0]?.name).toBe("db02");
  now -= 3_600;
  expect((await hosts())[0]?.name).toBe("db03");
});
