import { afterEach, describe, expect, it } from "vitest";
import type { AddressPlaces } from "../../src/model/address-place.ts";
import { depsOf, readerOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

const FOUND: AddressPlaces = {
  find: (address) => (address === "203.0.113.7" ? { latitude: 52.5, longitude: 13.4, name: "Ber<lin" } : undefined),
  about: "GeoLite2-City of 2026-11-18.",
  fault: "",
};

/** The shop, where db01 has a public address and web01 says itself where it stands. */
async function serve(addressPlaces?: AddressPlaces): Promise<void> {
  const site = storedShop();
  const plain = readerOf(site);
  const reader = {
    ...plain,
    nodesOf: async (hosts: readonly string[]) => {
      const ipsOf = (name: string) => (name === "web02" ? ["10.0.0.12"] : ["10.0.0.1", "203.0.113.7"]);
      return new Map([...(await plain.nodesOf(hosts))].map(([name, node]) => [name, { ...node, ips: ipsOf(name) }]));
    },
    notes: async (hosts: readonly string[]) => {
      const notes = await plain.notes(hosts);
      const about = { host: "web01", variables: [{ name: "GEOLOCATION", value: "48.2,16.4" }] };
      return hosts.includes("web01") ? notes.set("web01", { ...notes.get("web01"), ...about } as never) : notes;
    },
  };
  const given = addressPlaces === undefined ? {} : { addressPlaces: async () => addressPlaces };
  app = await serveApp(depsOf(site, { reader, ...given }));
}

const textOf = async (path: string) => (await fetch(`${app?.url}${path}`)).text();

describe("places", () => {
  it("are what the monitoring says, else what a database says of a public address", async () => {
    await serve(FOUND);
    const page = await textOf("/geo");
    expect(page).toContain("by 203.0.113.7, Ber&lt;lin");
    expect(page).toMatch(/web01<\/a><\/th>.*48\.20° N 16\.40° E<\/span><\/td>/);
    expect(page).not.toMatch(/web02<\/a><\/th>/);
    expect(page).toContain("Places by address are guesses, from GeoLite2-City of 2026-11-18.");
    const { locations } = JSON.parse(await textOf("/backend/geo/nodes"));
    expect(locations.find((each: { data: { node: string } }) => each.data.node === "db01")).toMatchObject({
      lat: 52.5,
      lng: 13.4,
    });
  });

  it("say what is wrong with the database, and show the rest", async () => {
    await serve({ find: () => undefined, about: "", fault: "/x.mmdb cannot be read: ENOENT." });
    const page = await textOf("/geo");
    expect(page).toContain("Places by address are missing.</strong> /x.mmdb cannot be read: ENOENT.");
    expect(page).toMatch(/web01<\/a><\/th>/);
  });

  it("are only what the monitoring says where there is no database", async () => {
    await serve();
    const page = await textOf("/geo");
    expect(page).toMatch(/1 of \d+ hosts have a place/);
    expect(page).not.toContain("by address");
  });
});
