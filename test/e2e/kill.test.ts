/** The short form of `npm run kill`: `kill -9` of every process in turn, under load, at moments of chance. */
import { expect, it } from "vitest";
import { runKill } from "../long/run-kill.ts";
import { describeReal } from "../support/real.ts";

describeReal("kill -9 of every process under load", ["redis-server", "flock", "setpriv"], () => {
  it("loses no acknowledged report, no pushed state, no task, and no state of the monitoring", async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const killed = await runKill({ seconds: 12, hosts: 20, pause: 3, seed, say: () => undefined });
    expect({ seed, lost: killed.lost }).toEqual({ seed, lost: [] });
    expect(killed.kills.size + killed.stops.size).toBeGreaterThan(0);
    expect(killed.reports).toBeGreaterThan(50);
    expect(killed.pushes).toBeGreaterThan(10);
    expect(killed.real).toBeGreaterThan(0);
  }, 240_000);
});
