/** What is known of one Icinga 2: the rows of its hosts and service checks, and what of it was told. */
import { type Attrs, textAt } from "../../nagios/icinga2-attrs.ts";
import { commandText } from "../../nagios/icinga2-command.ts";
import type { ResultEvent } from "../../nagios/icinga2-event.ts";
import { monitoredCheck, monitoredHost, type ParentHost, withParents } from "../../nagios/icinga2-objects.ts";
import { type Icinga2Row, nameOf, rowAfter, rowOf } from "../../nagios/icinga2-row.ts";
import { openVars } from "../../nagios/icinga2-vars.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import { Warnings } from "../../nagios/warnings.ts";
import { compareIds } from "../model/compare.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { CheckStatus, MonitoredCheck, MonitoredHost } from "../model/monitoring.ts";
import { StatusIndex } from "./status-index.ts";
import { type StatusNews, ToldStatuses } from "./told-statuses.ts";

/** One reading of everything, while it comes in. Hosts first: a service check's command uses its host's variables. */
export class Icinga2Reading {
  readonly warnings = new Warnings();
  readonly rows = new StatusIndex<Icinga2Row>();
  readonly #hosts: MonitoredHost[] = [];
  readonly #checks: MonitoredCheck[] = [];
  readonly #vars = new Map<string, ReadonlyMap<string, unknown>>();
  readonly #pairs: ParentHost[] = [];
  #mark = 0;

  /** A number for `objects`, whatever their order; other objects have another one. */
  get mark(): number {
    return this.#mark;
  }

  takeHost(attrs: Attrs): void {
    const name = nameOf(attrs, false, this.warnings);
    if (name === undefined) {
      return;
    }
    const vars = openVars(attrs);
    const command = commandText(textAt(attrs, "check_command"), vars, new Map());
    this.#vars.set(name.host, vars);
    this.rows.set(name, rowOf(name, attrs, command, this.warnings));
    this.#hosts.push(this.#marked(monitoredHost(name, attrs)));
  }

  takeService(attrs: Attrs): void {
    const name = nameOf(attrs, true, this.warnings);
    if (name === undefined) {
      return;
    }
    const ofHost = this.#vars.get(name.host) ?? new Map();
    const command = commandText(textAt(attrs, "check_command"), openVars(attrs), ofHost);
    this.rows.set(name, rowOf(name, attrs, command, this.warnings));
    const check = monitoredCheck(name, attrs);
    if (check !== undefined) {
      this.#checks.push(this.#marked(check));
    }
  }

  takeParent(pair: ParentHost): void {
    this.#pairs.push(this.#marked(pair));
  }

  /** Hosts with their parents, and checks; in the order of their names, since Icinga 2 answers in any. */
  get objects(): { readonly hosts: readonly MonitoredHost[]; readonly checks: readonly MonitoredCheck[] } {
    const byName = (a: ObjectName, b: ObjectName) =>
      compareIds(a.host, b.host) || compareIds(a.check ?? "", b.check ?? "");
    return {
      hosts: withParents(this.#hosts, this.#pairs).sort((a, b) => compareIds(a.host, b.host)),
      checks: this.#checks.sort(byName),
    };
  }

  #marked<T>(value: T): T {
    const text = JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map ? [...inner] : inner));
    this.#mark = (this.#mark + (fingerprint(text) % MARKS)) % MARKS;
    return value;
  }
}

const MARKS = 2 ** 52;

/** The picture; each of its methods returns what is to be told. */
export class Icinga2Picture {
  #rows = new StatusIndex<Icinga2Row>();
  readonly #told = new ToldStatuses();
  #checks = 0;

  /** How many hosts and service checks there are. */
  get counts(): { readonly hosts: number; readonly checks: number } {
    return { hosts: this.#rows.size, checks: this.#checks };
  }

  has(name: ObjectName): boolean {
    return this.#rows.get(name) !== undefined;
  }

  /** Takes the place of all that was known. */
  takeAll({ rows }: Icinga2Reading): StatusNews {
    this.#rows = rows;
    const statuses = [...rows.values()].map(({ status }) => status);
    this.#checks = statuses.filter(({ check }) => check !== null).length;
    return this.#told.takeAll(statuses);
  }

  /** Takes the attributes of one object that was read again; its command stays. */
  takeObject(attrs: Attrs, isService: boolean, warnings: Warnings): CheckStatus[] {
    const name = nameOf(attrs, isService, warnings);
    const before = name && this.#rows.get(name);
    if (name === undefined || before === undefined) {
      return [];
    }
    const row = rowOf(name, attrs, before.status.command, warnings);
    this.#rows.set(name, row);
    return this.#told.takeSome([row.status]);
  }

  /** Takes results; `doubt` is told of objects that must be read to know what is the matter with them. */
  takeResults(results: readonly ResultEvent[], doubt: (name: ObjectName) => void): CheckStatus[] {
    const changed: CheckStatus[] = [];
    for (const result of results) {
      const before = this.#rows.get(result);
      const after = before && rowAfter(before, result);
      if (after === undefined || after.isDoubtful) {
        doubt(result);
      }
      if (after !== undefined) {
        this.#rows.set(result, after.row);
        changed.push(after.row.status);
      }
    }
    return this.#told.takeSome(changed);
  }
}
