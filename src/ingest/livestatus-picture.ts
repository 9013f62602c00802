/** What a Livestatus server said of its hosts and service checks so far, and what a new answer changes of it. */
import { setImmediate as turn } from "node:timers/promises";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { isProblem } from "../model/state.ts";
import { StatusIndex } from "./status-index.ts";
import { type StatusNews, ToldStatuses } from "./told-statuses.ts";

/** Objects taken at a time, before everybody else gets a turn. */
const PIECE = 4096;

/** What an answer on changed objects brings. */
export interface PictureChange {
  readonly statuses: readonly CheckStatus[];
  /** Objects that must have changed, since they are no longer among those in trouble; the answer says nothing of them. */
  readonly missing: readonly ObjectName[];
}

/** The picture of one server. */
export class LivestatusPicture {
  readonly #told = new ToldStatuses();
  /** Objects that are a problem, acknowledged, in downtime or flapping: every answer on changes names them all. */
  #inTrouble = new StatusIndex<ObjectName>();
  #isFirst = true;
  #newest = 0;
  #hosts = 0;
  #checks = 0;

  /** When the newest result is from that it has told of, by the server's clock; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** How many hosts and checks it has told of. */
  get counts(): { readonly hosts: number; readonly checks: number } {
    return { hosts: this.#hosts, checks: this.#checks };
  }

  /** Whether an object was in downtime when it was last told of. */
  isInDowntime(name: ObjectName): boolean {
    return (this.#told.get(name)?.downtimeDepth ?? 0) > 0;
  }

  /** Takes everything there is, a piece at a time: a large site must not keep everybody waiting. */
  async takeAll(statuses: readonly CheckStatus[], now: number): Promise<StatusNews> {
    const full = this.#isFirst;
    const changed: CheckStatus[] = [];
    this.#isFirst = false;
    this.#hosts = 0;
    this.#checks = 0;
    this.#newest = 0;
    this.#inTrouble = new StatusIndex();
    for (let at = 0; at < statuses.length; at += PIECE) {
      const piece = statuses.slice(at, at + PIECE);
      for (const status of piece) {
        this.#count(status);
        this.#look(status, now);
      }
      for (const status of this.#told.takeSome(piece)) {
        changed.push(status);
      }
      await turn();
    }
    const gone = full ? [] : await this.#goneBut(new Set(statuses));
    this.#told.forget(gone);
    return full ? { full, statuses, gone } : { full, statuses: changed, gone };
  }

  /** Names of what was told of before and is not among what is told now. */
  async #goneBut(statuses: ReadonlySet<CheckStatus>): Promise<ObjectName[]> {
    const gone: ObjectName[] = [];
    let looked = 0;
    for (const status of this.#told.all()) {
      if (!statuses.has(status)) {
        gone.push({ host: status.host, check: status.check });
      }
      if (++looked % PIECE === 0) {
        await turn();
      }
    }
    return gone;
  }

  /** Takes the answer on what may have changed, with all objects in trouble. */
  takeChanged(statuses: readonly CheckStatus[], now: number): PictureChange {
    const before = this.#inTrouble;
    this.#inTrouble = new StatusIndex();
    for (const status of statuses) {
      before.delete(status);
      if (this.#told.get(status) === undefined) {
        this.#count(status);
      }
      this.#look(status, now);
    }
    return { statuses: this.#told.takeSome(statuses), missing: [...before.values()] };
  }

  /** Takes the answer on objects that were asked for by name; returns what it changes. */
  takeNamed(statuses: readonly CheckStatus[], now: number): readonly CheckStatus[] {
    const known = statuses.filter((status) => this.#told.get(status) !== undefined);
    for (const status of known) {
      this.#look(status, now);
    }
    return this.#told.takeSome(known);
  }

  #count({ check }: CheckStatus): void {
    if (check === null) {
      this.#hosts++;
    } else {
      this.#checks++;
    }
  }

  #look(status: CheckStatus, now: number): void {
    const { host, check, lastCheck } = status;
    // A result dated in the future must not hide those that follow.
    this.#newest = Math.max(this.#newest, Math.min(lastCheck, now));
    if (isInTrouble(status)) {
      this.#inTrouble.set(status, { host, check });
    }
  }
}

function isInTrouble({ check, state, acknowledgement, downtimeDepth, flapping, reachable }: CheckStatus): boolean {
  // Icinga 2 gives each host behind a broken one a state that is none of its own.
  const isCutOff = check === null && !reachable;
  return isProblem(state) || acknowledgement !== "none" || downtimeDepth > 0 || flapping || isCutOff;
}
