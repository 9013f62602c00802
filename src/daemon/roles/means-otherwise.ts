/** Settings by which the same report is another part of the picture. */
import type { Settings } from "../../model/settings.ts";

/** Whether a host's last report would be taken in otherwise by these settings than it was by those before. */
export function meansOtherwise(before: Settings, now: Settings): boolean {
  return meaning(before) !== meaning(now);
}

function meaning(settings: Settings): string {
  const { otherInternalNetworks, servicePortWhitelist, serviceNameWhitelist, userNodeAliases } = settings;
  return JSON.stringify([otherInternalNetworks, servicePortWhitelist, serviceNameWhitelist, [...userNodeAliases]]);
}
