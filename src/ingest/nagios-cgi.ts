/**
 * Asks `statusjson.cgi` and `objectjson.cgi` of a Nagios 4. Each request makes the CGI read all files of Nagios anew,
 * so there are as few as can be: one list each, the configuration only after Nagios was started or reloaded, and after
 * the first list nothing more where Nagios has written nothing since.
 */
import { CgiObjectRows, type CgiObjects, OBJECT_LISTS } from "../../nagios/cgi-objects.ts";
import {
  type CgiResult,
  cgiComment,
  cgiDowntime,
  cgiResult,
  cgiStatus,
  STATUS_LISTS,
} from "../../nagios/cgi-status.ts";
import type { JsonRow } from "../../nagios/json-rows.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import type { CgiClient } from "./cgi-client.ts";
import type { CgiDialect, CgiReading } from "./cgi-dialect.ts";
import { CgiFault } from "./cgi-fault.ts";

const STATUS = "statusjson.cgi";
const OBJECTS = "objectjson.cgi";
const OBJECT_QUERIES = ["hostlist", "servicelist", "hostgrouplist", "servicegrouplist"] as const;
const NOTHING: CgiObjects = { hosts: [], checks: [], commands: new Map() };

/** The dialect. */
export class NagiosCgi implements CgiDialect {
  readonly #client: CgiClient;
  #objects = NOTHING;
  /** Start of the Nagios of which the configuration was told; 0 where it was not. */
  #programStart = 0;
  #asOf = 0;

  constructor(client: CgiClient) {
    this.#client = client;
  }

  forget(): void {
    this.#asOf = 0;
    this.#programStart = 0;
  }

  async read(): Promise<CgiReading | undefined> {
    const hosts: JsonRow[] = [];
    const { asOf, programStart, broken } = await this.#ask(STATUS, "hostlist", (row) => hosts.push(row));
    if (asOf > 0 && asOf === this.#asOf) {
      return undefined;
    }
    if (hosts.length === 0) {
      throw noHosts(this.#client);
    }
    const warnings = new Warnings();
    const objects = programStart === this.#programStart ? undefined : await this.#readObjects(warnings);
    this.#objects = objects ?? this.#objects;
    const statuses: CheckStatus[] = [];
    const take = (row: JsonRow) => addIfThere(statuses, cgiStatus(row, this.#objects.commands, warnings));
    hosts.forEach(take);
    const services = await this.#ask(STATUS, "servicelist", take);
    const notes = await this.#readNotes(warnings);
    this.#asOf = asOf;
    if (objects !== undefined) {
      // Not before: where a list fails, nothing of this reading is told, and the configuration must be read again.
      this.#programStart = programStart;
    }
    return {
      ...{ asOf, statuses, objects, notes },
      otherNames: new Map(this.#objects.hosts.map(({ host, alias }) => [host, alias])),
      warnings: warnings.list(),
      complete: broken + services.broken === 0,
    };
  }

  /** The configuration; undefined where the server does not tell it, which is asked again at the next reading. */
  async #readObjects(warnings: Warnings): Promise<CgiObjects | undefined> {
    const rows = new CgiObjectRows(new Warnings());
    try {
      for (const query of OBJECT_QUERIES) {
        await this.#ask(OBJECTS, query, (row) => rows.take(row));
      }
    } catch (error) {
      if (!(error instanceof CgiFault)) {
        throw error;
      }
      warnings.add("configuration that cannot be read", error.message);
      return undefined;
    }
    return rows.finish();
  }

  async #readNotes(warnings: Warnings) {
    const comments: MonitoringComment[] = [];
    const downtimes: MonitoringDowntime[] = [];
    await this.#ask(STATUS, "commentlist", (row) => addIfThere(comments, cgiComment(row, warnings)));
    await this.#ask(STATUS, "downtimelist", (row) => addIfThere(downtimes, cgiDowntime(row, warnings)));
    return { comments, downtimes };
  }

  async #ask(program: string, query: string, onRow: (row: JsonRow) => void): Promise<CgiResult & { broken: number }> {
    let result: CgiResult | undefined;
    const lists = program === STATUS ? STATUS_LISTS : OBJECT_LISTS;
    const { broken } = await this.#client.ask({ program, query: `query=${query}&details=true`, lists }, (row) => {
      if (row.list === "result") {
        result = cgiResult(row);
      } else {
        onRow(row);
      }
    });
    if (result === undefined || result.code !== 0) {
      throw refusedFault(this.#client.address(program), result?.message);
    }
    return { ...result, broken };
  }
}

function addIfThere<T>(list: T[], value: T | undefined): void {
  if (value !== undefined) {
    list.push(value);
  }
}

function refusedFault(url: string, message: string | undefined): CgiFault {
  const next = "Look into the error log of the web server and into cgi.cfg.";
  const cause = message === undefined ? "answers JSON of something else" : `says: ${message}`;
  return new CgiFault({ reason: "refused", cause: `${url} ${cause}`, next });
}

function noHosts(client: CgiClient): CgiFault {
  const { user } = client;
  const cause = `${client.address(STATUS)} shows ${user === null ? "nobody" : user} no hosts`;
  const next =
    user === null
      ? "Give user and password_file, or let cgi.cfg show hosts to everybody (default_user_name)."
      : `Add ${user} to authorized_for_all_hosts and authorized_for_all_services in cgi.cfg.`;
  return new CgiFault({ reason: "no hosts", cause, next });
}
