/** Names of hosts and checks that others may misread: separators of ours, of Nagios, of paths, of the eye. */
import { expect, it } from "vitest";
import { StatusReader } from "../../nagios/status-dat.ts";
import { encodePart } from "../../src/render/graph-link.ts";
import { keys } from "../../src/store/keys.ts";
import { health, listener, NOON, report, states, status } from "../support/builders.ts";
import { FollowedSite } from "../support/followed-site.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";
import { depsOf, serveApp } from "../support/web.ts";

const CHECKS = ["a::b", "x;y!z", "/etc/../passwd", "C:\\ Drive", "📈 load", "בדיקה", "\u202eevil\u2066", "<b>&'\""];

/** What an attribute of a page says. */
const unescaped = (text: string) =>
  text.replaceAll("&#x3D;", "=").replaceAll("&#x27;", "'").replaceAll("&#39;", "'").replaceAll("&amp;", "&");

it("A25 hosts that cannot be part of a key are refused and counted; checks are kept as they are called", () => {
  const bad = ["", "2001:db8::1", "a!b", "a\u{7}b", "x".repeat(1025)].map((host) => hostBlock(host));
  const checks = CHECKS.map((check) => serviceBlock("good", check));
  const odd = ["", "_HOST_", "y".repeat(1025)].map((check) => serviceBlock("good", check));
  const blocks = [hostBlock("good"), ...bad, serviceBlock("2001:db8::1", "s"), ...checks, ...odd];
  const { statuses, complete, counts, warnings } = new StatusReader().read(statusFile(blocks));
  expect(statuses.map(({ check }) => check)).toEqual([null, ...CHECKS]);
  expect(complete).toBe(true);
  expect(counts).toMatchObject({ hosts: 1, checks: CHECKS.length });
  expect(Object.fromEntries(warnings.map((warning) => [warning.reason, warning.count]))).toEqual({
    "no host name": 1,
    "host name with ::": 2,
    "host name with !": 1,
    "host name with control characters": 1,
    "name too long": 2,
    "no service description": 1,
    "service description reserved": 1,
  });
  expect(CHECKS.map((check) => keys.impact("good", check))).toEqual(
    CHECKS.map((check) => `dotm::impact::good::${check}`),
  );
});

it("A25 each has its page under its encoded name, is text there, and turns nothing around", async () => {
  const site = new FollowedSite();
  site.engine.report(report("wéb 1", "10.0.0.11", { listeners: [listener("nginx", 80)] }));
  site.sink(states([status("wéb 1", null), ...CHECKS.map((check) => status("wéb 1", check, { state: "CRITICAL" }))]));
  site.sink(health());
  const { graphs, impacts } = site.pictureAt(NOON);
  const present = <T>(map: ReadonlyMap<string, T | null>) =>
    [...map].filter((entry): entry is [string, T] => entry[1] !== null);
  const stored = { graphs: new Map(present(graphs)), impacts: present(impacts).map(([, impact]) => impact) };
  const app = await serveApp(depsOf(stored));
  const get = async (path: string) => {
    const answer = await fetch(`${app.url}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  try {
    const overview = await get("/");
    const links = [...overview.text.matchAll(/href="\.\/(graph[^"]*)"/g)].map(([, href = ""]) => unescaped(href));
    for (const check of CHECKS) {
      const target = `host=${encodePart("wéb 1")}&srv=${encodePart(check)}`;
      expect(links).toContain(`graph?${target}`);
      const page = await get(`/graph?${target}`);
      expect([page.status, page.text.includes("is not known")], check).toEqual([200, false]);
      expect(page.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|<b>&/);
    }
  } finally {
    await app.close();
  }
});
