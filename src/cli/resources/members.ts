/** `dotm get members`: the processes of DOTM, what each does, and which engine leads. */
import type { Member } from "../../store/members.ts";
import type { TeamReader } from "../../store/team.ts";
import type { Listing } from "../listing.ts";
import { ageText, isoTime } from "../words.ts";

/** Seconds without a sign of life after which a process is called silent; each gives one every few seconds. */
export const MEMBER_SILENT_AFTER = 20;

/** What listing them needs; `now` in Unix seconds. */
export interface MembersRequest {
  readonly team: TeamReader;
  readonly now: number;
}

/** Lists the processes. */
export async function listMembers({ team, now }: MembersRequest): Promise<Listing> {
  const members = await team.members(now);
  return {
    kind: "MemberList",
    items: members.map((member) => memberItem(member, now)),
    columns: [{ head: "NAME" }, { head: "ROLES" }, { head: "STATUS" }, { head: "SEEN" }, { head: "URL" }],
    rows: members.map((member) => {
      const { name, roles, at, url } = member;
      return [name, roles.join(","), memberStatus(member, now), ageText(at, now), url];
    }),
    names: members.map(({ name }) => name),
  };
}

function memberItem(member: Member, now: number) {
  const { id, name, roles, leads, since, at, version, url } = member;
  const silent = now - at > MEMBER_SILENT_AFTER;
  return { id, name, roles, leads, silent, since: isoTime(since), seen: isoTime(at), version, url };
}

function memberStatus({ leads, roles, at }: Member, now: number): string {
  if (now - at > MEMBER_SILENT_AFTER) {
    return "SILENT";
  }
  if (leads) {
    return "LEADS";
  }
  return roles.includes("engine") ? "STANDBY" : "OK";
}
