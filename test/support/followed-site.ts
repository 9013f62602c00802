/** An engine that hears what a source tells, and the picture it handed on so far. */
import { Engine } from "../../src/compute.ts";
import { type Changes, emptyChanges } from "../../src/model/changes.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { rules } from "./builders.ts";
import { mergeChanges } from "./merge-changes.ts";
import { Told } from "./told.ts";

export class FollowedSite {
  readonly engine = new Engine(rules());
  readonly told = new Told();
  #picture = emptyChanges(0);

  /** The sink to give to the source. */
  readonly sink = (observation: SourceObservation): void => {
    this.engine.observe(observation);
    this.told.sink(observation);
  };

  /** The whole picture as of `now`, Unix seconds. */
  pictureAt(now: number): Changes {
    do {
      this.#picture = mergeChanges(this.#picture, this.engine.settle(now));
    } while (this.engine.unsettled);
    return this.#picture;
  }
}
