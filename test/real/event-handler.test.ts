import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createSource } from "../../src/ingest/create-source.ts";
import { SILENT } from "../../src/logger.ts";
import type { CheckStatus, SourceObservation } from "../../src/model/monitoring.ts";
import { startNagios } from "../support/nagios.ts";
import { describeReal } from "../support/real.ts";
import { Told } from "../support/told.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAME = "HTTP #1 + C:\\ Größe";

describeReal("the global event handlers of a real Nagios whose status file comes every minute", ["nagios4"], () => {
  it("tell each change at once through the pipe, by the shell and by dotm event, and nothing waits without DOTM", async () => {
    const nagios = await startNagios({
      hosts: [{ name: "web 01", check: "check_state!host" }],
      services: [{ host: "web 01", name: NAME, check: "check_state!http", attempts: 2 }],
      states: { http: [0, "HTTP OK"], host: [0, "UP"] },
      checkInterval: 600,
      statusInterval: 2,
      config: [
        "enable_event_handlers=1",
        "global_service_event_handler=dotm-service-event",
        "global_host_event_handler=dotm-host-event-by-cli",
      ],
      also: handlersInto,
    });
    const pipe = join(nagios.folder, "run/events.fifo");
    await nagios.command(`SCHEDULE_FORCED_SVC_CHECK;web 01;${NAME};1`);
    await nagios.waitFor("web 01", NAME, (fields) => fields.get("has_been_checked") === "1", 60_000);
    const told = new Told();
    // A copy of the status file that nobody writes any more: whatever is told now came through the pipe.
    const statusFile = join(nagios.folder, "status.copy");
    writeFileSync(statusFile, readFileSync(nagios.statusFile));
    const files = {
      statusFile,
      objectsFile: nagios.objectsCache,
      logFile: null,
      eventPipe: pipe,
      updateInterval: 10,
      intervalLength: 60,
    };
    const now = () => Date.now() / 1000;
    const source = createSource(
      { name: "mon", site: null, type: "status-file", ...files },
      { sink: told.sink, logger: SILENT, now },
    );
    await source.start();
    try {
      const critical = () => nagios.command(`PROCESS_SERVICE_CHECK_RESULT;web 01;${NAME};2;HTTP 503`);
      const soft = await heard(told, critical, ({ check, state }) => check === NAME && state === "CRITICAL");
      expect(soft).toMatchObject({ stateType: "SOFT", attempt: 1 });
      const hard = await heard(told, critical, ({ check, stateType }) => check === NAME && stateType === "HARD");
      expect(hard).toMatchObject({ state: "CRITICAL", attempt: 2 });
      const down = () => nagios.command("PROCESS_HOST_CHECK_RESULT;web 01;1;no answer");
      expect(await heard(told, down, ({ check }) => check === null)).toMatchObject({ state: "DOWN" });
    } finally {
      await source.stop();
    }
    // Without a reader the handlers fail at once: Nagios goes on as fast as before.
    await nagios.command(`PROCESS_SERVICE_CHECK_RESULT;web 01;${NAME};0;HTTP OK`);
    await nagios.waitFor("web 01", NAME, (fields) => fields.get("current_state") === "0", 10_000);
    await nagios.stop();
  });
});

/** The handlers we ship, and the one by the command line, writing into a pipe below the folder. */
function handlersInto(folder: string, nagiosGroup: number): string {
  const run = join(folder, "run");
  mkdirSync(run);
  chownSync(run, process.getuid?.() ?? 0, nagiosGroup);
  chmodSync(run, 0o2775);
  const shipped = readFileSync(join(ROOT, "nagios/etc/dotm-events.cfg"), "utf8");
  const macros = "--time '$TIMET$' --host '$HOSTNAME$' --state '$HOSTSTATE$' --type '$HOSTSTATETYPE$'";
  const command = `${process.execPath} ${ROOT}bin/dotm.js event ${macros} --pipe ${run}/events.fifo`;
  const byCli = `define command {\n  command_name  dotm-host-event-by-cli\n  command_line  ${command}\n}\n`;
  return shipped.replaceAll("/run/dotm/", `${run}/`) + byCli;
}

/** What is told of an object after doing something. */
async function heard(told: Told, act: () => Promise<void>, is: (status: CheckStatus) => boolean): Promise<CheckStatus> {
  told.clear();
  await act();
  const found = (seen: SourceObservation) => (seen.kind === "states" ? seen.statuses.find(is) : undefined);
  const seen = await told.until((each) => found(each) !== undefined, 10_000);
  return found(seen) as CheckStatus;
}
