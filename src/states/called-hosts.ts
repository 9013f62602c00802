/** What the hosts of agents are called in the picture, and how that changes: sources may name a host long after it reported. */
import { isSameMachine, type MachineMarks, type ReportFrame } from "../model/host-report.ts";
import { laterTime } from "../model/set-back.ts";

interface Called {
  readonly name: string;
  readonly marks: MachineMarks;
  /** Whether the name it gives itself says so; else one of its addresses does. */
  readonly byName: boolean;
  /** Unix seconds of its last report. */
  readonly at: number;
}

/** Seconds after its last report in which the place of a host is kept for the agent that bears its name. */
const KEPT_FOR = 86_400;

/** By the name each gives itself. */
export class CalledHosts {
  private readonly known = new Map<string, Called>();
  private readonly owners = new Map<string, Set<string>>();
  /** Unix seconds of the last report of all. */
  private heardAt = 0;

  /**
   * Notes that the host that calls itself `own` is called `name` now. Returns what it was called before, which is its own
   * name for a host never heard of, where that is another name and nobody's any more.
   */
  call(
    own: string,
    name: string,
    { boot, ips, receivedAt }: MachineMarks & Pick<ReportFrame, "receivedAt">,
    byName: boolean,
  ): string | undefined {
    const marks = { boot, ips };
    const called = this.known.get(own);
    this.known.set(own, { name, marks, byName, at: receivedAt });
    this.heardAt = laterTime(this.heardAt, receivedAt);
    const before = called?.name ?? own;
    if (before === name && called !== undefined) {
      return undefined;
    }
    this.owners.get(before)?.delete(own);
    this.ownersOf(name).add(own);
    // Machines that call themselves alike, `localhost`, are told apart by the monitoring: none is the other.
    const same = called === undefined || isSameMachine(called.marks, marks);
    return before !== name && same && this.ownersOf(before).size === 0 ? before : undefined;
  }

  /** Whether the host that calls itself `own` was called `name` last. */
  is(own: string, name: string): boolean {
    return this.known.get(own)?.name === name;
  }

  /** Whether an agent speaks for a host that is called as the host is: addresses are what others only claim to have. */
  hasVoice(name: string): boolean {
    return [...(this.owners.get(name) ?? [])].some((own) => {
      const called = this.known.get(own);
      return called?.byName === true && this.heardAt - called.at <= KEPT_FOR;
    });
  }

  private ownersOf(name: string): Set<string> {
    const known = this.owners.get(name) ?? new Set();
    this.owners.set(name, known);
    return known;
  }
}
