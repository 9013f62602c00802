/** What `objectjson.cgi` of Nagios 4 says of the configuration: hosts, service checks and the groups of both (cgi/objectjson.c). */
import { checkKey } from "../src/model/ids.ts";
import type { MonitoredCheck, MonitoredHost } from "../src/model/monitoring.ts";
import { cgiName } from "./cgi-status.ts";
import { listField, objectField, objectOf, textField } from "./json-field.ts";
import type { JsonFields, JsonRow } from "./json-rows.ts";
import type { Warnings } from "./warnings.ts";

/** Where `objectjson.cgi` has its rows (see JsonRows). */
export const OBJECT_LISTS: ReadonlyMap<string, number> = new Map([
  ["result", 0],
  ["data.hostlist", 1],
  ["data.servicelist", 2],
  ["data.hostgrouplist", 1],
  ["data.servicegrouplist", 1],
]);

/** A configuration. */
export interface CgiObjects {
  readonly hosts: readonly MonitoredHost[];
  /** Checks that have a group, a link or a custom variable. */
  readonly checks: readonly MonitoredCheck[];
  /** Check commands with arguments, by `checkKey`. */
  readonly commands: ReadonlyMap<string, string>;
}

/** Collects the rows of all four lists. */
export class CgiObjectRows {
  readonly #warnings: Warnings;
  readonly #hosts = new Map<string, Omit<MonitoredHost, "groups">>();
  readonly #checks = new Map<string, Omit<MonitoredCheck, "groups">>();
  readonly #groups = new Map<string, string[]>();
  readonly #commands = new Map<string, string>();

  constructor(warnings: Warnings) {
    this.#warnings = warnings;
  }

  /** Takes a row of any of them. */
  take(row: JsonRow): void {
    if (row.list === "data.hostlist") {
      this.#takeHost(row);
    } else if (row.list === "data.servicelist") {
      this.#takeCheck(row);
    } else if (row.list === "data.hostgrouplist") {
      this.#takeMembers(row, (member) => checkKey(String(member), null));
    } else if (row.list === "data.servicegrouplist") {
      this.#takeMembers(row, (member) => {
        const names = objectOf(member);
        return checkKey(textField(names, "host_name"), textField(names, "service_description"));
      });
    }
  }

  /** The configuration that all rows taken make up. */
  finish(): CgiObjects {
    const groupsOf = (key: string) => this.#groups.get(key) ?? [];
    return {
      hosts: [...this.#hosts].map(([key, host]) => ({ groups: groupsOf(key), ...host })),
      checks: [...this.#checks]
        .map(([key, check]) => ({ groups: groupsOf(key), ...check }))
        .filter(
          ({ groups, actionUrl, customVariables }) => groups.length > 0 || actionUrl !== "" || customVariables.size > 0,
        ),
      commands: this.#commands,
    };
  }

  #takeHost({ keys, fields }: JsonRow): void {
    const name = cgiName(keys[0] ?? "", null, this.#warnings);
    if (name !== undefined) {
      const key = checkKey(name.host, null);
      this.#takeCommand(key, fields);
      const parents = listField(fields, "parent_hosts").filter((parent) => typeof parent === "string");
      this.#hosts.set(key, {
        host: name.host,
        alias: textField(fields, "alias"),
        address: textField(fields, "address"),
        parents,
        ...linksOf(fields),
      });
    }
  }

  #takeCheck({ keys, fields }: JsonRow): void {
    const name = cgiName(keys[0] ?? "", keys[1] ?? "", this.#warnings);
    if (name !== undefined && name.check !== null) {
      const key = checkKey(name.host, name.check);
      this.#takeCommand(key, fields);
      this.#checks.set(key, { host: name.host, check: name.check, ...linksOf(fields) });
    }
  }

  #takeCommand(key: string, fields: JsonFields): void {
    const command = textField(fields, "check_command");
    if (command !== "") {
      this.#commands.set(key, command);
    }
  }

  #takeMembers({ keys, fields }: JsonRow, keyOf: (member: unknown) => string): void {
    for (const key of listField(fields, "members").map(keyOf)) {
      const groups = this.#groups.get(key) ?? [];
      this.#groups.set(key, groups);
      groups.push(keys[0] ?? "");
    }
  }
}

function linksOf(fields: JsonFields): Pick<MonitoredHost, "actionUrl" | "customVariables"> {
  const variables = objectField(fields, "custom_variables");
  return {
    actionUrl: textField(fields, "action_url"),
    customVariables: new Map(Object.keys(variables).map((name) => [name, textField(variables, name)])),
  };
}
