/** The short form of `npm run soak`: a site under load while Redis is restarted twice. */
import { expect, it } from "vitest";
import { runSoak } from "../long/run-soak.ts";
import { quantile } from "../long/samples.ts";
import { describeReal } from "../support/real.ts";

describeReal("a site under load", ["redis-server"], () => {
  it("loses no acknowledged report, no final state and no page while Redis is killed, and stopped for a while", async () => {
    const soaked = await runSoak({
      ...{ minutes: 0.4, hosts: 100, interval: 3, away: 3, seed: Math.floor(Math.random() * 1e9) },
      say: () => undefined,
    });
    expect(soaked.lost).toEqual([]);
    expect(soaked.missedPages).toEqual([]);
    expect(soaked.reports).toBeGreaterThan(500);
    expect(soaked.events).toBeGreaterThan(0);
    expect(
      quantile(
        soaked.samples.map(({ daemon }) => daemon),
        1,
      ),
    ).toBeLessThan(512);
  }, 180_000);
});
