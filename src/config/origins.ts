/** Where each effective value came from; for `dotm config show --origin`. */
import { type Path, type Placed, pathText, placeText, valueAt } from "./place.ts";
import { fitToShow } from "./shown.ts";

/** One effective value: its path, the value (secrets masked) and where it was written. */
export interface ConfigOrigin {
  readonly path: string;
  readonly value: unknown;
  /** `FILE:LINE:COLUMN`, `environment NAME`, a flag or `default`. */
  readonly origin: string;
}

/** All values of `effective`, the checked configuration with its defaults, in its order. */
export function originsOf(effective: unknown, written: Placed): ConfigOrigin[] {
  return originsBelow(effective, [], written);
}

function originsBelow(value: unknown, path: Path, written: Placed): ConfigOrigin[] {
  const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  if (!isLeaf) {
    const steps = Object.entries(value as object);
    return steps.flatMap(([key, inner]) =>
      originsBelow(inner, [...path, Array.isArray(value) ? Number(key) : key], written),
    );
  }
  if (typeof value === "object" && !Array.isArray(value)) {
    return [];
  }
  const place = valueAt(written, path)?.place;
  return [
    { path: pathText(path), value: fitToShow(value, path), origin: place === undefined ? "default" : placeText(place) },
  ];
}
