/** Do the processes live, does one lead, and does somebody take the tasks? */
import type { Member } from "../../store/members.ts";
import type { QueueState } from "../../store/task-queue.ts";
import { MEMBER_SILENT_AFTER } from "../resources/members.ts";
import { doubtful, type Finding, fine, someOf } from "./finding.ts";
import type { Examination } from "./picture.ts";

/** Examines processes and queue. @throws DotmError DOTM_STORE_UNREACHABLE */
export async function examineTeam({ store, now, program }: Omit<Examination, "config">): Promise<Finding[]> {
  const [members, queue] = await Promise.all([store.team.members(now), store.team.queue()]);
  return [...memberFindings(members, now, program), ...queueFindings(queue, program)];
}

function memberFindings(members: readonly Member[], now: number, program: string): Finding[] {
  if (members.length === 0) {
    return [];
  }
  const isSilent = ({ at }: Member) => now - at > MEMBER_SILENT_AFTER;
  const present = members.filter((member) => !isSilent(member));
  const silent = members.filter((member) => isSilent(member) && !present.some((other) => takesPlaceOf(other, member)));
  const leader = present.find(({ leads }) => leads);
  const text = `${present.length} present, ${leader === undefined ? "none leads" : `${leader.name} leads`}`;
  const lost = `${text}; silent: ${someOf(silent.map(({ name, roles }) => `${name} (${roles.join(",")})`))}`;
  const fix = `See: ${program} get members`;
  if (silent.length > 0) {
    return [doubtful("processes", lost, `Are they meant to be gone? They are forgotten after an hour. ${fix}`)];
  }
  return [leader === undefined ? doubtful("processes", text, fix) : fine("processes", text)];
}

/** Whether a process is another one started again: under its name, or on its machine with its address. */
function takesPlaceOf(present: Member, silent: Member): boolean {
  const machineOf = ({ name }: Member) => name.replace(/\/\d+$/, "");
  const isSamePlace = present.url === silent.url && machineOf(present) === machineOf(silent);
  return present.since >= silent.since && (present.name === silent.name || isSamePlace);
}

/** Nothing to tell of a queue nobody uses. */
function queueFindings({ waiting, workers, poison }: QueueState, program: string): Finding[] {
  if (waiting + workers + poison === 0) {
    return [];
  }
  const text = `${waiting} tasks wait, ${workers} workers`;
  if (poison > 0) {
    const fix =
      "See: redis-cli lrange '{dotm::queue}::poison' 0 -1; once looked at: redis-cli del '{dotm::queue}::poison'";
    return [doubtful("tasks", `${text}; ${poison} set aside, as they are no tasks or workers died of them`, fix)];
  }
  return waiting > 0 && workers === 0
    ? [doubtful("tasks", text, `Start one: ${program} serve --roles worker`)]
    : [fine("tasks", text)];
}
