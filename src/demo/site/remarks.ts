/** The comment and downtime blocks of status.dat. */
import { type Fields, statusBlock } from "./block-text.ts";
import type { Site } from "./site.ts";
import type { StatusMoment } from "./status-fields.ts";

/** The blocks of a site: comments before downtimes, both in the order of their numbers. */
export function commentsAndDowntimes(site: Site, { startedAt }: StatusMoment): string[] {
  const entered = startedAt - 7200;
  const comments: string[] = [];
  const downtimes: string[] = [];
  const note = (type: string, about: Fields, entryType: number, persistent: number, text: string) => {
    const kind: Fields = [
      ["entry_type", entryType],
      ["comment_id", comments.length + 1],
      ["source", 0],
    ];
    const rest: Fields = [
      ["persistent", persistent],
      ["entry_time", entered],
      ["expires", 0],
      ["expire_time", 0],
    ];
    comments.push(statusBlock(type, [...about, ...kind, ...rest, ["author", "oncall"], ["comment_data", text]]));
  };
  for (const { host, check, acknowledged } of site.checks) {
    if (acknowledged !== undefined) {
      note(
        "servicecomment",
        [
          ["host_name", host],
          ["service_description", check],
        ],
        4,
        0,
        acknowledged,
      );
    }
  }
  for (const { name, downtime } of site.hosts) {
    if (downtime !== undefined) {
      note("hostcomment", [["host_name", name]], 2, 0, "This host has been scheduled for fixed downtime.");
      downtimes.push(downtimeBlock(name, downtime, comments.length, entered, downtimes.length + 1));
    }
  }
  return [...comments, ...downtimes];
}

function downtimeBlock(host: string, reason: string, comment: number, entered: number, id: number): string {
  return statusBlock("hostdowntime", [
    ["host_name", host],
    ["downtime_id", id],
    ["comment_id", comment],
    ["entry_time", entered],
    ["start_time", entered],
    ["flex_downtime_start", 0],
    ["end_time", entered + 86_400],
    ["triggered_by", 0],
    ["fixed", 1],
    ["duration", 86_400],
    ["is_in_effect", 1],
    ["start_notification_sent", 1],
    ["author", "oncall"],
    ["comment", reason],
  ]);
}
