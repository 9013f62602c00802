/** Which service checks need which: the dependencies of a site as a monitoring could be told them. */
import type { Certainty } from "./impact.ts";

/** A service with the checks that speak of it. */
export interface CheckedService {
  readonly id: string;
  /** Host as its monitoring calls it, without a site. */
  readonly host: string;
  readonly process: string | null;
  /** Names; the first is the one with the best evidence, which stands for the service. */
  readonly checks: readonly string[];
}

/** One service needs another; where `to` holds several, `atLeast` of them must be left. */
export interface ServiceNeed {
  readonly from: string;
  /** Ids in the order of names. */
  readonly to: readonly string[];
  readonly atLeast: number;
  readonly certainty: Certainty;
}

/** All of it, without cycles. */
export interface SiteNeeds {
  /** By id, in the order of names; only those that take part in a need. */
  readonly services: ReadonlyMap<string, CheckedService>;
  /** In the order of names. */
  readonly needs: readonly ServiceNeed[];
  /** What was left out, and why: full sentences in a fixed order. */
  readonly notes: readonly string[];
}
