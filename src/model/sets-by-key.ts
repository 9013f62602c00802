/** Sets of names by a key, each made with its first name. */

/** Adds a name to the set of a key. */
export function addToSet(sets: Map<string, Set<string>>, key: string, name: string): void {
  const set = sets.get(key);
  if (set === undefined) {
    sets.set(key, new Set([name]));
  } else {
    set.add(name);
  }
}
