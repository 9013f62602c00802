/**
 * A source that is told instead of asking: events and alerts come by HTTP. What it was told is kept on the disk before it
 * is acknowledged, and is there again after a restart.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readAlertmanager } from "../../nagios/alertmanager.ts";
import { readPushedEvents } from "../../nagios/pushed-events.ts";
import type { Pushed } from "../../nagios/pushed-json.ts";
import type { Secret } from "../config/secret.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { bearerToken } from "./agent-tokens.ts";
import { HealthTeller } from "./health-teller.ts";
import type { HostNaming } from "./picture-names.ts";
import { countedPush, type PushAnswer, pushProblem, unreadablePush } from "./push-answer.ts";
import { PushedFile } from "./pushed-file.ts";
import { MOST_PUSHED, PushedStates, type PushNews, type PushTaken } from "./pushed-states.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink, Source } from "./source.ts";

/** What a push source is made with. */
export interface PushSourceOptions {
  readonly name: string;
  /** Who knows it may push; null: programs on this machine. */
  readonly token: Secret | null;
  /** Seconds without a word after which what it told counts as stale. */
  readonly staleAfter: number;
  /** Where what was told is kept. */
  readonly file: string;
  /** Where all of it is kept for the engine that leads next; absent where there is none. */
  readonly copy?: PushedCopy;
  readonly naming: HostNaming;
  /** Hosts and checks it holds at most, and characters of all of them together. */
  readonly most?: number;
  readonly mostText?: number;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Keeps the same text as the file, for whoever leads next. */
export interface PushedCopy {
  /** What was kept last; undefined where nothing was. Rejects where that cannot be told. */
  readonly load: () => Promise<string | undefined>;
  /** Keeps it, as soon as it can. Never rejects. */
  readonly save: (text: string) => Promise<void>;
}

/** What the body of a push is written in. */
export type PushFormat = "events" | "alertmanager";

/** A push as it came. */
export interface Push {
  readonly format: PushFormat;
  readonly raw: Buffer;
  readonly authorization: string | undefined;
  /** Whether a program on this machine sent it, and no web page. */
  readonly isLocal: boolean;
}

/** A push that could be read: how many items, what of it could not, and what became of it. */
interface PushRead extends PushTaken {
  readonly told: number;
  readonly unread: Pushed<unknown>["refused"];
}

/** The source. */
export class PushSource implements Source {
  readonly name: string;
  readonly #options: PushSourceOptions;
  readonly #states: PushedStates;
  readonly #file: PushedFile;
  readonly #health: HealthTeller;
  readonly #quiet: QuietLog;
  /** Unix seconds when what it holds was kept last. */
  #keptAt = -1;

  constructor(options: PushSourceOptions) {
    const { name, staleAfter, naming, most = MOST_PUSHED, mostText, sink, logger, now } = options;
    this.name = name;
    this.#options = options;
    this.#states = new PushedStates(naming, most, mostText);
    this.#file = new PushedFile(options.file, () => this.#states.text(now()));
    this.#quiet = new QuietLog(logger, now);
    this.#health = new HealthTeller({ source: name, type: "push", staleAfter, sink, quiet: this.#quiet, now });
  }

  /** Tells what was told before the last end. */
  async start(): Promise<void> {
    const { sink, now } = this.#options;
    const fault = await this.#recall();
    const statuses = this.#states.all();
    if (statuses.length > 0) {
      sink({ kind: "states", source: this.name, full: true, asOf: now(), statuses, gone: [] });
      const asOf = statuses.reduce((latest, { lastCheck }) => Math.max(latest, lastCheck), 0);
      this.#health.hear({ asOf, ...this.#states.counts });
    }
    if (fault === undefined) {
      this.#health.well();
    } else {
      this.#health.failed(fault);
    }
  }

  /** Takes back what was kept, or puts it aside where that cannot be; why nothing can be kept, where even that fails. */
  async #recall(): Promise<string | undefined> {
    const { file, logger, now } = this.#options;
    const takenBack = async (kept: string | undefined) => {
      const text = newest(kept, await this.#options.copy?.load().catch(() => undefined));
      const restored = text === undefined || this.#states.restore(text);
      this.#keptAt = restored ? savedAt(text) : -1;
      return restored;
    };
    const cause = await this.#file
      .load()
      .then(
        async (text) =>
          (await takenBack(text)) ? undefined : "this version of DOTM did not write it, or it is damaged",
        messageOf,
      );
    if (cause === undefined) {
      return;
    }
    try {
      const aside = await this.#file.setAside(now());
      logger.error(
        { source: this.name, file, cause, aside },
        "what was pushed before cannot be read; it is moved aside",
      );
      return;
    } catch (error) {
      const why = messageOf(error);
      logger.error(
        { source: this.name, file, cause, why },
        "what was pushed before can be neither read nor moved aside",
      );
      return `${file} can be neither read (${cause}) nor moved aside (${why}); move it away, until then nothing is kept`;
    }
  }

  /** Keeps the copy again, where it may be lost. Rejects where it cannot be told whether a newer one is there. */
  async copyAgain(): Promise<void> {
    const { copy } = this.#options;
    if (copy !== undefined && this.#keptAt >= 0 && savedAt(await copy.load()) <= this.#keptAt) {
      await copy.save(this.#states.text(this.#keptAt));
    }
  }

  /** Nothing runs between two pushes. */
  async stop(): Promise<void> {}

  /** Takes in a push. Never rejects: what is wrong is in the answer. */
  async accept(push: Push): Promise<PushAnswer> {
    const refusal = pushRefusal(this.#options, push);
    if (refusal !== undefined) {
      this.#warn("not let in", 1);
      return refusal;
    }
    return await this.take(push.format, push.raw.toString("utf8"), this.#options.now());
  }

  /** Takes in the body of a push whose sender was let in; `at`, Unix seconds: when it came. Never rejects. */
  async take(format: PushFormat, text: string, at: number): Promise<PushAnswer> {
    const read = this.#read(format, text, at);
    if (read === undefined) {
      this.#warn("unreadable", 1);
      return unreadablePush(format);
    }
    const { news } = read;
    this.#warn("cannot be taken", read.unread.length + read.refused.length);
    this.#warn("no room", read.noRoom);
    try {
      const kept = await this.#file.commit();
      this.#keptAt = savedAt(kept);
      await this.#options.copy?.save(kept);
    } catch (error) {
      this.#health.failed(`what is pushed cannot be kept: ${messageOf(error)}`);
      this.#tell(news);
      return pushProblem(503, "It could not be kept.", "Send it again; the log says why.");
    }
    this.#tell(news);
    const full = () => `more than ${this.#held} hosts and checks were pushed; take some back with "gone": true`;
    const warning = read.noRoom > 0 ? full() : undefined;
    this.#health.hear({ asOf: this.#options.now(), ...this.#states.counts, warning });
    this.#health.well();
    return this.#answer(read);
  }

  #answer({ told, unread, refused, noRoom }: PushRead): PushAnswer {
    const accepted = told - refused.length - noRoom;
    const without = unread.length + refused.length + noRoom;
    // Thousands of alerts of one check are refused for one reason.
    const counted = countedPush(accepted, without, [...unread, ...[...new Set(refused)].map((reason) => ({ reason }))]);
    if (noRoom > 0) {
      const error = `This source holds ${this.#held} hosts and checks and has no room for more; of ${told + unread.length} events ${accepted} were accepted.`;
      const full = pushProblem(507, error, 'Take some back: "gone": true');
      return { status: full.status, body: { ...full.body, ...counted.body } };
    }
    return counted;
  }

  get #held(): number {
    const { hosts, checks } = this.#states.counts;
    return hosts + checks;
  }

  #read(format: PushFormat, text: string, at: number): PushRead | undefined {
    const read = readPush(format, text);
    const taken =
      read?.format === "alertmanager"
        ? this.#states.takeAlerts(read.told, at)
        : read && this.#states.takeEvents(read.told, at);
    return read && taken && { ...taken, told: read.told.length, unread: read.refused };
  }

  #warn(reason: string, count: number): void {
    if (count > 0) {
      this.#quiet.warn("something pushed is refused", reason, { source: this.name, count });
    }
  }

  #tell({ statuses, gone }: PushNews): void {
    if (statuses.length + gone.length > 0) {
      const { sink, now } = this.#options;
      sink({ kind: "states", source: this.name, full: false, asOf: now(), statuses, gone });
    }
  }
}

/** The body of a push, read; undefined where it is none. */
export function readPush(format: PushFormat, text: string) {
  if (format === "alertmanager") {
    const read = readAlertmanager(text);
    return read && ({ format, ...read } as const);
  }
  const read = readPushedEvents(text);
  return read && ({ format, ...read } as const);
}

/** Why a sender is not let in; undefined where it is. */
export function pushRefusal(
  { name, token }: Pick<PushSourceOptions, "name" | "token">,
  { authorization, isLocal }: Pick<Push, "authorization" | "isLocal">,
): PushAnswer | undefined {
  if (token === null) {
    const next = `Set token_file for the source ${name}, and send its token: Authorization: Bearer …`;
    return isLocal ? undefined : pushProblem(403, "Only programs on this machine may push to this source.", next);
  }
  return isSame(bearerToken(authorization) ?? "", token.reveal())
    ? undefined
    : pushProblem(401, "This needs the token of the source.", "Authorization: Bearer TOKEN");
}

/** The text that was kept later. */
function newest(one: string | undefined, other: string | undefined): string | undefined {
  return savedAt(other) > savedAt(one) ? other : one;
}

function savedAt(text: string | undefined): number {
  return text === undefined ? -1 : Number(/^\{"version":\d+,"saved":([\d.]+)/.exec(text)?.[1] ?? 0);
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
