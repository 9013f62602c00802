/** Which hosts may have changed their age by now: turns are many, and hosts too. All times are Unix seconds. */
import { Deadlines } from "../model/deadlines.ts";
import { isFuture } from "../model/set-back.ts";
import { agentState, type DerivedHost, staleFrom } from "./derive-host.ts";
import type { HostMemory } from "./host-memory.ts";

/** When hosts change their ages next. */
export class SiteAges {
  private readonly deadlines = new Deadlines();
  private looked = Number.NEGATIVE_INFINITY;

  /** Whether the clock was set back since `takeDue`: what is remembered may lie in the future. */
  wasSetBack(now: number): boolean {
    return isFuture(this.looked, now);
  }

  /** Takes the hosts of which something may have another age by now; all of them where the clock was set back. */
  takeDue(now: number, all: () => Iterable<string>): Iterable<string> {
    const isBack = now < this.looked;
    this.looked = now;
    const due = this.deadlines.takeDue(now);
    return isBack ? all() : due;
  }

  /** Whether something of a host, as it was derived, has another age by now. */
  changed(memory: HostMemory, derived: DerivedHost, now: number): boolean {
    return derived.nextAge < now || derived.agent !== agentState(memory, now);
  }

  /** Notes when a host changes its age next. */
  note(memory: HostMemory, { host, agent, nextAge }: DerivedHost): void {
    this.deadlines.note(host, Math.min(nextAge, agent === "fresh" ? staleFrom(memory) : Number.POSITIVE_INFINITY));
  }

  /** Notes that a host reported: it may do so more often than before. */
  noteReport(host: string, memory: HostMemory): void {
    this.deadlines.note(host, staleFrom(memory));
  }
}
