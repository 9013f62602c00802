/** Asks `status.cgi?…&jsonoutput` of an Icinga 1 or its kin: one request where it gives hosts and checks together, else two. */

import type { ZoneOffset } from "../../nagios/classic-date.ts";
import { CLASSIC_LISTS, type ClassicRead, ClassicRows } from "../../nagios/classic-status.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import type { CgiClient } from "./cgi-client.ts";
import type { CgiDialect, CgiReading } from "./cgi-dialect.ts";
import { CgiFault } from "./cgi-fault.ts";
import { StatusIndex } from "./status-index.ts";

const PROGRAM = "status.cgi";
const TOGETHER = "host=all&style=hostservicedetail&jsonoutput";
const HOSTS = "hostgroup=all&style=hostdetail&jsonoutput";
const CHECKS = "host=all&jsonoutput";

/** Ages are written in whole seconds, so one change is a second earlier or later in each answer, or more under load. */
const SAME_CHANGE = 10;

/** The dialect. */
export class ClassicCgi implements CgiDialect {
  readonly #client: CgiClient;
  readonly #now: () => number;
  readonly #offset: ZoneOffset;
  /** False once the server has shown that it does not give hosts and checks together. */
  #together = true;
  #last = new StatusIndex<CheckStatus>();

  constructor(client: CgiClient, now: () => number, offset: ZoneOffset) {
    this.#client = client;
    this.#now = now;
    this.#offset = offset;
  }

  forget(): void {
    this.#last = new StatusIndex();
  }

  async read(): Promise<CgiReading> {
    let rows = new ClassicRows();
    let answered = await this.#ask(this.#together ? TOGETHER : HOSTS, rows);
    if (this.#together && (rows.hosts === 0 || rows.checks === 0)) {
      this.#together = false;
      rows = new ClassicRows();
      answered = await this.#ask(HOSTS, rows);
    }
    const second = this.#together ? { broken: 0 } : await this.#ask(CHECKS, rows);
    if (rows.hosts === 0) {
      throw noHosts(this.#client);
    }
    const warnings = new Warnings();
    const { statuses, asOf, displayNames } = rows.finish(
      { now: answered.date ?? this.#now(), offset: this.#offset },
      warnings,
    );
    return {
      asOf,
      statuses: this.#steady(statuses),
      objects: undefined,
      notes: undefined,
      otherNames: displayNames,
      warnings: warnings.list(),
      complete: answered.broken + second.broken === 0,
    };
  }

  #ask(query: string, rows: ClassicRows) {
    return this.#client.ask({ program: PROGRAM, query, lists: CLASSIC_LISTS }, (row) => rows.take(row));
  }

  /** The statuses, with the time of a change that was told before instead of almost the same one. */
  #steady(statuses: ClassicRead["statuses"]): CheckStatus[] {
    const last = this.#last;
    this.#last = new StatusIndex();
    return statuses.map((status) => {
      const before = last.get(status);
      const isSame = before !== undefined && Math.abs(before.lastChange - status.lastChange) <= SAME_CHANGE;
      const steady =
        isSame && before.state === status.state
          ? { ...status, lastChange: before.lastChange, lastHardChange: status.lastHardChange && before.lastChange }
          : status;
      this.#last.set(steady, steady);
      return steady;
    });
  }
}

function noHosts(client: CgiClient): CgiFault {
  const who = client.user === null ? "nobody" : client.user;
  const cause = `${client.address(PROGRAM)} shows ${who} no hosts`;
  const next = "Give a user that authorized_for_all_hosts and authorized_for_all_services of cgi.cfg name.";
  return new CgiFault({ reason: "no hosts", cause, next });
}
