/**
 * Asks the CGIs of a Nagios or Icinga 1 again and again, never twice at a time. A bad answer changes nothing of what was
 * told; only the source's health says so.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { ZoneOffset } from "../../nagios/classic-date.ts";
import { messageOf } from "../errors.ts";
import { backoffDelay } from "./backoff.ts";
import { CgiClient, type CgiServer } from "./cgi-client.ts";
import type { CgiDialect, CgiReading } from "./cgi-dialect.ts";
import { CgiFault } from "./cgi-fault.ts";
import { CgiTeller, type CgiTellerOptions } from "./cgi-teller.ts";
import { ClassicCgi } from "./classic-cgi.ts";
import { NagiosCgi } from "./nagios-cgi.ts";
import type { Source } from "./source.ts";

/** Whom the source asks and how, and whom it tells. */
export interface CgiSourceOptions extends CgiServer, CgiTellerOptions {
  /** What the server speaks; `auto`: `statusjson.cgi` where it has that, else the classic way. */
  readonly format: "auto" | "nagios" | "classic";
  /** Seconds between the beginnings of two readings; longer where the server needs long to answer. */
  readonly interval: number;
  /** The zone of a classic server's dates. */
  readonly offset: ZoneOffset;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** A server is kept busy for this part of the time at most. */
const MOST_BUSY = 1 / 3;

const FIRST_RETRY = 5;
const LONGEST_RETRY = 60;

/** Makes the source; it does nothing before `start`. */
export function createCgiSource(options: CgiSourceOptions): Source {
  return new CgiSource(options);
}

class CgiSource implements Source {
  readonly name: string;
  readonly #options: CgiSourceOptions;
  readonly #client: CgiClient;
  readonly #teller: CgiTeller;
  readonly #stopping = new AbortController();
  /** Undefined until the server has shown what it speaks. */
  #dialect: CgiDialect | undefined;
  #failures = 0;
  #running: Promise<void> | undefined;

  constructor(options: CgiSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#client = new CgiClient(options);
    this.#teller = new CgiTeller(options);
    this.#dialect = options.format === "auto" ? undefined : this.#speaking(options.format);
  }

  /** Begins to ask. Does not wait for the first answer, which may take a minute. */
  async start(): Promise<void> {
    this.#running = this.#askOnAndOn();
  }

  /** Ends; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#client.stop();
    await this.#running;
  }

  async #askOnAndOn(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const seconds = await this.#askOnce();
      await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Asks once and tells what came; returns the seconds until the next time. */
  async #askOnce(): Promise<number> {
    const { interval, random } = this.#options;
    const began = performance.now();
    const read = await this.#read().catch((error: unknown) => asFault(error));
    const took = (performance.now() - began) / 1000;
    const period = Math.max(interval, took / MOST_BUSY);
    if (this.#stopping.signal.aborted) {
      return 0;
    }
    const failed = read instanceof CgiFault;
    this.#failures = failed ? this.#failures + 1 : 0;
    if (failed) {
      this.#teller.takeFault(read.fault);
    } else {
      this.#teller.takeReading(read, period);
    }
    if (this.#teller.takeBackOld()) {
      this.#dialect?.forget();
    }
    const limits = { first: FIRST_RETRY, longest: Math.max(interval, LONGEST_RETRY) };
    return failed ? backoffDelay(this.#failures, limits, random()) : period - took;
  }

  async #read(): Promise<CgiReading | undefined> {
    return this.#dialect === undefined ? await this.#readUnknown() : await this.#dialect.read();
  }

  /** Reads from a server of which it is not known what it speaks; remembers what it does. */
  async #readUnknown(): Promise<CgiReading | undefined> {
    const nagios = this.#speaking("nagios");
    const reading = await nagios.read().catch((error: unknown) => asFault(error));
    if (!(reading instanceof CgiFault)) {
      this.#dialect = nagios;
      return reading;
    }
    if (!["not found", "no JSON"].includes(reading.fault.reason)) {
      throw reading;
    }
    const classic = this.#speaking("classic");
    const older = await classic.read();
    this.#dialect = classic;
    return older;
  }

  #speaking(format: "nagios" | "classic"): CgiDialect {
    const { now, offset } = this.#options;
    return format === "nagios" ? new NagiosCgi(this.#client) : new ClassicCgi(this.#client, now, offset);
  }
}

function asFault(error: unknown): CgiFault {
  if (error instanceof CgiFault) {
    return error;
  }
  return new CgiFault({
    reason: "failed",
    cause: messageOf(error),
    next: "This is a fault of DOTM: please report it.",
  });
}
