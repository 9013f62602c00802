import { appendFileSync, readFileSync, renameSync } from "node:fs";
import { expect, it } from "vitest";
import { createSource } from "../../src/ingest/create-source.ts";
import { SILENT } from "../../src/logger.ts";
import type { CheckStatus, SourceObservation } from "../../src/model/monitoring.ts";
import { startNagios } from "../support/nagios.ts";
import { describeReal } from "../support/real.ts";
import { Told } from "../support/told.ts";

const STATUS_INTERVAL = 15;

describeReal("the log of a real Nagios that writes its status file every 15 seconds", ["nagios4"], () => {
  it("tells states, acknowledgements and downtimes long before the status file, and what the file says then", async () => {
    const nagios = await startNagios({
      hosts: [{ name: "büro web" }],
      services: [
        { host: "büro web", name: "HTTP", check: "check_state!http", attempts: 2 },
        { host: "büro web", name: "Steady", check: "check_state!http" },
      ],
      states: { http: [0, "HTTP OK"] },
      checkInterval: 600,
      statusInterval: STATUS_INTERVAL,
      // SOFT states are logged only where this is set, as Nagios' sample configuration does.
      config: ["log_service_retries=1"],
    });
    await nagios.command("SCHEDULE_FORCED_SVC_CHECK;büro web;HTTP;1");
    // The first file is written before the first checks: the next one tells their results.
    await nagios.waitFor("büro web", "HTTP", (fields) => fields.get("has_been_checked") === "1", 60_000);
    const told = new Told();
    const now = () => Date.now() / 1000;
    const source = createSource(
      { name: "mon", site: null, type: "nagios", config: nagios.config, eventPipe: null },
      { sink: told.sink, logger: SILENT, now },
    );
    await source.start();
    try {
      expect(latest(told)).toMatchObject({ state: "OK", stateType: "HARD" });
      const before = await createdAt(nagios.statusFile);

      const milliseconds = await heardAfter(told, { state: "CRITICAL", stateType: "SOFT", attempt: 1 }, () =>
        nagios.command("PROCESS_SERVICE_CHECK_RESULT;büro web;HTTP;2;HTTP 503; no backend|time=2s"),
      );
      // The status file tells it after a quarter of a minute.
      expect(milliseconds).toBeLessThan(8_000);
      await heardAfter(told, { state: "CRITICAL", stateType: "HARD", attempt: 2 }, () =>
        nagios.command("PROCESS_SERVICE_CHECK_RESULT;büro web;HTTP;2;HTTP 503; no backend|time=2s"),
      );
      await heardAfter(told, { acknowledgement: "sticky" }, () =>
        nagios.command("ACKNOWLEDGE_SVC_PROBLEM;büro web;HTTP;2;0;0;ops;seen; ticket"),
      );
      const start = Math.floor(now());
      await heardAfter(told, { downtimeDepth: 1 }, () =>
        nagios.command(`SCHEDULE_SVC_DOWNTIME;büro web;HTTP;${start - 1};${start + 600};1;0;600;ops;work`),
      );
      expect(await createdAt(nagios.statusFile)).toBe(before);
      const early = latest(told);

      await told.until((seen) => seen.kind === "health" && seen.asOf > before, (STATUS_INTERVAL + 15) * 1000);
      expect(latest(told)).toEqual({
        ...early,
        lastCheck: expect.any(Number),
        lastChange: expect.any(Number),
        lastHardChange: expect.any(Number),
      });
      expect(Math.abs((latest(told)?.lastChange ?? 0) - (early?.lastChange ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs((latest(told)?.lastHardChange ?? 0) - (early?.lastHardChange ?? 0))).toBeLessThanOrEqual(1);
      expect(new Set(statesOf(told))).toEqual(new Set(["CRITICAL"]));

      // What comes after the log was rotated by somebody else is heard too.
      renameSync(nagios.logFile, `${nagios.logFile}.1`);
      appendFileSync(nagios.logFile, readFileSync(`${nagios.logFile}.1`));
      const line = `[${Math.floor(now())}] SERVICE ALERT: büro web;HTTP;OK;HARD;2;from the new log\n`;
      await heardAfter(told, { state: "OK", acknowledgement: "none" }, async () =>
        appendFileSync(nagios.logFile, line),
      );
    } finally {
      await source.stop();
      await nagios.stop();
    }
  });
});

/** Milliseconds from doing something until the service is told to be so. */
async function heardAfter(told: Told, fields: Partial<CheckStatus>, act: () => Promise<void>): Promise<number> {
  told.clear();
  const start = performance.now();
  await act();
  await told.until((seen: SourceObservation) =>
    servicesIn([seen]).some((status) =>
      Object.entries(fields).every(([key, value]) => status[key as "state"] === value),
    ),
  );
  return performance.now() - start;
}

function latest(told: Told): CheckStatus | undefined {
  return servicesIn(told.all).at(-1);
}

function statesOf(told: Told): string[] {
  return servicesIn(told.all).map(({ state }) => state);
}

function servicesIn(all: readonly SourceObservation[]): CheckStatus[] {
  const statuses = all.flatMap((seen) => (seen.kind === "states" ? seen.statuses : []));
  return statuses.filter(({ check }) => check === "HTTP");
}

function createdAt(file: string): number {
  return Number(/created=(\d+)/.exec(readFileSync(file, "latin1"))?.[1]);
}
