/** Stored values that somebody changed: what is read as one of ours can be shown, everything else is left out. */
import { expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import { alarmsFromJson } from "../../src/store/alarm-reader.ts";
import { graphFromJson, impactFromJson, notesFromJson, sourceFromJson } from "../../src/store/record-codec.ts";
import { mutatedJson } from "../support/mutated-json.ts";
import { oneOf, type Random, seeded } from "../support/random.ts";
import { depsOf, readerOf, SOURCE, type StoredSite, serveApp, storedShop } from "../support/web.ts";

/** Changed values that are shown; `DOTM_CHANGED=1000` looks for longer. */
const SHOWN = Number(process.env["DOTM_CHANGED"] ?? 8);

const PATHS = [
  ...["/", "/map", "/services", "/hosts", "/geo", "/report", "/health", "/host/db01", "/embed/map", "/metrics"],
  ...["/graph", "/image", "/popup", "/api/v1/impact", "/api/v1/causes"].map((path) => `${path}?host=db01&srv=MySQL`),
  ...["hosts", "services", "connections", "impacts", "alarms", "sources", "hosts/db01", "search?q=db"].map(
    (path) => `/api/v1/${path}`,
  ),
  ...["path?from=web01&to=db01", "what-if?whatif=down:db01", "graph?format=dot", "causes?host=web01&srv=HTTP"].map(
    (path) => `/api/v1/${path}`,
  ),
  ...["nodes", "nodes/db01", "services", "report"].map((path) => `/backend/${path}`),
];

const AT = { host: "db01", check: null, id: "1", author: "ann", text: "t", entered: 1_795_000_000 };
const NOTES: HostNotes = {
  ...{ host: "db01", alias: "a", address: "10.0.0.1", actionUrl: "" },
  variables: [{ name: "OS", value: "Linux" }],
  checks: [{ check: "MySQL", groups: ["db"], actionUrl: "", variables: [] }],
  comments: [{ ...AT, origin: "user", expires: 0, persistent: true }],
  downtimes: [{ ...AT, start: 1, end: 2, fixed: true, duration: 1, inEffect: false }],
};
const ALARM = {
  ...{ kind: "agent-silent", host: "db01", object: "db01", peer: null, since: 1_795_000_000, severity: "WARNING" },
  ...{ text: "silent", details: { seconds: 300 } },
} as const;

const SHOP = storedShop();

type Changed = { readonly site: StoredSite; readonly alarms?: ReturnType<typeof alarmsFromJson> };

/** What of the site may be changed, and the site with the changed JSON; undefined where that is none of ours. */
const KINDS: readonly (readonly [value: unknown, put: (json: string) => Changed | undefined])[] = [
  ...["db01", "web01"].map(
    (host) =>
      [
        SHOP.graphs.get(host),
        (json: string) => put(graphFromJson(json), (graph) => ({ graphs: new Map([...SHOP.graphs, [host, graph]]) })),
      ] as const,
  ),
  [
    SHOP.impacts?.[0],
    (json) => put(impactFromJson(json), (impact) => ({ impacts: [impact, ...(SHOP.impacts ?? []).slice(1)] })),
  ],
  [NOTES, (json) => put(notesFromJson(json), (notes) => ({ notes: new Map([["db01", notes]]) }))],
  [
    { ...SOURCE, warning: "w", reasons: { r: 1 } },
    (json) => put(sourceFromJson(json), (source) => ({ sources: [source] })),
  ],
  [
    [ALARM],
    (json) => {
      const alarms = alarmsFromJson(json);
      return alarms === undefined ? undefined : { site: SHOP, alarms };
    },
  ],
];

it("are answered for without a failure of ours, whatever is in them", async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const random = seeded(seed);
  const failures: unknown[] = [];
  for (let shown = 0; shown < SHOWN; shown += 1) {
    const { json, changed } = changedValue(random);
    const logger = { ...SILENT, error: (fields: object) => failures.push({ ...fields, json }) };
    const reader = { ...readerOf(changed.site), alarms: async () => [...(changed.alarms ?? [])] };
    const app = await serveApp(depsOf(changed.site, { logger, reader }));
    for (const path of PATHS) {
      await (await fetch(app.url + path, { redirect: "manual" })).text();
    }
    await app.close();
  }
  expect({ seed, failures }).toEqual({ seed, failures: [] });
}, 600_000);

it("are all read as they are written", () => {
  for (const [value, read] of KINDS) {
    expect(read(JSON.stringify(value))).toBeDefined();
  }
});

function changedValue(random: Random): { readonly json: string; readonly changed: Changed } {
  for (;;) {
    const [value, read] = oneOf(random, KINDS);
    const json = JSON.stringify(mutatedJson(JSON.parse(JSON.stringify(value)), random));
    const changed = read(json);
    if (changed !== undefined) {
      return { json, changed };
    }
  }
}

function put<T>(value: T | undefined, into: (value: T) => Partial<StoredSite>): Changed | undefined {
  return value === undefined ? undefined : { site: { ...SHOP, ...into(value) } };
}
