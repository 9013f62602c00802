/** When anything of the site changes its age next: turns are many, and hosts too. All times are Unix seconds. */
import { agentState, type DerivedHost, staleFrom } from "./derive-host.ts";
import type { HostMemory } from "./host-memory.ts";

/** From when on and until when no host changes its age, as long as none is derived anew. */
export class SiteAges {
  private from = Number.POSITIVE_INFINITY;
  private until = Number.NEGATIVE_INFINITY;

  /** Whether no host can have changed its age by now. */
  same(now: number): boolean {
    return now >= this.from && now <= this.until;
  }

  /** Begins to look at all hosts. */
  lookAt(now: number): void {
    this.from = now;
    this.until = Number.POSITIVE_INFINITY;
  }

  /** Whether something of a host, as it was derived, has another age by now. */
  changed(memory: HostMemory, derived: DerivedHost, now: number): boolean {
    return derived.nextAge < now || derived.agent !== agentState(memory, now);
  }

  /** Notes when a host changes its age next. */
  note(memory: HostMemory, { agent, nextAge }: DerivedHost): void {
    this.until = Math.min(this.until, nextAge, agent === "fresh" ? staleFrom(memory) : Number.POSITIVE_INFINITY);
  }

  /** Notes that a host reported. */
  noteReport(memory: HostMemory): void {
    this.until = Math.min(this.until, staleFrom(memory));
  }
}
