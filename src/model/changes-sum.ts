/** Many turns as one that nobody else holds: filled in place, as a whole site would be copied at each turn otherwise. */
import { type ChangeEvent, type Changes, type Draft, MOST_EVENTS, newDraft } from "./changes.ts";
import type { SourceHealth } from "./monitoring.ts";

/** The sum; of the events the newest 10,000 are kept. */
export class ChangesSum {
  private readonly draft: Draft = newDraft();
  private readonly sources = new Map<string, SourceHealth | null>();
  private events: readonly ChangeEvent[] = [];
  private at: number;

  /** `at` in Unix seconds. */
  constructor(at: number) {
    this.at = at;
  }

  /** All of it. */
  get changes(): Changes {
    return { at: this.at, ...this.draft, events: this.events, sources: this.sources };
  }

  /** Adds a turn after all others: what it says holds. */
  add(later: Changes): void {
    this.at = later.at;
    if (later.events.length > 0) {
      this.events = [...this.events, ...later.events].slice(-MOST_EVENTS);
    }
    for (const [key, { node }] of later.connections) {
      // A record tells its time itself.
      this.draft.seen.get(node)?.delete(key.slice(node.length + SEPARATOR.length));
    }
    putBelow(this.draft.seen, later.seen, () => true);
    this.fill(later, () => true);
  }

  /** Adds a turn before all others: only what no other one speaks of holds. */
  addEarlier(earlier: Changes): void {
    this.events = [...earlier.events, ...this.events].slice(-MOST_EVENTS);
    const { connections, seen } = this.draft;
    const isTold = (host: string, key: string) => connections.has(`${host}${SEPARATOR}${key}`);
    putBelow(seen, earlier.seen, (held, key, host) => !held.has(key) && !isTold(host, key));
    this.fill(earlier, (held, key) => !held.has(key));
  }

  private fill(turn: Changes, holds: Holds): void {
    const { draft } = this;
    put(draft.nodes, turn.nodes, holds);
    put(draft.services, turn.services, holds);
    put(draft.connections, turn.connections, holds);
    put(draft.resolver, turn.resolver, holds);
    put(draft.hostChecks, turn.hostChecks, holds);
    put(draft.serviceChecks, turn.serviceChecks, holds);
    put(draft.impacts, turn.impacts, holds);
    put(draft.graphs, turn.graphs, holds);
    put(draft.alarms, turn.alarms, holds);
    put(draft.notes, turn.notes, holds);
    put(this.sources, turn.sources, holds);
    putBelow(draft.edges, turn.edges, holds);
    putBelow(draft.listeners, turn.listeners, holds);
  }
}

/** Stands between the host and the rest of a connection's key. */
const SEPARATOR = "::";

/** Whether what a turn says of a key holds beside what is held already. */
type Holds = (held: ReadonlyMap<string, unknown>, key: string) => boolean;

/** The same of a field of a host. */
type FieldHolds = (held: ReadonlyMap<string, unknown>, key: string, host: string) => boolean;

function put<T>(held: Map<string, T>, from: ReadonlyMap<string, T>, holds: Holds): void {
  for (const [key, value] of from) {
    if (holds(held, key)) {
      held.set(key, value);
    }
  }
}

/** Of a host that is held already its fields are joined. What is held was made here, and is nobody else's. */
function putBelow<T>(
  held: Map<string, Map<string, T>>,
  from: ReadonlyMap<string, ReadonlyMap<string, T>>,
  holds: FieldHolds,
): void {
  for (const [host, fields] of from) {
    const joined = held.get(host) ?? new Map<string, T>();
    put(joined, fields, (map, key) => holds(map, key, host));
    held.set(host, joined);
  }
}
