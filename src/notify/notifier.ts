/** Writes what DOTM finds back into the monitoring, and tells webhooks. One for each time of leading. */
import type { PassiveResult } from "../../nagios/passive-result.ts";
import type { NotifyConfig, NotifyTarget } from "../config/config-value.ts";
import type { Logger } from "../logger.ts";
import type { Changes } from "../model/changes.ts";
import { nameAtSite } from "../model/ids.ts";
import { OWN_CHECKS, type OwnCheck } from "../model/own-checks.ts";
import { AnnouncedProblems, type Announcement } from "./announced-problems.ts";
import { commandPipe } from "./command-pipe.ts";
import { Delivery, type DeliveryState } from "./delivery.ts";
import { HostVerdicts, NO_HOST } from "./host-verdicts.ts";
import { icinga2Target } from "./icinga2-target.ts";
import { nrdp } from "./nrdp.ts";
import { nsca } from "./nsca.ts";
import type { Target } from "./target.ts";
import { webhook } from "./webhook.ts";

/** A check of ours in the monitoring: its host as the source tells it, and as the picture shows it. */
export interface OwnPlace {
  readonly host: string;
  readonly check: OwnCheck;
  readonly shownAs: string;
}

/** What it needs of the daemon. */
export interface NotifierDeps {
  readonly config: NotifyConfig;
  /** Where results can be written: nowhere else is anything sent. */
  readonly places: () => Iterable<OwnPlace>;
  readonly maySend: () => boolean;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds between two looks at what is due, 1,000 unless said otherwise. */
  readonly every?: number;
}

/** What of a picture is written. */
type Found = Pick<Changes, "impacts" | "alarms">;

/** Results and announcements that wait for one target at most. */
const MOST_RESULTS = 20_000;
const MOST_ANNOUNCEMENTS = 1_000;
/** Seconds for which a webhook is tried. */
const ANNOUNCE_FOR = 3_600;
const EVERY = 1_000;

type Monitoring = Exclude<NotifyTarget, { type: "webhook" }>;

interface Written {
  readonly site: string | null;
  readonly delivery: Delivery<PassiveResult>;
}

/** Follows the turns of the engine from `start` to `stop`. */
export class Notifier {
  readonly #deps: NotifierDeps;
  readonly #verdicts = new HostVerdicts();
  readonly #announced: AnnouncedProblems;
  readonly #monitorings: readonly Written[];
  readonly #webhooks: readonly Delivery<Announcement>[];
  /** When each place was last written, Unix seconds, by its name. */
  #written = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #problems = new Set<string>();
  readonly #alarmed = new Set<string>();
  #announcements = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
    const { config, maySend, logger, now } = deps;
    this.#announced = new AnnouncedProblems(now(), config.ttl);
    const common = { maySend, logger, now };
    this.#monitorings = config.targets.filter(isMonitoring).map((target) => ({
      site: target.site,
      delivery: new Delivery({
        ...common,
        target: targetOf(target, config.ttl),
        room: MOST_RESULTS,
        keepFor: config.ttl,
      }),
    }));
    this.#webhooks = config.targets
      .filter((target) => target.type === "webhook")
      .map((target) => webhook({ ...target, base: config.base }))
      .map((target) => new Delivery({ ...common, target, room: MOST_ANNOUNCEMENTS, keepFor: ANNOUNCE_FOR }));
  }

  /** Begins to write. */
  start(): void {
    if (this.#monitorings.length > 0) {
      this.#timer = setInterval(() => this.#writeDue(), this.#deps.every ?? EVERY);
    }
  }

  /** Takes note of the whole picture: what is not in it is gone. */
  replace({ impacts, alarms }: Found): void {
    this.take({ impacts: withGone(this.#problems, impacts), alarms: withGone(this.#alarmed, alarms) });
  }

  /** Takes note of what a turn changed. Never waits, never throws. */
  take(changes: Found): void {
    if (this.#monitorings.length + this.#webhooks.length === 0) {
      return;
    }
    note(this.#problems, changes.impacts);
    note(this.#alarmed, changes.alarms);
    // Rows of impacts are made when they are read: webhooks alone need none before they send.
    for (const host of this.#monitorings.length === 0 ? [] : this.#verdicts.take(changes)) {
      this.#changed.add(host);
    }
    for (const [key, content] of this.#announced.take(changes, this.#deps.now())) {
      this.#announcements += 1;
      for (const delivery of this.#webhooks) {
        // Each for itself: the end of a problem does not unsay its beginning.
        delivery.put({ key: `${this.#announcements} ${key}`, content, at: this.#deps.now() });
      }
    }
  }

  /** How each target is. */
  get states(): readonly DeliveryState[] {
    return [...this.#monitorings.map(({ delivery }) => delivery), ...this.#webhooks].map(({ state }) => state);
  }

  /** Ends; what waits is left: another leader writes it anew. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(
      [...this.#monitorings.map(({ delivery }) => delivery), ...this.#webhooks].map((each) => each.stop()),
    );
  }

  /** Results of hosts that changed, those that are to be written again, and those of checks that are new in the monitoring. */
  #writeDue(): void {
    const { config, places, now } = this.#deps;
    const written = new Map<string, number>();
    for (const place of places()) {
      const key = `${place.host}::${place.check}`;
      const last = this.#written.get(key);
      const changed = this.#changed.has(place.shownAs) || (this.#tellsSite(place) && this.#changed.has(NO_HOST));
      // Either way: after a clock was set back the last writing may lie in the future.
      const due = last === undefined || Math.abs(now() - last) >= config.interval || changed;
      written.set(key, due ? now() : last);
      if (due) {
        this.#write(key, place);
      }
    }
    this.#written = written;
    this.#changed.clear();
  }

  /** Whether it is the check that also tells what belongs to no host. */
  #tellsSite({ host, check, shownAs }: OwnPlace): boolean {
    const wanted = this.#deps.config.host;
    return check === OWN_CHECKS.alarms && (wanted === host || wanted === shownAs);
  }

  #write(key: string, place: OwnPlace): void {
    const { host, check, shownAs } = place;
    const { config, now } = this.#deps;
    const verdict = this.#tellsSite(place)
      ? this.#verdicts.alarmsOfSite(shownAs)
      : this.#verdicts.of(shownAs, check, config.base);
    for (const { site, delivery } of this.#monitorings) {
      const name = nameAtSite(site, host);
      if (name !== undefined) {
        delivery.put({ key, content: { ...verdict, host: name, check, at: now() }, at: now() });
      }
    }
  }
}

function note(known: Set<string>, found: ReadonlyMap<string, unknown>): void {
  for (const [name, value] of found) {
    if (value === null) {
      known.delete(name);
    } else {
      known.add(name);
    }
  }
}

function withGone<V>(known: ReadonlySet<string>, found: ReadonlyMap<string, V | null>): Map<string, V | null> {
  const gone = [...known].filter((name) => !found.has(name)).map((name) => [name, null] as const);
  return new Map<string, V | null>([...gone, ...found]);
}

function isMonitoring(target: NotifyTarget): target is Monitoring {
  return target.type !== "webhook";
}

function targetOf(target: Monitoring, ttl: number): Target<PassiveResult> {
  switch (target.type) {
    case "nagios":
      return commandPipe(target.name, target.commandFile);
    case "nrdp":
      return nrdp(target);
    case "nsca":
      return nsca(target);
    case "icinga2":
      return icinga2Target({ ...target, ttl });
  }
}
