/** Do agents and the monitoring mean the same hosts by the same names? */
import { withoutSite } from "../../model/ids.ts";
import { shellWord } from "../words.ts";
import { doubtful, type Finding } from "./finding.ts";

/** Pairs told; one cause often makes many. */
const PAIRS_SHOWN = 3;

/**
 * Hosts that report but are not monitored beside monitored ones without an agent that are probably the same: equal up to
 * case and domain.
 */
export function examineNames(unmonitored: readonly string[], without: readonly string[], program: string): Finding[] {
  const byLabel = new Map(without.map((host) => [labelOf(host), host]));
  return unmonitored
    .flatMap((host) => {
      const known = byLabel.get(labelOf(host));
      return known === undefined ? [] : [{ host, known }];
    })
    .slice(0, PAIRS_SHOWN)
    .map(({ host, known }) =>
      doubtful(
        "names",
        `the agent ${host} is no host of the monitoring, and its host ${known} has no agent: probably one and the same`,
        `${program} settings add user_node_aliases ${shellWord(known)} ${shellWord(host)}`,
      ),
    );
}

function labelOf(host: string): string {
  return (withoutSite(host).split(".")[0] ?? "").toLowerCase();
}
