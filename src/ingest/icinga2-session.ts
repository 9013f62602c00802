/**
 * One connection to Icinga 2, from the greeting to its end. The stream of events is opened first, then everything is
 * read, then the events are looked at that came meanwhile: so nothing falls between the two. All questions are asked
 * one after the other, and what is older than what was read changes nothing: so nothing jumps back.
 */
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { EVENT_TYPES, readEvent } from "../../nagios/icinga2-event.ts";
import { COMMENT_ATTRS, commentOf, DOWNTIME_ATTRS, downtimeOf } from "../../nagios/icinga2-notes.ts";
import { HOST_OBJECT_ATTRS, SERVICE_OBJECT_ATTRS } from "../../nagios/icinga2-objects.ts";
import { eventPermission, type Greeting, quotedPermissions } from "../../nagios/icinga2-permissions.ts";
import { STATE_ATTRS } from "../../nagios/icinga2-row.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { EventLines } from "./event-lines.ts";
import type { Icinga2Client } from "./icinga2-client.ts";
import { Icinga2Fault } from "./icinga2-fault.ts";
import { Icinga2Parents } from "./icinga2-parents.ts";
import { PendingEvents } from "./icinga2-pending.ts";
import { type Icinga2Picture, Icinga2Reading } from "./icinga2-picture.ts";
import { Icinga2Questions } from "./icinga2-questions.ts";
import type { StatusNews } from "./told-statuses.ts";

/** How often and how long, in seconds. */
export interface Icinga2Times {
  /** Between two questions whether Icinga 2 is still there. */
  readonly watch: number;
  /** Until it counts as gone where it does not answer that. */
  readonly patience: number;
  /** From a change of the configuration until everything is read again. */
  readonly settle: number;
  /** Between two readings of everything while nothing seems to call for one. */
  readonly resync: number;
}

/** Whom a session tells what. */
export interface Icinga2Listener {
  objects(reading: Icinga2Reading): void;
  states(news: StatusNews): void;
  notes(comments: readonly MonitoringComment[], downtimes: readonly MonitoringDowntime[]): void;
  /** All is told; `newest` is when Icinga 2 told the newest event, 0 where there was none. */
  well(newest: number): void;
  warn(message: string, reason: string, fields: object): void;
}

/** What a session works with. */
export interface Icinga2SessionOptions {
  readonly client: Icinga2Client;
  readonly picture: Icinga2Picture;
  readonly queue: string;
  readonly times: Icinga2Times;
  readonly listener: Icinga2Listener;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Longest event, in bytes. */
const LONGEST_EVENT = 1024 * 1024;

/** Milliseconds for which the events of one burst are gathered. */
const GATHER_MS = 20;

/** Where more objects than this are to be read again, all are. */
const MOST_AT_ONCE = 500;

/** Objects that events speak of and no question finds are remembered, this many at most. */
const MOST_STRANGERS = 10_000;

/** A session; made for one `run`. */
export class Icinga2Session {
  readonly #options: Icinga2SessionOptions;
  readonly #pending = new PendingEvents();
  readonly #ending = new AbortController();
  readonly #questions: Icinga2Questions;
  readonly #parents: Icinga2Parents;
  readonly #strangers = new Set<string>();
  #wake: () => void = nothing;
  #wantsAll = true;
  #readingTook = 0;
  #isRead = false;
  #settling: NodeJS.Timeout | undefined;

  constructor(options: Icinga2SessionOptions) {
    this.#options = options;
    this.#questions = new Icinga2Questions(options.client, this.#ending.signal);
    this.#parents = new Icinga2Parents(this.#questions);
  }

  /**
   * Runs until Icinga 2 ends the stream, as it does when it reloads, or until `signal`.
   * @throws Icinga2Fault where it ends otherwise, or before everything was read
   */
  async run(signal: AbortSignal): Promise<void> {
    const { watch, resync } = this.#options.times;
    const end = () => this.#ending.abort();
    signal.addEventListener("abort", end);
    const timers: NodeJS.Timeout[] = [];
    try {
      this.#warnOfMissing(await this.#questions.greet(this.#options.times.patience));
      const stream = await this.#listen();
      const watching = new Promise<never>((_, fail) => {
        timers.push(setInterval(() => void this.#watch().catch(fail), watch * 1000));
      });
      timers.push(setInterval(() => this.#wantAll(), resync * 1000));
      await Promise.race([this.#hear(stream), this.#work(), watching]);
      if (!this.#isRead) {
        const cause = "Icinga 2 ended its stream of events before everything was read";
        throw new Icinga2Fault("broken off", cause, "Look at Icinga 2's own log; a proxy in between does this too.");
      }
    } finally {
      signal.removeEventListener("abort", end);
      for (const timer of [...timers, this.#settling]) {
        clearInterval(timer);
      }
      this.#ending.abort();
    }
  }

  #warnOfMissing({ user, version, missing }: Greeting): void {
    if (missing.length > 0) {
      const fields = { user, version, add: quotedPermissions(missing) };
      const message = "the API user lacks permissions; some things are told late or not at all";
      this.#options.listener.warn(message, "missing", fields);
    }
  }

  async #listen(): Promise<IncomingMessage> {
    const { client, queue, times } = this.#options;
    const types = EVENT_TYPES.filter((type) => this.#questions.may(eventPermission(type)));
    const question = { path: "events", body: { queue, types }, patience: times.patience };
    return await client.listen({ ...question, wanted: types.map(eventPermission) }, this.#ending.signal);
  }

  async #hear(stream: IncomingMessage): Promise<void> {
    const lines = new EventLines(LONGEST_EVENT);
    for await (const piece of stream) {
      const dropped = lines.dropped;
      const events = lines.take(piece as Buffer).map(readEvent);
      for (const event of events) {
        if (event !== undefined) {
          this.#pending.take(event);
        }
      }
      if (lines.dropped > dropped || events.includes(undefined)) {
        this.#options.listener.warn("an event cannot be read; everything is read again", "unreadable", {});
        this.#wantAllSoon();
      }
      this.#wake();
    }
  }

  async #work(): Promise<never> {
    for (;;) {
      if (this.#wantsAll) {
        await this.#readAll();
      } else if (this.#pending.isEmpty) {
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
        await delay(GATHER_MS);
      } else {
        await this.#takeEvents();
      }
    }
  }

  async #readAll(): Promise<void> {
    const { listener, picture } = this.#options;
    const started = performance.now();
    this.#wantsAll = false;
    const reading = new Icinga2Reading();
    await this.#questions.all("Host", "hosts", [...STATE_ATTRS, ...HOST_OBJECT_ATTRS], (attrs) =>
      reading.takeHost(attrs),
    );
    if (reading.rows.size === 0) {
      const next = "Look at its configuration, and at the filter of the permission objects/query/Host if it has one.";
      throw new Icinga2Fault("no objects", `Icinga 2 shows the API user ${this.#questions.user} no host at all`, next);
    }
    await this.#questions.all("Service", "services", [...STATE_ATTRS, ...SERVICE_OBJECT_ATTRS], (attrs) =>
      reading.takeService(attrs),
    );
    for (const pair of await this.#parents.read()) {
      reading.takeParent(pair);
    }
    listener.objects(reading);
    listener.states(picture.takeAll(reading));
    this.#warnOf(reading.warnings);
    await this.#readNotes();
    this.#isRead = true;
    this.#readingTook = (performance.now() - started) / 1_000;
    listener.well(this.#pending.newest);
  }

  async #takeEvents(): Promise<void> {
    const { picture, listener } = this.#options;
    const { results, touched, hasNotes, hasConfiguration } = this.#pending.drain();
    const doubtful = [...touched];
    const changed = picture.takeResults(results, (name) => doubtful.push(name));
    listener.states({ full: false, statuses: changed, gone: [] });
    const strange = doubtful.filter((name) => !picture.has(name)).map(({ host, check }) => `${host}!${check}`);
    const isNew = strange.some((name) => !this.#strangers.has(name)) && this.#strangers.size < MOST_STRANGERS;
    for (const name of isNew ? strange : []) {
      this.#strangers.add(name);
    }
    if (hasConfiguration || isNew) {
      this.#wantAllSoon();
    }
    await this.#readAgain(doubtful.filter((name) => picture.has(name)));
    if (hasNotes) {
      await this.#readNotes();
    }
    listener.well(this.#pending.newest);
  }

  /** Reads objects of which events said that something is different, or contradict what is known. */
  async #readAgain(names: readonly ObjectName[]): Promise<void> {
    if (names.length > MOST_AT_ONCE) {
      this.#wantsAll = true;
      return;
    }
    const hosts = new Set(names.filter(({ check }) => check === null).map(({ host }) => host));
    const services = new Set(names.filter(({ check }) => check !== null).map(({ host, check }) => `${host}!${check}`));
    try {
      await this.#readObjects("hosts", [...hosts]);
      await this.#readObjects("services", [...services]);
    } catch (error) {
      if (!(error instanceof Icinga2Fault && error.reason === "no objects")) {
        throw error;
      }
      // One of them is gone by now, and Icinga 2 says nothing of the others then.
      this.#wantAllSoon();
    }
  }

  async #readObjects(path: "hosts" | "services", names: readonly string[]): Promise<void> {
    const { picture, listener } = this.#options;
    const isService = path === "services";
    const attrs = isService ? [...STATE_ATTRS, "host_name"] : STATE_ATTRS;
    const warnings = new Warnings();
    const statuses: CheckStatus[] = [];
    await this.#questions.some(path, names, attrs, (object) => {
      statuses.push(...picture.takeObject(object, isService, warnings));
    });
    listener.states({ full: false, statuses, gone: [] });
    this.#warnOf(warnings);
  }

  async #readNotes(): Promise<void> {
    const comments: MonitoringComment[] = [];
    const downtimes: MonitoringDowntime[] = [];
    const now = this.#options.now();
    await this.#questions.all("Comment", "comments", COMMENT_ATTRS, (attrs) => addIfThere(comments, commentOf(attrs)));
    await this.#questions.all("Downtime", "downtimes", DOWNTIME_ATTRS, (attrs) =>
      addIfThere(downtimes, downtimeOf(attrs, now)),
    );
    this.#options.listener.notes(comments, downtimes);
  }

  async #watch(): Promise<void> {
    const { client, times, listener } = this.#options;
    await client.ask({ path: "", patience: times.patience }, this.#ending.signal, nothing);
    if (!this.#isRead) {
      return;
    }
    listener.well(0);
    if (await this.#parents.haveChanged()) {
      this.#wantAll();
    }
  }

  #wantAll(): void {
    this.#strangers.clear();
    this.#wantsAll = true;
    this.#wake();
  }

  /** Has everything read again when the configuration has settled; not all the time where one reading takes long. */
  #wantAllSoon(): void {
    const seconds = Math.max(this.#options.times.settle, 3 * this.#readingTook);
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#wantsAll = true;
      this.#wake();
    }, seconds * 1000);
  }

  #warnOf(warnings: Warnings): void {
    for (const { reason, count, example } of warnings.list()) {
      this.#options.listener.warn("Icinga 2 tells something odd", reason, { count, example });
    }
  }
}

function addIfThere<T>(list: T[], item: T | undefined): void {
  if (item !== undefined) {
    list.push(item);
  }
}

function nothing(): void {
  // nobody waits
}
