/** Rows of the Livestatus tables `hosts` and `services` as what the monitoring's configuration says of them. */
import type { MonitoredCheck, MonitoredHost } from "../src/model/monitoring.ts";
import { CellReader } from "./livestatus-cells.ts";
import type { Column } from "./livestatus-columns.ts";
import type { LivestatusRow } from "./livestatus-rows.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** Reads the hosts of a configuration; undefined for one whose name is refused. */
export function hostSetupReader(
  columns: readonly Column<"hostSetup">[],
): (row: LivestatusRow) => MonitoredHost | undefined {
  const reader = new CellReader(columns);
  return (row) => {
    const cells = reader.at(row);
    const host = cells.text("name");
    if (hostRefusal(host) !== undefined) {
      return;
    }
    const parents = cells.texts("parents");
    return { host, alias: cells.text("alias"), address: cells.text("address"), parents, ...setup(cells) };
  };
}

/** Reads the service checks of a configuration; undefined for one that is refused or has nothing to be told of. */
export function checkSetupReader(
  columns: readonly Column<"checkSetup">[],
): (row: LivestatusRow) => MonitoredCheck | undefined {
  const reader = new CellReader(columns);
  return (row) => {
    const cells = reader.at(row);
    const host = cells.text("host_name");
    const check = cells.text("description");
    const told = setup(cells);
    const isPlain = told.groups.length === 0 && told.actionUrl === "" && told.customVariables.size === 0;
    return isPlain || hostRefusal(host) !== undefined || checkRefusal(check) !== undefined
      ? undefined
      : { host, check, ...told };
  };
}

type SetupColumn = "groups" | "action_url" | "custom_variable_names" | "custom_variable_values";

function setup(cells: CellReader<SetupColumn>): Pick<MonitoredCheck, "groups" | "actionUrl" | "customVariables"> {
  const names = cells.texts("custom_variable_names");
  const values = names.length === 0 ? [] : cells.texts("custom_variable_values");
  return {
    groups: cells.texts("groups"),
    actionUrl: cells.text("action_url"),
    customVariables: names.length === 0 ? NO_VARIABLES : new Map(names.map((name, at) => [name, values[at] ?? ""])),
  };
}
