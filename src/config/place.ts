/**
 * Configuration values that remember where they were written, so that every complaint can name file, line and column
 * and `dotm config show --origin` can tell where a value came from.
 */

/** Where a value was written. Lines and columns count from 1. */
export type Place =
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "flag"; readonly name: string };

/** A value as somebody wrote it, with its place; a map's entries also know the place of their key. */
export type Placed = PlacedMap | PlacedList | PlacedScalar;

/** A mapping. */
export interface PlacedMap {
  readonly kind: "map";
  readonly place: Place;
  readonly entries: ReadonlyMap<string, { readonly key: Place; readonly value: Placed }>;
}

/** A sequence. */
export interface PlacedList {
  readonly kind: "list";
  readonly place: Place;
  readonly items: readonly Placed[];
}

/** Text, number, boolean or null. */
export interface PlacedScalar {
  readonly kind: "scalar";
  readonly place: Place;
  readonly value: unknown;
}

/** The way to a value: keys and list positions. */
export type Path = readonly (string | number)[];

/** `web.listen`, `sources[1].name`. */
export function pathText(path: Path): string {
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${step}`)).join("");
}

/** `dotm.yaml:3:5`, `environment DOTM_REDIS__URL`, `--listen`. */
export function placeText(place: Place): string {
  if (place.kind === "file") {
    return `${place.file}:${place.line}:${place.column}`;
  }
  return place.kind === "environment" ? `environment ${place.name}` : place.name;
}

/** Lays `upper` over `lower`: mappings are merged, sequences joined, of anything else `upper` wins; null says nothing. */
export function overlay(lower: Placed, upper: Placed): Placed {
  if (upper.kind === "scalar" && upper.value === null) {
    return lower;
  }
  if (lower.kind === "map" && upper.kind === "map") {
    const entries = new Map(lower.entries);
    for (const [name, entry] of upper.entries) {
      const under = entries.get(name);
      entries.set(name, under === undefined ? entry : { key: entry.key, value: overlay(under.value, entry.value) });
    }
    return { kind: "map", place: upper.place, entries };
  }
  if (lower.kind === "list" && upper.kind === "list" && upper.place.kind === "file") {
    return { kind: "list", place: upper.place, items: [...lower.items, ...upper.items] };
  }
  return upper;
}

/** The value at a path, undefined where nothing was written. */
export function valueAt(root: Placed, path: Path): Placed | undefined {
  let current: Placed | undefined = root;
  for (const step of path) {
    if (current?.kind === "map") {
      current = current.entries.get(String(step))?.value;
    } else {
      current = current?.kind === "list" && typeof step === "number" ? current.items[step] : undefined;
    }
  }
  return current;
}

/** The place of the value at a path, or of the nearest thing around it that was written. */
export function placeAt(root: Placed, path: Path): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const found = valueAt(root, path.slice(0, length));
    if (found !== undefined) {
      return found.place;
    }
  }
  return root.place;
}

/** The place of a key in the mapping at a path. */
export function keyPlace(root: Placed, path: Path, key: string): Place {
  const found = valueAt(root, path);
  const entry = found?.kind === "map" ? found.entries.get(key) : undefined;
  return entry?.key ?? placeAt(root, path);
}

/** The bare value; keys whose value is null are left out, as if they had not been written. */
export function plain(placed: Placed): unknown {
  if (placed.kind === "scalar") {
    return placed.value;
  }
  if (placed.kind === "list") {
    return placed.items.map(plain);
  }
  const said = [...placed.entries].filter(([, { value }]) => value.kind !== "scalar" || value.value !== null);
  // fromEntries defines own properties, so a key `__proto__` stays a key.
  return Object.fromEntries(said.map(([name, { value }]) => [name, plain(value)]));
}

/** A mapping in which one path holds one value: what an environment variable or a flag says. */
export function single(path: Path, value: unknown, place: Place): Placed {
  const leaf: Placed = placedValue(value, place);
  return path.toReversed().reduce<Placed>(
    (inner, step) => ({
      kind: "map",
      place,
      entries: new Map([[String(step), { key: place, value: inner }]]),
    }),
    leaf,
  );
}

function placedValue(value: unknown, place: Place): Placed {
  if (Array.isArray(value)) {
    return { kind: "list", place, items: value.map((item) => placedValue(item, place)) };
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([name, inner]) => [name, { key: place, value: placedValue(inner, place) }] as const,
    );
    return { kind: "map", place, entries: new Map(entries) };
  }
  return { kind: "scalar", place, value };
}
