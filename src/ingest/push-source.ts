/**
 * A source that is told instead of asking: events and alerts come by HTTP. What it was told is kept on the disk before it
 * is acknowledged, and is there again after a restart.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readAlertmanager } from "../../nagios/alertmanager.ts";
import { readPushedEvents } from "../../nagios/pushed-events.ts";
import type { Secret } from "../config/secret.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { bearerToken } from "./agent-tokens.ts";
import { HealthTeller } from "./health-teller.ts";
import { PushedFile } from "./pushed-file.ts";
import { MOST_PUSHED, PushedStates, type PushNews } from "./pushed-states.ts";
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
  /** The name of a host under which the picture knows it. */
  readonly nameOf: (host: string) => string;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
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

/** The answer to a push. */
export interface PushAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Refused items named in an answer; the rest is counted. */
const MOST_NAMED = 20;

/** The source. */
export class PushSource implements Source {
  readonly name: string;
  readonly #options: PushSourceOptions;
  readonly #states = new PushedStates();
  readonly #file: PushedFile;
  readonly #health: HealthTeller;

  constructor(options: PushSourceOptions) {
    const { name, staleAfter, sink, now } = options;
    this.name = name;
    this.#options = options;
    this.#file = new PushedFile(options.file, () => this.#states.text());
    this.#health = new HealthTeller({ source: name, type: "push", staleAfter, sink, now });
  }

  /** Tells what was told before the last end. */
  async start(): Promise<void> {
    const { file, logger, sink, now } = this.#options;
    const text = await this.#file.load().catch((error: unknown) => {
      logger.error({ source: this.name, file, cause: messageOf(error) }, "what was pushed before cannot be read");
      return undefined;
    });
    if (text !== undefined && !this.#states.restore(text)) {
      logger.error({ source: this.name, file }, "what was pushed before is not what DOTM wrote; it begins anew");
    }
    const statuses = this.#states.all();
    if (statuses.length > 0) {
      sink({ kind: "states", source: this.name, full: true, asOf: now(), statuses, gone: [] });
      const asOf = statuses.reduce((latest, { lastCheck }) => Math.max(latest, lastCheck), 0);
      this.#health.hear({ asOf, ...this.#states.counts });
    }
    this.#health.well();
  }

  /** Nothing runs between two pushes. */
  async stop(): Promise<void> {}

  /** Takes in a push. Never rejects: what is wrong is in the answer. */
  async accept(push: Push): Promise<PushAnswer> {
    const refusal = this.#refusal(push);
    if (refusal !== undefined) {
      return refusal;
    }
    const read = this.#read(push);
    if (read === undefined) {
      return problem(400, `The body is no JSON of ${push.format}.`, "See docs/sources.md for its shape.");
    }
    if (this.#states.isFull) {
      this.#health.failed(`more than ${MOST_PUSHED} hosts and checks were pushed; take some back with "gone": true`);
      return problem(507, `This source holds ${MOST_PUSHED} hosts and checks already.`, 'Take some back: "gone": true');
    }
    const { news, told, refused } = read;
    try {
      await this.#file.commit();
    } catch (error) {
      this.#health.failed(`what is pushed cannot be kept: ${messageOf(error)}`);
      this.#tell(news);
      return problem(503, "It could not be kept.", "Send it again; the log says why.");
    }
    this.#tell(news);
    this.#health.hear({ asOf: this.#options.now(), ...this.#states.counts });
    this.#health.well();
    const named = refused.slice(0, MOST_NAMED);
    const status = told === 0 && refused.length > 0 ? 422 : 200;
    return { status, body: { accepted: told, refused: refused.length, reasons: named } };
  }

  #refusal({ authorization, isLocal }: Push): PushAnswer | undefined {
    const { token } = this.#options;
    if (token === null) {
      const next = `Set token_file for the source ${this.name}, and send its token: Authorization: Bearer …`;
      return isLocal ? undefined : problem(403, "Only programs on this machine may push to this source.", next);
    }
    return isSame(bearerToken(authorization) ?? "", token.reveal())
      ? undefined
      : problem(401, "This needs the token of the source.", "Authorization: Bearer TOKEN");
  }

  #read({ format, raw }: Push) {
    const [text, now] = [raw.toString("utf8"), this.#options.now()];
    const named = <T extends { readonly host: string }>(each: T): T => {
      return { ...each, host: this.#options.nameOf(each.host) };
    };
    if (format === "alertmanager") {
      const read = readAlertmanager(text);
      const news = read && this.#states.takeAlerts(read.told.map(named), now);
      return read && news && { news, told: read.told.length, refused: read.refused };
    }
    const read = readPushedEvents(text);
    const events = read?.told.map((event) => {
      return event.gone ? named(event) : { ...named(event), status: named(event.status) };
    });
    const news = events && this.#states.takeEvents(events, now);
    return read && news && { news, told: read.told.length, refused: read.refused };
  }

  #tell({ statuses, gone }: PushNews): void {
    if (statuses.length + gone.length > 0) {
      const { sink, now } = this.#options;
      sink({ kind: "states", source: this.name, full: false, asOf: now(), statuses, gone });
    }
  }
}

function problem(status: number, error: string, next: string): PushAnswer {
  return { status, body: { error, next } };
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
