/** Which needs of a process stand in for each other: as written down, else one program and port on different hosts. */
import { grouped } from "../model/grouped.ts";
import { type NeedGroup, quorumOf, type WrittenGroup } from "../model/redundancy.ts";

/** A need as grouping sees it. */
export interface GroupableNeed {
  readonly from: string;
  readonly to: string;
  /** Host, port and program of the service needed; port or process null where it is none or not known. */
  readonly host: string;
  readonly port: string | null;
  readonly process: string | null;
}

/**
 * Finds the redundancy groups among needs, by `needKey`: written groups of which the dependent needs two members, else
 * `PORT PROCESS` for needs that have a twin on another host. Services without a known process are nobody's twin.
 */
export function groupNeeds(needs: readonly GroupableNeed[], written: readonly WrittenGroup[]): Map<string, NeedGroup> {
  const named = needs
    .map((need) => ({ need, name: groupName(need, written) }))
    .filter(({ name }) => name !== undefined);
  const members = grouped(named, ({ need, name }) => `${need.from}\n${name}`);
  const groups = new Map<string, NeedGroup>();
  for (const [key, together] of members) {
    const own = together.map(({ need }) => need);
    const group = groupOf(key.slice(key.indexOf("\n") + 1), own, written);
    if (group !== undefined) {
      noteAll(groups, own, group);
    }
  }
  return groups;
}

function noteAll(groups: Map<string, NeedGroup>, needs: readonly GroupableNeed[], group: NeedGroup): void {
  for (const need of needs) {
    groups.set(needKey(need), group);
  }
}

/** The group of so named needs; undefined where all are on one host and nothing stands in for anything. */
function groupOf(
  name: string,
  needs: readonly GroupableNeed[],
  written: readonly WrittenGroup[],
): NeedGroup | undefined {
  if (new Set(needs.map((need) => need.host)).size < 2) {
    return undefined;
  }
  const operator = written.find((group) => writtenName(group) === name)?.operator;
  return { name, quorum: operator === undefined ? 0 : quorumOf(operator, needs.length) };
}

/** Key of a need in maps. */
export function needKey(need: { readonly from: string; readonly to: string }): string {
  return `${need.from}\n${need.to}`;
}

function groupName(need: GroupableNeed, written: readonly WrittenGroup[]): string | undefined {
  const group = written.find(({ members }) => members.includes(need.to));
  if (group !== undefined) {
    return writtenName(group);
  }
  return need.port === null || need.process === null ? undefined : `${need.port} ${need.process}`;
}

function writtenName(group: WrittenGroup): string {
  return group.members.join(", ");
}
