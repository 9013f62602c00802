/** What of `auth` only shows when its parts are seen together. */
import { type Placed, placeAt } from "./place.ts";
import type { CheckedConfig } from "./schema.ts";
import type { ConfigProblem } from "./yaml-file.ts";

/** Restrictions that somebody would escape: who leaves their name out, or is in a group that nobody tells of. */
export function leakyRestrictions({ auth }: CheckedConfig, written: Placed): ConfigProblem[] {
  const restrict = auth?.restrict ?? [];
  const problems: ConfigProblem[] = [];
  if (restrict.length > 0 && auth?.read !== "known" && !restrict.some(({ who }) => who.includes("*"))) {
    const text =
      "auth.restrict: with read: everybody, who does not log in sees everything; write read: known, or a line with who: ['*']";
    problems.push({ place: placeAt(written, ["auth", "restrict"]), text });
  }
  const group = groupsOf(restrict.flatMap(({ who }) => who))[0];
  if (group !== undefined && auth?.proxy?.groups_header === undefined) {
    const text = `auth.restrict: ${group} is a group, and without auth.proxy.groups_header nobody is in one: who is meant would see everything; name the header that the proxy always sends itself, or name users`;
    problems.push({ place: placeAt(written, ["auth", "restrict"]), text });
  }
  return problems;
}

/** Ranks of groups that nobody tells of. */
export function groupsUntold({ auth }: CheckedConfig, written: Placed): ConfigProblem[] {
  const { proxy } = auth ?? {};
  if (proxy === undefined || proxy.groups_header !== undefined) {
    return [];
  }
  return (["admins", "editors"] as const).flatMap((rank) => {
    const groups = groupsOf(proxy[rank]);
    const text = `auth.proxy.${rank}: ${groups.join(", ")} makes nobody more than a viewer, as no header tells who is in a group; where the proxy always sends one of its own and takes away what browsers send, name it: groups_header: X-Forwarded-Groups`;
    return groups.length === 0 ? [] : [{ place: placeAt(written, ["auth", "proxy", rank]), text }];
  });
}

function groupsOf(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith("@"));
}
