/** Keeps the hosts of two sites apart that have one name: every host of a source is told as `SITE!HOST`. */
import { atSite } from "../model/ids.ts";
import { renameHosts } from "../model/rename-hosts.ts";
import type { ObservationSink } from "./source.ts";

/** A sink that tells everything under the site's names; `site` null: under the source's own. */
export function siteSink(site: string | null, sink: ObservationSink): ObservationSink {
  return site === null ? sink : (observation) => sink(renameHosts(observation, (host) => atSite(site, host)));
}
