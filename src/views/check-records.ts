/** The records of one host's checks that Redis readers of the original know. */
import type { HostCheckRecord, ServiceCheckRecord } from "../model/changes.ts";
import { type CheckView, isHandled } from "../model/problem.ts";
import { type CheckState, isProblem, type State, worse } from "../model/state.ts";
import { hostStateOf } from "./host-graph-view.ts";

/** Records of all service checks of a host, in the order given. `processOf` names the process of a service id. */
export function serviceCheckRecords(
  host: string,
  checks: readonly CheckView[],
  processOf: (id: string) => string | null,
): ServiceCheckRecord[] {
  return checks.map(({ status, mapping, handling }) => {
    const services = mapping?.services ?? [];
    return {
      node: host,
      service: status.check ?? "",
      status: asCheckState(status.state),
      lastCheck: status.lastCheck,
      lastStatusChange: status.lastChange,
      statusInformation: status.output,
      mapping: services.map(processOf).find((process) => process !== null) ?? null,
      services,
      mappedBy: mapping?.evidence[0]?.kind ?? null,
      ambiguous: mapping?.ambiguous ?? false,
      handled: isHandled(handling),
      soft: handling.soft,
    };
  });
}

/** Record of the host's own check, with what its failing service checks say; undefined where no source knows the host. */
export function hostCheckRecord(
  host: string,
  own: CheckView | undefined,
  checks: readonly ServiceCheckRecord[],
): HostCheckRecord | undefined {
  const status = hostStateOf(own);
  if (own === undefined || status === null) {
    return undefined;
  }
  const servicesAlerts: Record<string, CheckState> = Object.create(null);
  const otherAlerts: Record<string, CheckState> = Object.create(null);
  for (const check of checks) {
    if (isProblem(check.status)) {
      const alerts = check.mapping === null ? otherAlerts : servicesAlerts;
      const name = check.mapping ?? check.service;
      alerts[name] = worse(alerts[name] ?? "OK", check.status);
    }
  }
  return {
    node: host,
    status,
    lastCheck: own.status.lastCheck,
    lastStatusChange: own.status.lastChange,
    statusInformation: own.status.output,
    servicesAlerts,
    otherAlerts,
  };
}

function asCheckState(state: State): CheckState {
  return state === "UP" || state === "DOWN" || state === "UNREACHABLE" ? "UNKNOWN" : state;
}
