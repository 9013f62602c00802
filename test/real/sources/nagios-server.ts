/** The site watched by a real Nagios 4, driven through its command pipe and shown by its CGIs. */
import { type RunningNagios, startNagios } from "../../support/nagios.ts";
import { type NagiosCgis, startNagiosCgis } from "../../support/nagios-cgis.ts";
import type { Deviation } from "./picture.ts";
import type { MonitoringServer } from "./server.ts";
import { CHECK_INTERVAL, HOSTS, SERVICES, STATES, type Target } from "./site.ts";

/** The server, and the ways to its files and its CGIs. */
export interface NagiosServer extends MonitoringServer {
  readonly nagios: RunningNagios;
  readonly cgis: NagiosCgis;
}

/** Starts it. */
export async function startNagiosServer(): Promise<NagiosServer> {
  const nagios = await startNagios({
    hosts: HOSTS,
    services: SERVICES,
    states: STATES,
    checkInterval: CHECK_INTERVAL,
    config: [
      // SOFT states are logged only where this is set, as Nagios' sample configuration does.
      "log_service_retries=1",
      // A passive DOWN of a host behind one that is down is UNREACHABLE.
      "translate_passive_host_checks=1",
    ],
  });
  const send = (command: string, on: Target, ...words: (string | number)[]) =>
    nagios.command([command.replace("*", on.check === null ? "HOST" : "SVC"), ...nameOf(on), ...words].join(";"));
  const cgis = await startNagiosCgis(nagios);
  return {
    nagios,
    cgis,
    deviations: DEVIATIONS,
    result: (on, code, output) => {
      const command = on.check === null ? "PROCESS_HOST_CHECK_RESULT" : "PROCESS_SERVICE_CHECK_RESULT";
      return send(command, on, code, output.replaceAll("\\", "\\\\").replaceAll("\n", "\\n"));
    },
    checkNow: (on) => send("SCHEDULE_FORCED_*_CHECK", on, seconds()),
    acknowledge: (on, kind, { author, text }) =>
      send("ACKNOWLEDGE_*_PROBLEM", on, kind === "sticky" ? 2 : 1, 0, 0, author, text),
    comment: (on, { author, text }) => send("ADD_*_COMMENT", on, 1, author, text),
    scheduleDowntime: (on, end, { author, text }) =>
      send("SCHEDULE_*_DOWNTIME", on, seconds() - 1, end, 1, 0, 0, author, text),
    endDowntimes: (on) => send("DEL_DOWNTIME_BY_HOST_NAME", on),
    stop: async () => {
      await cgis.stop();
      await nagios.stop();
    },
  };
}

const DEVIATIONS: readonly Deviation[] = [
  {
    reason: "Nagios writes `:` for `;` in the first line of output, since `;` parts the fields of its own files",
    status: ({ output }) => (output.includes(";") ? { output: output.replaceAll(";", ":") } : undefined),
  },
  {
    reason: "Nagios takes a state for changed once more when it turns from SOFT to HARD",
    status: ({ state, attempt, lastCheck }) =>
      state === "CRITICAL" && attempt > 1 ? { lastChange: lastCheck } : undefined,
  },
  {
    reason: "Nagios takes the words of a downtime's author up to the first `;` only",
    downtime: ({ text }) => (text.includes(";") ? { text: text.slice(0, text.indexOf(";")) } : undefined),
  },
];

function nameOf({ host, check }: Target): string[] {
  return check === null ? [host] : [host, check];
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
