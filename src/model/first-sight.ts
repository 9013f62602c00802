/** When things of a host were seen first. All times are Unix seconds. */
import { processId } from "./ids.ts";
import type { HostTopology } from "./topology.ts";

/** When anything of the host was seen first; its last report where nothing ever was. */
export function firstSight({ edges, listeners, lastReport }: HostTopology): number {
  let first = lastReport;
  for (const { firstSeen } of [...edges.values(), ...listeners.values()]) {
    first = Math.min(first, firstSeen);
  }
  return first;
}

/** When each process of the host was seen first, by id. */
export function firstSights({ host, edges, listeners, nameOf }: HostTopology): Map<string, number> {
  const first = new Map<string, number>();
  for (const { process, owner, firstSeen } of [...edges.values(), ...listeners.values()]) {
    const id = processId(host, nameOf(process, owner));
    first.set(id, Math.min(first.get(id) ?? firstSeen, firstSeen));
  }
  return first;
}
