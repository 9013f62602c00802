/**
 * What a picture of the past is made of: for each kind, values by name, as JSON text as close to what Redis holds as can
 * be. Services and connections are in it as parts of the hosts' graphs, as pages show them.
 */
import type { Changes } from "../model/changes.ts";
import { isHostPart, parseProblemMember, problemMember } from "./keys.ts";
import { hostCheckJson, nodeFields, serviceCheckJson } from "./record-codec.ts";

/** All kinds. */
export const HISTORY_KINDS = ["node", "graph", "notes", "host-check", "checks", "impact", "source", "alarms"] as const;

/** One of them. */
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** A value that changed; `text` undefined where it is gone. */
export interface HistoryValue {
  readonly kind: HistoryKind;
  readonly name: string;
  readonly text: string | undefined;
}

/** The values of a picture that a turn changed, one after the other, as stored. What cannot be stored is left out. */
export function* historyValues(changes: Changes): Generator<HistoryValue, void, void> {
  yield* valuesOf("node", changes.nodes, (node) => JSON.stringify(Object.fromEntries(storedFields(nodeFields(node)))));
  yield* valuesOf("graph", changes.graphs, (graph) => JSON.stringify(graph));
  yield* valuesOf("notes", changes.notes, (notes) => JSON.stringify(notes));
  yield* valuesOf("host-check", changes.hostChecks, hostCheckJson);
  yield* valuesOf("checks", changes.serviceChecks, (checks) =>
    checks.length === 0 ? undefined : `[${checks.map(serviceCheckJson).join(",")}]`,
  );
  yield* valuesOf("impact", changes.impacts, (impact) => JSON.stringify(impact));
  yield* valuesOf("source", changes.sources, (source) => JSON.stringify(source));
  yield* valuesOf("alarms", changes.alarms, (alarms) => JSON.stringify(alarms));
}

/** Whether a name can stand in a line of a snapshot. */
export function isHistoryName(name: string): boolean {
  return !/\p{Cc}/u.test(name);
}

function* valuesOf<T>(
  kind: HistoryKind,
  values: ReadonlyMap<string, T | null>,
  textOf: (value: T) => string | undefined,
): Generator<HistoryValue, void, void> {
  for (const [name, value] of values) {
    const stored = storedName(kind, name);
    if (stored !== undefined) {
      yield { kind, name: stored, text: value === null ? undefined : textOf(value) };
    }
  }
}

function storedName(kind: HistoryKind, name: string): string | undefined {
  if (kind === "impact") {
    const problem = parseProblemMember(name);
    return problem === undefined ? undefined : problemMember(problem.host, problem.check);
  }
  const fits = kind === "source" || kind === "alarms" ? isHistoryName(name) : isHostPart(name);
  return fits ? name : undefined;
}

function storedFields(fields: ReturnType<typeof nodeFields>): [string, string][] {
  return fields.flatMap(([field, value]): [string, string][] => (value === null ? [] : [[field, String(value)]]));
}
