/** Who sees the hosts of some host groups only. */

/** One line of `auth.restrict`. */
export interface Restriction {
  /** Users, tokens by name, `@GROUP` of the proxy, or `*` for viewers that no other line names, strangers among them. */
  readonly who: readonly string[];
  readonly hostGroups: readonly string[];
}

const EVERYBODY_ELSE = "*";

/**
 * The host groups that somebody of these names sees, sorted; null for all hosts. Names are the same whatever their case:
 * who logs in as BOB where the proxy takes that for bob is not to see more.
 */
export function groupsOf(
  names: readonly string[],
  isViewer: boolean,
  restrictions: readonly Restriction[],
): readonly string[] | null {
  const theirs = new Set(names.map(folded));
  const named = restrictions.filter(({ who }) =>
    who.some((name) => name !== EVERYBODY_ELSE && theirs.has(folded(name))),
  );
  const others = isViewer ? restrictions.filter(({ who }) => who.includes(EVERYBODY_ELSE)) : [];
  const lines = named.length > 0 ? named : others;
  return lines.length === 0 ? null : [...new Set(lines.flatMap(({ hostGroups }) => hostGroups))].sort();
}

function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
