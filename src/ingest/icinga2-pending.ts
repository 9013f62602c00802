/**
 * What events have told and nobody has looked at yet. Of several results of one object only the last is kept, so that
 * it never grows beyond the number of objects, however long Icinga 2 takes to answer a question.
 */
import type { Icinga2Event, ResultEvent } from "../../nagios/icinga2-event.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import { StatusIndex } from "./status-index.ts";

/** Events that wait. */
export class PendingEvents {
  #results = new StatusIndex<ResultEvent>();
  #touched = new StatusIndex<ObjectName>();
  #hasNotes = false;
  #hasConfiguration = false;
  #newest = 0;

  /** When the newest event was told, Unix seconds of the server; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  get isEmpty(): boolean {
    return this.#results.size === 0 && this.#touched.size === 0 && !this.#hasNotes && !this.#hasConfiguration;
  }

  take(event: Icinga2Event): void {
    this.#newest = Math.max(this.#newest, event.time);
    switch (event.kind) {
      case "result":
        this.#takeResult(event);
        break;
      case "touch":
        this.touch(event);
        this.#hasNotes ||= event.hasNote;
        break;
      case "configuration":
        this.#hasConfiguration = true;
        break;
      case "nothing":
        break;
    }
  }

  /** Notes that an object is to be read. */
  touch({ host, check }: ObjectName): void {
    this.#touched.set({ host, check }, { host, check });
  }

  /** Hands over what waits, and begins anew. */
  drain() {
    const results = [...this.#results.values()];
    const touched = [...this.#touched.values()];
    const drained = { results, touched, hasNotes: this.#hasNotes, hasConfiguration: this.#hasConfiguration };
    this.#results = new StatusIndex();
    this.#touched = new StatusIndex();
    this.#hasNotes = false;
    this.#hasConfiguration = false;
    return drained;
  }

  /** The order of two results is that of their checks: the stream itself may mix them. */
  #takeResult(event: ResultEvent): void {
    const before = this.#results.get(event);
    if (before !== undefined && before.checked > event.checked) {
      return;
    }
    if (before !== undefined && (before.code !== event.code || before.stateType !== event.stateType)) {
      // When it changed, and whether it became HARD, cannot be told from the last result alone.
      this.touch(event);
    }
    this.#results.set(event, event);
  }
}
