import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { askImpact, type StoredPicture } from "../../src/impact/ask.ts";
import type { Assumption } from "../../src/model/assumption.ts";
import type { Changes } from "../../src/model/changes.ts";
import type { Degree } from "../../src/model/impact.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { accepted, health, listener, NOON, out, report, rules, states, status } from "../support/builders.ts";

const HOSTS = ["a", "b", "c", "d", "e"] as const;
const PORTS = [80, 3306] as const;
const ipOf = (host: string) => `10.0.0.${HOSTS.indexOf(host as "a") + 1}`;
const program = (port: number) => (port === 80 ? "nginx" : "mysqld");
const checkOf = (port: number) => `Port ${port}`;

const aHost = fc.constantFrom(...HOSTS);
const aPort = fc.constantFrom(...PORTS);
/** The service of one host whose process needs the service of another. */
const aTalk = fc.record({ from: aHost, by: aPort, to: aHost, port: aPort }).filter(({ from, to }) => from !== to);
const aSite = fc.record({
  talks: fc.array(aTalk, { maxLength: 14 }),
  silent: fc.subarray([...HOSTS], { maxLength: 1 }),
  bad: fc.array(fc.record({ host: aHost, port: fc.option(aPort), state: fc.constantFrom("CRITICAL", "WARNING") }), {
    maxLength: 4,
  }),
});

interface Site {
  readonly talks: readonly { readonly from: string; readonly by: number; readonly to: string; readonly port: number }[];
  readonly silent: readonly string[];
  readonly bad: readonly { readonly host: string; readonly port: number | null; readonly state: string }[];
}

/** One status for each host and each of its services, those of `site.bad` not well; `changed` by host and port come last. */
function statuses(site: Site, changed: ReadonlyMap<string, CheckStatus["state"]>): CheckStatus[] {
  const all = HOSTS.flatMap((host) => [null, ...PORTS].map((port) => ({ host, port })));
  return all.map(({ host, port }) => {
    const bad = site.bad.find((each) => each.host === host && each.port === port);
    const [well, worst] = port === null ? (["UP", "DOWN"] as const) : (["OK", bad?.state as "CRITICAL"] as const);
    const now = bad === undefined ? well : worst;
    const state = changed.get(`${host} ${port}`) ?? now;
    const check = port === null ? null : checkOf(port);
    return status(host, check, { state, command: port === null ? null : `check_tcp!${port}` });
  });
}

function settled(site: Site, changed = new Map<string, CheckStatus["state"]>()): Changes {
  const engine = new Engine(rules());
  for (const host of HOSTS.filter((each) => !site.silent.includes(each))) {
    const outgoing = site.talks.filter(({ from }) => from === host);
    const incoming = site.talks.filter(({ to }) => to === host);
    engine.report(
      report(host, ipOf(host), {
        listeners: PORTS.map((port) => listener(program(port), port)),
        connections: [
          ...outgoing.map(({ by, to, port }) => out(program(by), ipOf(to), port)),
          ...incoming.map(({ from, port }) => accepted(program(port), port, ipOf(from))),
        ],
      }),
    );
  }
  engine.observe(states(statuses(site, changed)));
  engine.observe(health());
  return engine.settle(NOON);
}

function pictureOf(changes: Changes): StoredPicture {
  const found = <T>(map: ReadonlyMap<string, T | null>, key: string) => map.get(key) ?? undefined;
  return {
    impact: async (host, check) => found(changes.impacts, `${host}::${check ?? "_HOST_"}`),
    graphs: async (hosts) =>
      new Map(
        hosts.flatMap((host) => {
          const graph = found(changes.graphs, host);
          return graph === undefined ? [] : [[host, graph] as const];
        }),
      ),
    serviceChecks: async (host) => found(changes.serviceChecks, host) ?? [],
  };
}

function degreesOf(changes: Changes): Map<string, Degree | null> {
  const nodes = [...changes.graphs.values()].flatMap((graph) => graph?.nodes ?? []);
  return new Map(nodes.map(({ id, degree }) => [id, degree]));
}

const LEVELS = ["potential", "degraded", "affected"];

describe("what-if", () => {
  it("of a service or host down, beside whatever is wrong and others up again, equals the impact of the real alert", async () => {
    const target = fc.record({ host: aHost, port: fc.option(aPort) });
    const question = fc.record({
      site: aSite,
      down: target,
      verb: fc.constantFrom("down", "maintenance"),
      up: fc.option(aHost),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ site, down, verb, up }) => {
        fc.pre(up !== down.host);
        const changed = new Map<string, CheckStatus["state"]>([
          ...(up === null
            ? []
            : [[`${up} null`, "UP"] as const, ...PORTS.map((port) => [`${up} ${port}`, "OK"] as const)]),
          [`${down.host} ${down.port}`, down.port === null ? "DOWN" : "CRITICAL"],
        ]);
        const before = settled(site);
        const id = down.port === null ? down.host : `${down.host}:${down.port}`;
        fc.pre(before.graphs.get(down.host)?.nodes.some((node) => down.port === null || node.id === id) === true);
        const assumed: Assumption[] = [{ verb: verb as Assumption["verb"], id }];
        if (up !== null) {
          assumed.push({ verb: "up", id: up });
        }
        const check = down.port === null ? null : checkOf(down.port);
        const real = settled(site, changed).impacts.get(`${down.host}::${check ?? "_HOST_"}`);
        const answer = await askImpact(pictureOf(before), { host: down.host, check, assumed, now: NOON });
        const withoutOwn = (rows: NonNullable<typeof answer>["affected"] = []) =>
          rows.map(({ ownState: _, handling: __, ...row }) => row);
        expect(withoutOwn(answer?.affected)).toEqual(withoutOwn(real?.affected));
        expect(answer?.failed).toEqual(real?.failed);
        expect(answer?.hosts).toEqual(real?.hosts);
        expect(answer?.unknownBeyond).toEqual(real?.unknownBeyond);
        expect(answer?.problem.handled).toBe(assumed.every((each) => each.verb === "maintenance"));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("of a host up again relieves exactly what its recovery relieves", async () => {
    await fc.assert(
      fc.asyncProperty(aSite, aHost, async (site, up) => {
        const before = settled(site);
        fc.pre(before.graphs.get(up) !== undefined);
        const well = new Map<string, CheckStatus["state"]>([
          [`${up} null`, "UP"],
          ...PORTS.map((port) => [`${up} ${port}`, "OK"] as const),
        ]);
        const after = degreesOf(settled(site, well));
        const expected = [...degreesOf(before)]
          .filter(([id, degree]) => level(after.get(id) ?? null) < level(degree))
          .map(([id, from]) => ({ id, from, to: after.get(id) ?? null }));
        const assumed: Assumption[] = [{ verb: "up", id: up }];
        const answer = await askImpact(pictureOf(before), { host: up, check: null, assumed, now: NOON });
        const told = answer?.relieved?.map(({ id, from, to }) => ({ id, from, to })) ?? [];
        // Processes behind services go with them and have no row of their own.
        const shown = expected.filter(({ id }) => told.some((row) => row.id === id) || id.includes(":"));
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect([...told].sort(byId)).toEqual(shown.sort(byId));
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

function level(degree: Degree | null): number {
  return LEVELS.indexOf(degree ?? "");
}
