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
  readonly #waiting = new Map<string, HostReport>();
  #isOpen = false;

  /** `hand` takes a report on. */
  constructor(hand: (report: HostReport) => void) {
    this.#hand = hand;
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

  /** Hands on what was held back, what comes meanwhile included. */
  async open(): Promise<void> {
    const slices = new TimeSlices(SLICE);
    for (const [host, report] of this.#waiting) {
      this.#waiting.delete(host);
      this.#hand(report);
      if (slices.isOver) {
        await slices.next();
      }
    }
    this.#isOpen = true;
  }
}
