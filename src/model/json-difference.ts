/**
 * What differs between two JSON values, small enough to be kept for every change. A difference sets absolute values, so
 * that a row of them leads to the same end wherever in the row the value stood that they are put on.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/** 0: it is gone; `[value]`: it is now this; an object: these fields (or places of a list of the same length) differ. */
export type Difference = 0 | readonly [Json] | { readonly [field: string]: Difference };

/** What leads from one value to another; undefined where they are the same. An undefined value is not there. */
export function differenceOf(before: Json | undefined, after: Json | undefined): Difference | undefined {
  if (after === undefined) {
    return before === undefined ? undefined : 0;
  }
  if (isList(before) && isList(after)) {
    return before.length === after.length ? ofFields(before, after) : [after];
  }
  if (isFields(before) && isFields(after)) {
    return ofFields(before, after);
  }
  return before === after ? undefined : [after];
}

/** The value after a difference; what it does not fit is left as it is. */
export function withDifference(before: Json | undefined, difference: Difference): Json | undefined {
  if (difference === 0) {
    return undefined;
  }
  if (isList(difference)) {
    return difference[0];
  }
  const fields = difference as { readonly [field: string]: Difference };
  if (isList(before)) {
    const after = [...before];
    for (const [at, each] of Object.entries(fields)) {
      after[Number(at)] = withDifference(before[Number(at)], each) ?? null;
    }
    return after;
  }
  if (!isFields(before)) {
    return before;
  }
  const after = new Map(Object.entries(before));
  for (const [field, each] of Object.entries(fields)) {
    const value = withDifference(after.get(field), each);
    if (value === undefined) {
      after.delete(field);
    } else {
      after.set(field, value);
    }
  }
  return Object.fromEntries(after);
}

type Fields = { readonly [field: string]: Json };

function ofFields(before: Fields | readonly Json[], after: Fields | readonly Json[]): Difference | undefined {
  const known = new Map(Object.entries(before));
  const differences: [string, Difference][] = [];
  for (const [field, value] of Object.entries(after)) {
    const difference = differenceOf(known.get(field), value);
    known.delete(field);
    if (difference !== undefined) {
      differences.push([field, difference]);
    }
  }
  const gone = [...known.keys()].map((field): [string, Difference] => [field, 0]);
  const all = [...differences, ...gone];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

function isList(value: Json | Difference | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
