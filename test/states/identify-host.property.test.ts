import fc from "fast-check";
import { expect, it } from "vitest";
import { withoutSite } from "../../src/model/ids.ts";
import type { MonitoredHost } from "../../src/model/monitoring.ts";
import { identifyHost, type KnownNames } from "../../src/states/identify-host.ts";
import { monitored } from "../support/builders.ts";
import { processorTime } from "../support/processor-time.ts";

/** What it means, by looking at every host each time. */
function identifySlowly(name: string, ips: readonly string[], { aliases, monitored }: KnownNames): string {
  const theOne = (fits: (host: MonitoredHost, bare: string) => boolean) => {
    const found = [...monitored.values()].filter((host) => fits(host, withoutSite(host.host)));
    return found.length === 1 ? found[0]?.host : undefined;
  };
  const short = (host: string) => (/^[\d.]+$/.test(host) || host.includes(":") ? host : host.replace(/\..*$/, ""));
  const fold = (text: string) => text.toLowerCase();
  return (
    aliases.get(name) ??
    monitored.get(name)?.host ??
    theOne((_, bare) => bare === name) ??
    theOne((host, bare) => fold(bare) === fold(name) || fold(host.alias) === fold(name)) ??
    theOne((_, bare) => fold(short(bare)) === fold(short(name))) ??
    theOne((host) => ips.includes(host.address)) ??
    name
  );
}

const address = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1", "");
const bare = fc
  .tuple(fc.constantFrom("web", "Web", "db"), fc.constantFrom("", ".example.com", ".example.net", ".Example.com"))
  .map((parts) => parts.join(""));
const name = fc.oneof(bare, address);
const sited = fc.tuple(fc.constantFrom("", "", "munich!", "berlin!"), name).map((parts) => parts.join(""));
const host = fc
  .tuple(sited, address, fc.oneof(fc.constant(""), name))
  .map(([called, at, alias]) => monitored(called, at, { alias }));

it("finds the host that looking at all of them finds", () => {
  let foreign = 0;
  fc.assert(
    fc.property(
      fc.array(host, { maxLength: 6 }),
      fc.array(fc.tuple(name, sited), { maxLength: 1 }),
      fc.array(fc.tuple(sited, fc.array(address, { maxLength: 3 })), { minLength: 1, maxLength: 4 }),
      (hosts, aliases, asked) => {
        const known = { aliases: new Map(aliases), monitored: new Map(hosts.map((each) => [each.host, each])) };
        for (const [told, ips] of asked) {
          const found = identifyHost(told, ips, known);
          expect(found).toBe(identifySlowly(told, ips, known));
          foreign += found === told ? 0 : 1;
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(foreign).toBeGreaterThan(100);
});

it("finds a name among ten thousand hosts in microseconds", () => {
  const hosts = Array.from({ length: 10_000 }, (_, n) =>
    monitored(`host${n}.example.com`, `10.1.${n >> 8}.${n & 255}`),
  );
  const known = { aliases: new Map<string, string>(), monitored: new Map(hosts.map((each) => [each.host, each])) };
  let found: (string | null)[] = [];
  const milliseconds = processorTime(() => {
    found = hosts.map((_, n) => identifyHost(`host${n}`, [], known));
  });
  expect(found).toEqual([...known.monitored.keys()]);
  // Looking at all hosts each time takes minutes here.
  expect(milliseconds).toBeLessThan(5000);
});
