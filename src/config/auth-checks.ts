/** What of `auth` only shows when its parts are seen together. */
import { isLoopback } from "./loopback.ts";
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

/** What of `auth` works, but perhaps not as it is meant. */
export function doubtfulAuth(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  return [...groupsUntold(checked, written), ...silentProxy(checked, written), ...closedSources(checked, written)];
}

/** Browsers that reach a port of loopback by a name of another machine come through a proxy, which may not say so. */
function silentProxy({ auth, web }: CheckedConfig, written: Placed): ConfigProblem[] {
  const [name] = web.hosts;
  if (name === undefined || auth?.loopback !== undefined || auth?.proxy !== undefined || !isLoopback(web.listen)) {
    return [];
  }
  const text = `web.hosts: where ${name} leads to ${web.listen} by a proxy that adds no X-Forwarded-For (as those of TCP do not), everybody who comes that way is an admin; say auth.loopback: nobody, or admin where yours adds it`;
  return [{ place: placeAt(written, ["web", "hosts"]), text }];
}

/** Sources without a token take pushes from programs on this machine that may write. */
function closedSources({ auth, sources }: CheckedConfig, written: Placed): ConfigProblem[] {
  if (auth?.loopback !== "viewer" && auth?.loopback !== "nobody") {
    return [];
  }
  return sources.flatMap((source, at) => {
    const text = `sources[${at}]: with auth.loopback: ${auth.loopback} nobody may push to ${source.name}; give it a token_file`;
    const isClosed = source.type === "push" && source.token_file === undefined;
    return isClosed ? [{ place: placeAt(written, ["sources", at]), text }] : [];
  });
}

/** Ranks of groups that nobody tells of. */
function groupsUntold({ auth }: CheckedConfig, written: Placed): ConfigProblem[] {
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
