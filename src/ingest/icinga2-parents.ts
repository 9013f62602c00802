/** The parents of Icinga 2's hosts as they are now: a dependency outside its period makes nobody a parent. */
import { type Attrs, textAt } from "../../nagios/icinga2-attrs.ts";
import { DEPENDENCY_ATTRS, isInside, type ParentHost, PERIOD_ATTRS, parentHost } from "../../nagios/icinga2-objects.ts";
import type { Icinga2Questions } from "./icinga2-questions.ts";

/** Asks for them. All reject with an Icinga2Fault. */
export class Icinga2Parents {
  readonly #questions: Icinga2Questions;
  /** Periods that dependencies between hosts name, and whether it was inside them when last asked. */
  #inside: ReadonlyMap<string, boolean> = new Map();

  constructor(questions: Icinga2Questions) {
    this.#questions = questions;
  }

  /** Who is a parent of whom now. Where periods may not be read, all dependencies count. */
  async read(): Promise<ParentHost[]> {
    const pairs: ParentHost[] = [];
    await this.#questions.all("Dependency", "dependencies", DEPENDENCY_ATTRS, (attrs) => {
      const pair = parentHost(attrs);
      if (pair !== undefined) {
        pairs.push(pair);
      }
    });
    const periods = new Set(pairs.map(({ period }) => period).filter((period) => period !== ""));
    this.#inside = await this.#ask(periods);
    return pairs.filter(({ period }) => this.#inside.get(period) !== false);
  }

  /** Whether a period began or ended since `read`, of which no event tells. Asks nothing where there is none. */
  async haveChanged(): Promise<boolean> {
    const before = this.#inside;
    const now = await this.#ask(new Set(before.keys()));
    return [...before].some(([period, inside]) => now.get(period) !== inside);
  }

  async #ask(periods: ReadonlySet<string>): Promise<Map<string, boolean>> {
    const inside = new Map<string, boolean>();
    const take = (attrs: Attrs) => {
      const name = textAt(attrs, "name");
      if (periods.has(name)) {
        inside.set(name, isInside(attrs));
      }
    };
    if (periods.size > 0) {
      await this.#questions.all("TimePeriod", "timeperiods", PERIOD_ATTRS, take);
    }
    return inside;
  }
}
