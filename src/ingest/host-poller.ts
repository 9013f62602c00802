/** Asks hosts for their reports again and again: never more than a few at once, those that fail less often. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { backoffDelay } from "./backoff.ts";

/** One host to ask. */
export interface PolledHost {
  readonly host: string;
  /** Asks once and takes the answer in; rejects with what went wrong, in words for people. */
  readonly ask: (signal: AbortSignal) => Promise<void>;
}

/** How often and how many at once; read anew before each attempt. Seconds. */
export interface PollParameters {
  readonly interval: number;
  readonly parallel: number;
}

/** What polling needs. */
export interface HostPollerDeps {
  readonly hosts: readonly PolledHost[];
  readonly parameters: () => PollParameters;
  /** Told when a host fails, at each attempt. */
  readonly failed: (host: string, reason: string) => void;
  readonly log: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Where the polling stands. */
export interface PollProgress {
  readonly hosts: number;
  /** Asked at least once since the start. */
  readonly asked: number;
  readonly running: number;
  /** Hosts whose last attempt failed, with the reason. */
  readonly failed: ReadonlyMap<string, string>;
}

interface Turn {
  readonly polled: PolledHost;
  /** Unix seconds of the last attempt's beginning, 0 before the first. */
  began: number;
  failures: number;
  asked: boolean;
  running: boolean;
  fault: string | undefined;
}

/** A host that fails is asked after one interval, then two, four, up to this many. */
const LONGEST = 10;
/** Seconds between two words on how far the first round is. */
const TELL_EVERY = 10;
/** Seconds to the next look where nothing is due. */
const IDLE = 1;

/** Polls from `start` to `stop`. */
export class HostPoller {
  readonly #deps: HostPollerDeps;
  #turns: readonly Turn[];
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** When it was told last how far the first round is, Unix seconds, and how many hosts had been asked then. */
  #told = { at: 0, asked: 0 };

  constructor(deps: HostPollerDeps) {
    this.#deps = deps;
    this.#turns = deps.hosts.map(firstTurn);
  }

  /** Asks these hosts from now on; of those it asked before, those that are given again keep their place. */
  follow(hosts: readonly PolledHost[]): void {
    const before = new Map(this.#turns.map((turn) => [turn.polled, turn]));
    this.#turns = hosts.map((polled) => before.get(polled) ?? firstTurn(polled));
  }

  /** Begins; all hosts are due at once, and wait for each other. */
  start(): void {
    this.#told = { at: this.#deps.now(), asked: 0 };
    this.#timer = setInterval(() => this.#pump(), IDLE * 1000);
    this.#pump();
  }

  /** Gives up what runs and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  get progress(): PollProgress {
    const failed = this.#turns.flatMap(({ polled, fault }) =>
      fault === undefined ? [] : [[polled.host, fault] as const],
    );
    const asked = this.#turns.filter((turn) => turn.asked).length;
    return { hosts: this.#turns.length, asked, running: this.#running.size, failed: new Map(failed) };
  }

  #pump(): void {
    this.#tellFirstRound();
    const { parameters, now } = this.#deps;
    const { interval, parallel } = parameters();
    const free = parallel - this.#running.size;
    if (this.#stop.signal.aborted || free <= 0) {
      return;
    }
    const due = this.#turns.filter((turn) => !turn.running && isDue(turn, interval, now()));
    due.sort((a, b) => a.began - b.began);
    for (const turn of due.slice(0, free)) {
      const run = this.#take(turn).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #take(turn: Turn): Promise<void> {
    const { host, ask } = turn.polled;
    turn.began = this.#deps.now();
    turn.running = true;
    const fault = await ask(this.#stop.signal).then(() => undefined, messageOf);
    turn.running = false;
    if (this.#stop.signal.aborted) {
      return;
    }
    turn.asked = true;
    turn.failures = fault === undefined ? 0 : turn.failures + 1;
    this.#tell(turn, host, fault);
  }

  /** The first round over many hosts takes minutes: how far it is, now and then, and when all were asked. */
  #tellFirstRound(): void {
    const { log, now } = this.#deps;
    const asked = this.#turns.filter((turn) => turn.asked).length;
    const isOver = asked === this.#turns.length;
    if (asked !== this.#told.asked && (isOver || now() - this.#told.at >= TELL_EVERY)) {
      this.#told = { at: now(), asked };
      const fields = { asked, hosts: this.#turns.length, failed: this.progress.failed.size };
      log.info(fields, isOver ? "all hosts were asked for their report" : "hosts are asked for their first report");
    }
  }

  #tell(turn: Turn, host: string, fault: string | undefined): void {
    const { log, failed } = this.#deps;
    if (fault !== undefined) {
      failed(host, fault);
    }
    if (fault !== turn.fault) {
      turn.fault = fault;
      if (fault === undefined) {
        log.info({ host }, "the host answers again");
      } else {
        log.warn({ host, reason: fault }, "the host could not be asked for its report");
      }
    }
  }
}

function firstTurn(polled: PolledHost): Turn {
  return { polled, began: 0, failures: 0, asked: false, running: false, fault: undefined };
}

/** Asked of the interval as it is now, so that a setting changed holds at once; a clock that was set back delays nobody. */
function isDue({ began, failures }: Turn, interval: number, now: number): boolean {
  const pause = failures === 0 ? interval : backoffDelay(failures, { first: interval, longest: LONGEST * interval }, 0);
  return Math.abs(now - began) >= pause;
}
