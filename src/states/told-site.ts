/** The site as all monitoring sources tell it: states, hosts, notes, and what of it is another word than before. */
import type { MonitoredHost, SourceHealth, SourceObservation } from "../model/monitoring.ts";
import { HostNames } from "./host-names.ts";
import { NotesTable } from "./notes-table.ts";
import { OwnResults, type PlaceToWrite } from "./own-results.ts";
import { StatusTable } from "./status-table.ts";

/** Takes in what sources say. */
export class ToldSite {
  readonly table = new StatusTable();
  readonly notes = new NotesTable();
  private readonly own = new OwnResults();
  private names = new HostNames(new Map());
  /** Hosts of which something else is told, that the picture shows, since the last turn. */
  private readonly redescribed = new Set<string>();
  /** Sources forgotten since the last turn. */
  private readonly forgotten = new Set<string>();

  /** Takes in what a source says. */
  observe(told: SourceObservation): void {
    const observation = told.kind === "states" ? this.own.sift(told) : told;
    const before = this.table.monitoredHosts();
    this.table.observe(observation);
    this.notes.observe(observation);
    if (observation.kind === "objects") {
      const now = this.table.monitoredHosts();
      for (const host of [...before.keys(), ...now.keys()]) {
        if (!sameDescription(before.get(host), now.get(host))) {
          this.redescribed.add(host);
        }
      }
    }
  }

  /** Forgets a source and all it said. */
  forget(source: string): void {
    this.observe({ kind: "states", source, full: true, asOf: 0, statuses: [], gone: [] });
    this.observe({ kind: "objects", source, hosts: [], checks: [] });
    this.observe({ kind: "notes", source, comments: [], downtimes: [] });
    this.table.forget(source);
    this.own.forget(source);
    this.forgotten.add(source);
  }

  /** Calls hosts by these aliases from now on, those told of before, too. */
  rename(aliases: ReadonlyMap<string, string>): void {
    const names = new HostNames(aliases);
    this.names = names;
    this.table.rename(names);
    this.notes.rename(names);
  }

  /** The checks of ours that are in the monitoring, with the host's name in the picture. */
  *ownChecks(): Generator<PlaceToWrite & { readonly shownAs: string }> {
    for (const place of this.own.places()) {
      yield { shownAs: this.names.of(place.host), ...place };
    }
  }

  /** Address of each host, by name. */
  addresses(): Map<string, string> {
    return new Map([...this.table.monitoredHosts().values()].map((host) => [host.host, host.address]));
  }

  /** Hosts that are described otherwise since the last call. */
  takeRedescribed(): Set<string> {
    const redescribed = new Set(this.redescribed);
    this.redescribed.clear();
    return redescribed;
  }

  /** How each source is; null for those that were forgotten since the last call. */
  takeSources(): Map<string, SourceHealth | null> {
    const forgotten = [...this.forgotten].map((source) => [source, null] as const);
    this.forgotten.clear();
    return new Map<string, SourceHealth | null>([...forgotten, ...this.table.sources()]);
  }
}

function sameDescription(a: MonitoredHost | undefined, b: MonitoredHost | undefined): boolean {
  const shown = (host: MonitoredHost | undefined) => JSON.stringify([host?.groups ?? [], host?.parents ?? []]);
  return shown(a) === shown(b);
}
