/** The parts of `dotm report`, and how each is listed. */

import type { SinglePoint } from "../../impact/single-points.ts";
import type { Survey, UnmonitoredService } from "../../impact/survey.ts";
import type { Alarm } from "../../model/alarm.ts";
import type { Listing } from "../listing.ts";
import { alarmListing } from "../resources/alarms.ts";
import { cell } from "../words.ts";

/** What can be asked for, in the order it is printed. */
export const REPORT_PARTS = ["alarms", "single-points", "unmonitored"] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

/** Everything a report can tell. */
export interface ReportContent extends Survey {
  readonly alarms: readonly Alarm[];
}

/** Heading of a part where several are printed. */
export const PART_TITLES: Readonly<Record<ReportPart, string>> = {
  alarms: "Alarms",
  "single-points": "Single points of failure",
  unmonitored: "Services nobody watches",
};

/** One part as a list; ages as of `now` (Unix seconds). */
export function partListing(part: ReportPart, content: ReportContent, now: number): Listing {
  switch (part) {
    case "alarms":
      return alarmListing(content.alarms, now);
    case "single-points":
      return singlePointListing(content.singlePoints);
    case "unmonitored":
      return unmonitoredListing(content.unmonitored);
  }
}

function singlePointListing(points: readonly SinglePoint[]): Listing {
  return {
    kind: "SinglePointList",
    items: points,
    columns: [{ head: "SERVICE" }, { head: "PROCESS" }, { head: "NEEDED BY" }, { head: "CUTS OFF" }],
    rows: points.map(({ id, process, dependents, cutsOff }) => [id, cell(process), `${dependents}`, `${cutsOff}`]),
    names: points.map(({ id }) => id),
  };
}

function unmonitoredListing(services: readonly UnmonitoredService[]): Listing {
  return {
    kind: "UnmonitoredList",
    items: services,
    columns: [{ head: "SERVICE" }, { head: "PROCESS" }, { head: "NEEDED BY" }],
    rows: services.map(({ id, process, dependents }) => [id, cell(process), `${dependents}`]),
    names: services.map(({ id }) => id),
  };
}
