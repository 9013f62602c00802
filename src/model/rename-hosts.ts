/** Tells an observation with other names of hosts. */
import type { SourceObservation } from "./monitoring.ts";

/** The observation with every host called as `nameOf` says. */
export function renameHosts(observation: SourceObservation, nameOf: (host: string) => string): SourceObservation {
  const named = <T extends { readonly host: string }>(each: T): T => ({ ...each, host: nameOf(each.host) });
  switch (observation.kind) {
    case "states":
      return { ...observation, statuses: observation.statuses.map(named), gone: observation.gone.map(named) };
    case "objects": {
      const hosts = observation.hosts.map((host) => ({ ...named(host), parents: host.parents.map(nameOf) }));
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
