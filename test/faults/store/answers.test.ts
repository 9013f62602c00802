/** Everything anybody can ask, while Redis is disturbed by chance: what goes wrong there is always told as such. */
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { type Logger, SILENT } from "../../../src/logger.ts";
import { requestsTo } from "../../long/fuzz/http-target.ts";
import { ask, framed } from "../../long/fuzz/raw-request.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { DisturbedRedis } from "../../support/disturbed-redis.ts";
import { eventually } from "../../support/process.ts";
import { between, oneOf, type Random, seeded } from "../../support/random.ts";
import { describeReal } from "../../support/real.ts";
import { loadHosts, sendRound } from "../../support/report-load.ts";

/** Seconds that faults last; `DOTM_DISTURBED=600` looks for longer. */
const SECONDS = Number(process.env["DOTM_DISTURBED"] ?? 8);

/** Who asks at once, and how many of a hundred go away before they are answered. */
const ASKERS = 6;
const GONE = 10;

/** Seconds that the daemon's clock goes on with each request, as limits of how often one may ask are not what is looked for. */
const STEP = 0.2;

describeReal("answers while Redis is disturbed", ["redis-server"], () => {
  let folder: string;
  let redis: DisturbedRedis;
  let daemon: Daemon;
  let ahead = 0;
  const unexpected: unknown[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-disturbed-"));
    redis = await DisturbedRedis.start(folder);
    const store = { url: `redis://127.0.0.1:${redis.proxy.port}` };
    const sources = [{ name: "alerts", site: null, type: "push", token: null, staleAfter: 86_400 }] as const;
    const now = () => Date.now() / 1_000 + ahead;
    const logger: Logger = {
      ...SILENT,
      error: (fields) => "status" in fields && fields.status === 500 && unexpected.push(fields),
    };
    daemon = await startDaemon({ config: daemonConfig(folder, store, { sources }), version: "0", logger, now });
    await sendRound([daemon], 1, loadHosts(5), now());
    await eventually("a site", async () => ((await fetch(`${daemon.url}host/app00`)).ok ? true : undefined));
  });
  afterEach(async () => {
    await daemon.stop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    "E29 whatever is asked or written meanwhile, no answer is 500; afterwards all is answered again",
    async ({ annotate }) => {
      const seed = Math.floor(Math.random() * 1e9);
      const random = seeded(seed);
      const statuses = new Map<number, number>();
      const port = Number(new URL(daemon.url).port);
      const requests = requestsTo(port).map(framed);
      let isOver = false;
      const asking = Array.from({ length: ASKERS }, async () => {
        while (!isOver) {
          ahead += STEP;
          const status = await askOnce(port, oneOf(random, requests), random);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      });
      const faults = await redis.disturb(random, SECONDS * 1_000);
      isOver = true;
      await Promise.all(asking);
      const counts = Object.fromEntries([...statuses].sort(([a], [b]) => a - b));
      expect({ seed, faults, unexpected, answers500: counts[500] ?? 0 }).toEqual({
        seed,
        faults,
        unexpected: [],
        answers500: 0,
      });
      await eventually("answers", async () => ((await fetch(`${daemon.url}hosts`)).ok ? true : undefined));
      const { 200: good = 0, 503: away = 0 } = counts;
      await annotate(`${faults.length} faults; ${good} answers 200, ${away} answers 503, none 500`, "figure");
      expect(Math.min(good, away)).toBeGreaterThan(0);
    },
    SECONDS * 1_000 + 60_000,
  );
});

/** Sends a request, or a part of it; resolves to the status of its answer, 0 for none. */
async function askOnce(port: number, bytes: Buffer, random: Random): Promise<number> {
  if (between(random, 1, 100) > GONE) {
    return (await ask(port, bytes)).status;
  }
  await new Promise<void>((gone) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes.subarray(0, between(random, 0, bytes.length))));
    socket.on("error", () => undefined).on("close", () => gone());
    setTimeout(() => socket.destroy(), between(random, 0, 50));
  });
  return 0;
}
