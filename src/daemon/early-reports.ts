/**
 * Holds reports back until the sources have spoken: before that nobody knows under which names the monitoring has their
 * hosts, and each host that is called otherwise there would stand in the picture twice.
 */
import type { HostReport } from "../model/host-report.ts";
import { TimeSlices } from "../store/time-slices.ts";

/** Milliseconds of work after which others have their turn. */
const SLICE = 50;

/** The newest report of each host until `open`, afterwards none: they go straight on. */
export class EarlyReports {
  readonly #hand: (report: HostReport) => void;
  readonly #isNamed: (host: string) => boolean;
  readonly #waiting = new Map<string, HostReport>();
  #isOpen = false;

  /** `hand` takes a report on; `isNamed` tells whether the name of a host is one that the monitoring knows. */
  constructor(hand: (report: HostReport) => void, isNamed: (host: string) => boolean) {
    this.#hand = hand;
    this.#isNamed = isNamed;
  }

  /** Whether nothing is held back any more. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Hands a report on, or holds it back. */
  put(report: HostReport): void {
    if (this.#isOpen) {
      this.#hand(report);
    } else {
      this.#waiting.set(report.host, report);
    }
  }

  /** Hands on what was held back, what comes meanwhile included: hosts by name before those known by an address alone. */
  async open(): Promise<void> {
    await this.#handOn(this.#isNamed);
    await this.#handOn(() => true);
    this.#isOpen = true;
  }

  async #handOn(isWanted: (host: string) => boolean): Promise<void> {
    const slices = new TimeSlices(SLICE);
    for (const [host, report] of this.#waiting) {
      if (isWanted(host)) {
        this.#waiting.delete(host);
        this.#hand(report);
      }
      if (slices.isOver) {
        await slices.next();
      }
    }
  }
}
