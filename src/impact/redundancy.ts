/** Which needs of a process stand in for each other: services of one program and port on different hosts. */

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
 * Names the redundancy groups among needs: `PORT PROCESS` for each need whose dependent also needs a twin on another
 * host, by `needKey`. Services without a known process are nobody's twin.
 */
export function groupNeeds(needs: readonly GroupableNeed[]): Map<string, string> {
  const hosts = new Map<string, Set<string>>();
  for (const need of needs) {
    const name = groupName(need);
    if (name !== undefined) {
      const key = `${need.from}\n${name}`;
      hosts.set(key, (hosts.get(key) ?? new Set()).add(need.host));
    }
  }
  const groups = new Map<string, string>();
  for (const need of needs) {
    const name = groupName(need);
    if (name !== undefined && (hosts.get(`${need.from}\n${name}`)?.size ?? 0) > 1) {
      groups.set(needKey(need), name);
    }
  }
  return groups;
}

/** Key of a need in maps. */
export function needKey(need: { readonly from: string; readonly to: string }): string {
  return `${need.from}\n${need.to}`;
}

function groupName(need: GroupableNeed): string | undefined {
  return need.port === null || need.process === null ? undefined : `${need.port} ${need.process}`;
}
