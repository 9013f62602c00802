/** A picture of the past in memory: values by kind and name, read only when they are asked for. */
import { type Difference, type Json, withDifference } from "../model/json-difference.ts";
import type { Differences, SnapshotLine } from "./history-codec.ts";
import { HISTORY_KINDS, type HistoryKind } from "./history-kinds.ts";
import { TimeSlices } from "./time-slices.ts";

/** A value: text as a snapshot has it, or what differences made of it. */
type Value = string | { readonly json: Json };

/** One picture. */
export class PastPicture {
  private readonly values = new Map<HistoryKind, Map<string, Value>>(HISTORY_KINDS.map((kind) => [kind, new Map()]));

  constructor(lines: readonly SnapshotLine[]) {
    for (const { kind, name, json } of lines) {
      this.of(kind).set(name, json);
    }
  }

  /** Brings it to after a change. */
  change(differences: Differences): void {
    for (const kind of HISTORY_KINDS) {
      for (const [name, difference] of Object.entries(differences[kind] ?? {})) {
        this.changeOne(this.of(kind), name, difference);
      }
    }
  }

  /** The names of a kind. */
  names(kind: HistoryKind): ReadonlySet<string> {
    return new Set(this.of(kind).keys());
  }

  /** One value; undefined where there is none, or none that can be read. */
  read<T>(kind: HistoryKind, name: string, parse: (json: string) => T | undefined): T | undefined {
    const value = this.of(kind).get(name);
    return value === undefined ? undefined : parse(typeof value === "string" ? value : JSON.stringify(value.json));
  }

  /** Those of the values that there are. */
  async readAll<T>(
    kind: HistoryKind,
    names: readonly string[],
    parse: (json: string) => T | undefined,
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const slices = new TimeSlices();
    for (const name of new Set(names)) {
      const value = this.read(kind, name, parse);
      if (value !== undefined) {
        found.set(name, value);
      }
      if (slices.isOver) {
        await slices.next();
      }
    }
    return found;
  }

  private changeOne(values: Map<string, Value>, name: string, difference: Difference): void {
    const before = values.get(name);
    const after = withDifference(typeof before === "string" ? parsed(before) : before?.json, difference);
    if (after === undefined) {
      values.delete(name);
    } else {
      values.set(name, { json: after });
    }
  }

  private of(kind: HistoryKind): Map<string, Value> {
    return this.values.get(kind) ?? new Map();
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
