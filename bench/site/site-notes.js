/** Comments and downtimes that go with acknowledged and expected problems. */
import { TICK_SECONDS } from "./describe-site.js";

/** Remembers the comment or downtime that goes with a state, to be written at the end of the file. */
export function note(site, host, check, acknowledged, downtime) {
  const of = check === null ? { host_name: host } : { host_name: host, service_description: check };
  const kind = check === null ? "host" : "service";
  const id = site.notes.length + 1;
  const entered = site.created - site.tick * TICK_SECONDS - 900;
  if (acknowledged > 0) {
    site.notes.push([
      `${kind}comment`,
      {
        ...of,
        entry_type: 4,
        comment_id: id,
        source: 0,
        persistent: 0,
        entry_time: entered,
        expires: 0,
        expire_time: 0,
        author: "oncall",
        comment_data: `Ticket #${id} = in work; see {wiki}`,
      },
    ]);
  }
  if (downtime > 0) {
    site.notes.push([
      `${kind}downtime`,
      {
        ...of,
        downtime_id: id,
        comment_id: id,
        entry_time: entered,
        start_time: entered,
        flex_downtime_start: 0,
        end_time: entered + 86_400,
        triggered_by: 0,
        fixed: 1,
        duration: 86_400,
        is_in_effect: 1,
        start_notification_sent: 1,
        author: "oncall",
        comment: "Planned work",
      },
    ]);
  }
}
