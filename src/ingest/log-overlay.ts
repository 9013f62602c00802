/**
 * Lays what the log and the event handlers tell over what the status file told. The log is faster, the file is the whole truth: what an
 * event says counts until a file is read that was written after the event. So no state ever jumps back because an
 * older file is read after a newer event. Log and file count whole seconds; an event of the second in which the file
 * was written stays on top, which does no harm, since every event says what holds after it.
 */
import type { AcknowledgementEvent, AlertEvent, LogEvent, SpanEvent } from "../../nagios/log-event.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { CheckStatus, StatesObserved } from "../model/monitoring.ts";
import { type Acknowledgement, isProblem } from "../model/state.ts";
import { type HeardAlerts, hearAlert, type Teller } from "./heard-alerts.ts";
import { StatusIndex } from "./status-index.ts";
import { sameStatus } from "./told-statuses.ts";

/** What the last event of one kind says. */
interface Patch {
  readonly time: number;
  readonly fields: Partial<CheckStatus>;
  /** Of an alert: the alerts of its second. */
  readonly heard?: HeardAlerts;
}

/** The patches of one object, one of each kind of event at most. */
type Patches = ReadonlyMap<LogEvent["kind"], Patch>;

/** Seconds an event may lie after the present before it is taken for a wrong clock and left out. */
const CLOCK_SLACK = 300;

/** Events of objects that the status file has not told yet are kept until it does, this many at most. */
const MOST_EARLY = 10_000;

/** Statuses of one source, as file and log tell them. */
export class LogOverlay {
  readonly #file = new StatusIndex<CheckStatus>();
  readonly #patches = new StatusIndex<Patches>();
  readonly #now: () => number;
  #early: { readonly event: LogEvent; readonly teller: Teller }[] = [];
  #writtenAt = 0;

  /** `now` in Unix seconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes what the status file told, and returns what is to be told instead. */
  takeFile(observed: StatesObserved): StatesObserved {
    const ended = this.#endPatches(observed.asOf);
    if (observed.full) {
      this.#file.clear();
    }
    for (const status of observed.statuses) {
      this.#file.set(status, status);
    }
    for (const name of observed.gone) {
      this.#file.delete(name);
      this.#patches.delete(name);
    }
    const early = this.#takeEarly();
    if (this.#patches.size === 0 && ended.length === 0) {
      return observed;
    }
    const statuses = observed.full
      ? observed.statuses.map((status) => this.#current(status) ?? status)
      : this.#present([...observed.statuses, ...ended, ...early]);
    return { ...observed, statuses };
  }

  /** Takes that the status file was written at `asOf`; returns what differs now from what was told. */
  takeWritten(asOf: number): CheckStatus[] {
    return this.#present(this.#endPatches(asOf));
  }

  /** Takes events in the order in which they are told; returns the statuses that are different now. */
  takeEvents(events: readonly LogEvent[], teller: Teller = "log"): CheckStatus[] {
    return this.#present(events.filter((event) => this.#takeEvent(event, teller)));
  }

  /** Whether something is different after the event. */
  #takeEvent(event: LogEvent, teller: Teller): boolean {
    const { time } = event;
    if (time < this.#writtenAt || time > Math.max(this.#now(), this.#writtenAt) + CLOCK_SLACK) {
      return false;
    }
    const current = this.#current(event);
    if (current === undefined) {
      this.#early.push({ event, teller });
      this.#early.splice(0, this.#early.length - MOST_EARLY);
      return false;
    }
    const before = this.#patches.get(event) ?? new Map<LogEvent["kind"], Patch>();
    const after = event.kind === "alert" ? afterAlert(before, event, current, teller) : new Map(before);
    if (event.kind !== "alert") {
      after.set(event.kind, { time, fields: fieldsAfter(event, current) });
    }
    this.#patches.set(event, after);
    return !sameStatus(current, patched(current, after));
  }

  /** Takes back what older events say than a file written at `asOf`; returns the objects they spoke of. */
  #endPatches(asOf: number): ObjectName[] {
    // A clock that was set back: which of file and event is newer cannot be told any more.
    const isClockBack = asOf < this.#writtenAt;
    this.#writtenAt = asOf;
    const ended: ObjectName[] = [];
    for (const [name, patches] of this.#patches.entries()) {
      const left = new Map([...patches].filter(([, patch]) => !isClockBack && patch.time >= asOf));
      if (left.size === patches.size) {
        continue;
      }
      ended.push(name);
      if (left.size === 0) {
        this.#patches.delete(name);
      } else {
        this.#patches.set(name, left);
      }
    }
    return ended;
  }

  /** Takes the events again that came before the file told of their objects; returns those that made a difference. */
  #takeEarly(): LogEvent[] {
    const early = this.#early;
    this.#early = [];
    return early.filter(({ event, teller }) => this.#takeEvent(event, teller)).map(({ event }) => event);
  }

  /** What holds of each object now, those that are not there left out. */
  #present(names: readonly ObjectName[]): CheckStatus[] {
    const present = new StatusIndex<CheckStatus>();
    for (const name of names) {
      const current = this.#current(name);
      if (current !== undefined) {
        present.set(name, current);
      }
    }
    return [...present.values()];
  }

  #current(name: ObjectName): CheckStatus | undefined {
    const told = this.#file.get(name);
    const patches = this.#patches.get(name);
    return told === undefined || patches === undefined ? told : patched(told, patches);
  }
}

function patched(status: CheckStatus, patches: Patches): CheckStatus {
  return Object.assign({ ...status }, ...[...patches.values()].map(({ fields }) => fields));
}

/** The patches after an alert. An echo changes nothing, but may bring the output that its first teller left out. */
function afterAlert(
  before: Patches,
  event: AlertEvent,
  current: CheckStatus,
  teller: Teller,
): Map<LogEvent["kind"], Patch> {
  const { time, output } = event;
  const after = new Map(before);
  const last = before.get("alert");
  const { heard, isEcho } = hearAlert(last?.heard, teller, event);
  if (last !== undefined && isEcho) {
    const isFuller = last.fields.output === "" && output !== null && time === last.time;
    return after.set("alert", { ...last, heard, fields: isFuller ? { ...last.fields, output } : last.fields });
  }
  after.set("alert", { time, fields: alertFields(event, current), heard });
  if (endsAcknowledgement(event, current)) {
    after.set("acknowledgement", { time, fields: { acknowledgement: "none" } });
  }
  return after;
}

function fieldsAfter(event: AcknowledgementEvent | SpanEvent, current: CheckStatus): Partial<CheckStatus> {
  switch (event.kind) {
    case "acknowledgement":
      return { acknowledgement: acknowledgementAfter(event, current) };
    case "downtime":
      // Told only when the first one begins and when the last one ends.
      return { downtimeDepth: event.begins ? Math.max(1, current.downtimeDepth) : 0 };
    case "flapping":
      return { flapping: event.begins };
  }
}

/** Nagios refuses to acknowledge what is no problem. */
function acknowledgementAfter(event: AcknowledgementEvent, current: CheckStatus): Acknowledgement {
  if (!event.begins || !isProblem(current.state)) {
    return "none";
  }
  return event.sticky ? "sticky" : "normal";
}

function alertFields(event: AlertEvent, current: CheckStatus): Partial<CheckStatus> {
  const { time, state, output } = event;
  const problem = isProblem(state);
  const isNew = state !== current.state;
  const isNewlyHard = event.stateType === "HARD" && (isNew || current.stateType === "SOFT");
  return {
    state,
    output: output ?? "",
    longOutput: "",
    // A recovery is logged with the attempt it was found at; right after, Nagios counts from 1 and is sure.
    stateType: problem ? event.stateType : "HARD",
    attempt: problem ? event.attempt : 1,
    lastCheck: Math.max(time, current.lastCheck),
    lastChange: isNew ? time : current.lastChange,
    lastHardChange: isNewlyHard ? time : current.lastHardChange,
    reachable: state !== "UNREACHABLE",
  };
}

/** Whether a result takes away an acknowledgement: a recovery each, another problem state only one that is not sticky. */
function endsAcknowledgement({ state }: AlertEvent, current: CheckStatus): boolean {
  const isChange = state !== current.state && current.acknowledgement === "normal";
  return current.acknowledgement !== "none" && (!isProblem(state) || isChange);
}
