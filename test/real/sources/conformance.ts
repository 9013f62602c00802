/**
 * The one suite that every source of monitoring states must pass against a real server.
 *
 * To plug in a source, add an entry to `SOURCES` in the test file of its server (`nagios.test.ts`, `icinga2.test.ts`):
 *
 *     {
 *       name: "livestatus on a Unix socket",
 *       config: ({ icinga }) => ({ type: "livestatus", socket: icinga.livestatus.socket }),
 *       deviations: [{ reason: "Livestatus …", status: ({ output }) => (output.includes("x") ? { output: "y" } : undefined) }],
 *     }
 *
 * `config` is what one writes in dotm.yaml. All sources of one server listen while the cases of `cases.ts` are played once; after each phase everything a source
 * told is compared with what is expected: states, configuration, comments and downtimes. What a source cannot know is
 * a `Deviation` with its reason: what it tells instead is asserted too, and a deviation that never shows is a failure.
 * In the midst of the trouble all sources are ended and made anew, so that the first look is tested like the later ones.
 */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceConfig, sourceSchema } from "../../../src/config/sources.ts";
import { type AskedConfig, createSource } from "../../../src/ingest/create-source.ts";
import type { Source } from "../../../src/ingest/source.ts";
import { SILENT } from "../../../src/logger.ts";
import { checkKey } from "../../../src/model/ids.ts";
import { describeReal } from "../../support/real.ts";
import { PHASES } from "./cases.ts";
import { Expectations, expectedChecks, expectedHosts } from "./expectations.ts";
import { alike, type Deviation, Deviations, type Told } from "./picture.ts";
import type { MonitoringServer } from "./server.ts";
import type { Target } from "./site.ts";
import { ToldPicture } from "./told-picture.ts";

/** A source to be tested against a server. */
export interface SourceCase<Server> {
  readonly name: string;
  /** The source as one writes it in dotm.yaml, without its name. */
  readonly config: (server: Server) => Readonly<Record<string, unknown>>;
  readonly deviations?: readonly Deviation[];
  /** What it never tells at all, with the reason. */
  readonly without?: Readonly<Partial<Record<"objects" | "notes", string>>>;
  /** Seconds after which it must have told a change; 10 unless said otherwise. */
  readonly patience?: number;
}

/** Defines the suite of one server and its sources; skipped by name where a program is missing. */
export function describeConformance<Server extends MonitoringServer>(
  title: string,
  programs: readonly string[],
  start: () => Promise<Server>,
  sources: readonly SourceCase<Server>[],
): void {
  describeReal(title, programs, () => {
    const expectations = new Expectations();
    const subjects = sources.map((source) => new Subject<Server>(source, expectations));
    let server: Server;
    beforeAll(async () => {
      server = await start();
      await Promise.all(subjects.map((subject) => subject.start(server)));
    });
    afterAll(async () => {
      await Promise.allSettled(subjects.map((subject) => subject.stop()));
      await server?.stop();
    });

    const definePhase = (name: string, begin: () => Promise<unknown>): void => {
      describe(name, () => {
        beforeAll(async () => {
          await begin();
          for (const subject of subjects) {
            subject.expectNews();
          }
        });
        for (const subject of subjects) {
          describe(subject.name, () => assertPicture(subject, expectations));
        }
      });
    };
    definePhase("never checked", async () => undefined);
    for (const [phase, name] of PHASES.entries()) {
      definePhase(name, () => expectations.play(phase, server));
      if (name === "in trouble") {
        definePhase("begun anew", () => Promise.all(subjects.map((subject) => subject.startAnew(server))));
      }
    }
    describe("at the end", () => {
      for (const subject of subjects) {
        it(`${subject.name} told nothing after it was stopped`, () => {
          expect(subject.before?.count).toBe(subject.countAtEnd);
        });
        it(`${subject.name} never went back to an older state`, () => {
          for (const { host, check } of expectations.statuses().filter(isSteady)) {
            const path = expectations.path({ host, check });
            const runs = [subject.before, subject.told].map((told) => told?.history({ host, check }) ?? []);
            expect(
              runs.map((told) => inOrderOf(told, path)),
              `${host} / ${check}`,
            ).toEqual(runs);
          }
        });
        it(`${subject.name} deviates in each of the ways it is known for`, () => {
          expect(subject.deviations.unseen()).toEqual([]);
        });
      }
    });
  });
}

/** One source under test. */
class Subject<Server extends MonitoringServer> {
  readonly name: string;
  readonly without: NonNullable<SourceCase<Server>["without"]>;
  told = new ToldPicture();
  deviations = new Deviations([]);
  /** What the first of its two runs told, and how often it had told something when it ended. */
  before: ToldPicture | undefined;
  countAtEnd: number | undefined;
  readonly #case: SourceCase<Server>;
  readonly #expectations: Expectations;
  #source: Source | undefined;
  #deadline = 0;

  constructor(source: SourceCase<Server>, expectations: Expectations) {
    this.name = source.name;
    this.without = source.without ?? {};
    this.#case = source;
    this.#expectations = expectations;
  }

  async start(server: Server): Promise<void> {
    this.deviations = new Deviations([...server.deviations, ...(this.#case.deviations ?? [])]);
    await this.#run(server);
  }

  async startAnew(server: Server): Promise<void> {
    await this.stop();
    this.before = this.told;
    this.countAtEnd = this.told.count;
    this.told = new ToldPicture();
    await this.#run(server);
  }

  async #run(server: Server): Promise<void> {
    const written = sourceSchema.parse({ name: "monitoring", ...this.#case.config(server) });
    const now = () => Date.now() / 1000;
    const config = sourceConfig(written, (_key, value) => value) as AskedConfig;
    this.#source = createSource(config, { sink: this.told.sink, logger: SILENT, now });
    await this.#source.start();
  }

  async stop(): Promise<void> {
    await this.#source?.stop();
    this.#source = undefined;
  }

  /** From now on its patience counts. */
  expectNews(): void {
    this.#deadline = Date.now() + 1000 * (this.#case.patience ?? 10);
  }

  /** Waits until `is` equals `should`, and lets the test tell the difference where it never does. */
  async shows<T>(is: () => T, should: T): Promise<void> {
    await this.told.until(() => isDeepStrictEqual(is(), should), this.#deadline - Date.now());
    expect(is()).toEqual(should);
  }

  /** What it says of hosts and checks, and what it should say. */
  statuses(on: readonly Target[]): [is: () => unknown[], should: unknown[]] {
    const expected = on.map((target) => this.deviations.apply("status", this.#expectations.status(target)));
    const is = () =>
      on.map((target, at) => alike(this.told.of(target), expected[at] ?? this.#expectations.status(target)));
    return [is, expected];
  }

  /** What it should say of the things expected, in the order of their texts. */
  expected<K extends keyof Told>(kind: K, expected: readonly Told[K][]): Told[K][] {
    return inOrder(expected.map((each) => this.deviations.apply(kind, each)).filter((each) => each !== undefined));
  }
}

function assertPicture<Server extends MonitoringServer>(subject: Subject<Server>, expectations: Expectations): void {
  for (const { name, on } of expectations.cases) {
    it(`tells of ${name}`, () => subject.shows(...subject.statuses(on)));
  }

  it("tells of nothing else, and is well", async () => {
    const all = expectations.statuses().map((status) => subject.deviations.apply("status", status));
    const known = all.filter((status) => status !== undefined);
    await subject.shows(() => subject.told.keys(), known.map(({ host, check }) => checkKey(host, check)).sort());
    const hosts = known.filter(({ check }) => check === null).length;
    expect(subject.told.health).toMatchObject({ ok: true, error: null, hosts, checks: known.length - hosts });
  });

  it("tells the configuration", async () => {
    if (subject.without.objects !== undefined) {
      expect(subject.told.objects, subject.without.objects).toBeUndefined();
      return;
    }
    await subject.shows(
      () => inOrder(subject.told.objects?.hosts.map(grouped) ?? []),
      subject.expected("host", expectedHosts()),
    );
    const worthAWord = subject.told.objects?.checks.filter(hasMore).map(grouped) ?? [];
    expect(inOrder(worthAWord)).toEqual(subject.expected("check", expectedChecks()));
  });

  it("tells comments and downtimes", async () => {
    if (subject.without.notes !== undefined) {
      expect(subject.told.notes, subject.without.notes).toBeUndefined();
      return;
    }
    await subject.shows(() => commentsOf(subject.told), subject.expected("comment", expectations.comments()));
    await subject.shows(() => downtimesOf(subject.told), subject.expected("downtime", expectations.downtimes()));
  });
}

/** Whether it has only the states that are expected at the end of a phase. */
function isSteady({ check }: Target): boolean {
  return check !== "Flapper";
}

/** Those of `told` that can be met one after the other along `path`. */
function inOrderOf(told: readonly string[], path: readonly string[]): string[] {
  let at = 0;
  return told.filter((state) => {
    const found = path.indexOf(state, at);
    at = found < 0 ? at : found + 1;
    return found >= 0;
  });
}

/** Comments of people; what servers note at downtimes and flapping is worded as each likes. */
function commentsOf({ notes }: ToldPicture): object[] {
  const ofPeople = notes?.comments.filter(({ origin }) => origin === "user" || origin === "acknowledgement") ?? [];
  return inOrder(ofPeople.map(({ host, check, origin, author, text }) => ({ host, check, origin, author, text })));
}

function downtimesOf({ notes }: ToldPicture): object[] {
  const compared = notes?.downtimes.map(({ host, check, author, text, fixed, inEffect, end }) => {
    return { host, check, author, text, fixed, inEffect, end };
  });
  return inOrder(compared ?? []);
}

function hasMore({ groups, actionUrl, customVariables }: Told["check"]): boolean {
  return groups.length + actionUrl.length + customVariables.size > 0;
}

function grouped<T extends { readonly groups: readonly string[] }>(told: T): T {
  return { ...told, groups: [...told.groups].sort() };
}

function inOrder<T extends object>(things: readonly T[]): T[] {
  // Of equal things their fields may stand in another order.
  const textOf = (thing: object) => JSON.stringify(Object.entries(thing).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...things].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}
