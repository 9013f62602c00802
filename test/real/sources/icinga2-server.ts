/** The site watched by a real Icinga 2, driven through its API. */
import { type RunningIcinga2, startIcinga2 } from "../../support/icinga2.ts";
import type { Deviation } from "./picture.ts";
import type { MonitoringServer } from "./server.ts";
import { CHECK_INTERVAL, HOSTS, SERVICES, STATES, type Target } from "./site.ts";

/** The server and the way to its API, Livestatus and files. */
export interface Icinga2Server extends MonitoringServer {
  readonly icinga: RunningIcinga2;
}

/** Starts it. */
export async function startIcinga2Server(): Promise<Icinga2Server> {
  const icinga = await startIcinga2({
    hosts: HOSTS,
    services: SERVICES,
    states: STATES,
    checkInterval: CHECK_INTERVAL,
  });
  const act = (action: string, on: Target, body: object) => icinga.act(action, { ...objectOf(on), ...body });
  return {
    icinga,
    deviations: DEVIATIONS,
    result: (on, code, text) => {
      const [plugin_output = "", performance = ""] = text.split("|");
      return act("process-check-result", on, {
        exit_status: code,
        plugin_output: plugin_output.trimEnd(),
        performance_data: performance.trim() === "" ? [] : performance.trim().split(" "),
      });
    },
    checkNow: (on) => act("reschedule-check", on, { force: true }),
    acknowledge: (on, kind, { author, text: comment }) =>
      act("acknowledge-problem", on, { author, comment, sticky: kind === "sticky", notify: false }),
    comment: (on, { author, text: comment }) => act("add-comment", on, { author, comment }),
    scheduleDowntime: (on, end, { author, text: comment }) =>
      act("schedule-downtime", on, { author, comment, start_time: Date.now() / 1000 - 1, end_time: end, fixed: true }),
    endDowntimes: (on) => act("remove-downtime", on, {}),
    stop: () => icinga.stop(),
  };
}

const DEVIATIONS: readonly Deviation[] = [
  {
    reason: "Icinga has what it never checked as SOFT",
    status: ({ state }) => (state === "PENDING" ? { stateType: "SOFT" } : undefined),
  },
  {
    reason: "Icinga counts attempts from 1 again once a state is HARD",
    status: ({ stateType, attempt }) => (stateType === "HARD" && attempt > 1 ? { attempt: 1 } : undefined),
  },
  {
    reason: "Icinga tries a check again even where its host is down, and calls it unreachable then",
    status: ({ check, output }) =>
      check === "PING" && output === "lost" ? { stateType: "SOFT", reachable: false } : undefined,
  },
  {
    reason: "Icinga's commands take their arguments from custom variables",
    check: ({ check, customVariables }) =>
      check === "Load" ? { customVariables: new Map([...customVariables, ["arg1", "load"]]) } : undefined,
  },
];

function objectOf({ host, check }: Target): object {
  return check === null ? { type: "Host", host } : { type: "Service", service: `${host}!${check}` };
}
