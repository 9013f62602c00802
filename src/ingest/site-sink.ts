/** Keeps the hosts of two sites apart that have one name: every host of a source is told as `SITE!HOST`. */
import { atSite } from "../model/ids.ts";
import type { SourceObservation } from "../model/monitoring.ts";
import type { ObservationSink } from "./source.ts";

/** A sink that tells everything under the site's names; `site` null: under the source's own. */
export function siteSink(site: string | null, sink: ObservationSink): ObservationSink {
  return site === null ? sink : (observation) => sink(observationAt(site, observation));
}

function observationAt(site: string, observation: SourceObservation): SourceObservation {
  const named = <T extends { readonly host: string }>(each: T): T => ({ ...each, host: atSite(site, each.host) });
  switch (observation.kind) {
    case "states":
      return { ...observation, statuses: observation.statuses.map(named), gone: observation.gone.map(named) };
    case "objects": {
      const hosts = observation.hosts.map((host) => {
        return { ...named(host), parents: host.parents.map((parent) => atSite(site, parent)) };
      });
      return { ...observation, hosts, checks: observation.checks.map(named) };
    }
    case "notes":
      return {
        ...observation,
        comments: observation.comments.map(named),
        downtimes: observation.downtimes.map(named),
      };
    case "health":
      return observation;
  }
}
