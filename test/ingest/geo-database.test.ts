import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { geoDatabase } from "../../src/ingest/geo-database.ts";
import { writeMmdb } from "../support/mmdb.ts";

const BERLIN = {
  city: { names: { en: "Berlin" } },
  country: { names: { en: "Germany" } },
  location: { latitude: 52.5244, longitude: 13.4105 },
};
const CITIES = writeMmdb({
  "203.0.113.0/24": BERLIN,
  "198.51.100.7/32": { location: { latitude: -33.87, longitude: 151.21 } },
  "192.0.2.0/24": { location: { latitude: 123.4, longitude: 13 } },
});

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-geo-"));
  file = join(folder, "city.mmdb");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As tools that fetch databases do it: written beside, then renamed over. */
function replace(bytes: Buffer | string): void {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

describe("a database of places", () => {
  it("finds addresses, and nothing for those it does not know or that are none", async () => {
    replace(CITIES);
    const { find, about, fault } = await geoDatabase(file)();
    expect(fault).toBe("");
    expect(about).toMatch(/^GeoLite2-City of 2026-11-18\. This product includes GeoLite2 data created by MaxMind/);
    expect(find("203.0.113.7")).toEqual({ latitude: 52.5244, longitude: 13.4105, name: "Berlin, Germany" });
    expect(find("198.51.100.7")).toEqual({ latitude: -33.87, longitude: 151.21, name: "" });
    for (const address of ["198.51.100.8", "10.0.0.1", "192.0.2.1", "2001:db8::1", "web01", ""]) {
      expect(find(address), address).toBeUndefined();
    }
  });

  it("says what is wrong with its file, and finds again as soon as that is mended", async () => {
    rmSync(file, { force: true });
    const read = geoDatabase(file);
    const faultOf = async (bytes: Buffer | string) => {
      replace(bytes);
      return (await read()).fault;
    };
    expect((await read()).fault).toMatch(/city\.mmdb cannot be read: ENOENT/);
    expect(await faultOf("<html>404 Not Found</html>")).toMatch(/is no whole database in MaxMind's format/);
    expect(await faultOf(CITIES.subarray(0, 300))).toMatch(/is no whole database in MaxMind's format/);
    expect(await faultOf(CITIES.subarray(CITIES.length - 200))).toMatch(/is only a part of a database/);
    expect(await faultOf(writeMmdb({ "203.0.113.0/24": { country: {} } }, "GeoLite2-Country"))).toMatch(
      /is a GeoLite2-Country database, which holds no places/,
    );
    expect(await faultOf(CITIES)).toBe("");
    expect((await read()).find("203.0.113.7")?.name).toBe("Berlin, Germany");
  });

  it("breaks nothing, whatever stands in it", async () => {
    const read = geoDatabase(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(CITIES.length - 1), fc.nat(255), fc.ipV4(), async (at, byte, address) => {
        const broken = Buffer.from(CITIES);
        broken[at] = byte;
        replace(broken);
        const { find, fault } = await read();
        expect(typeof fault).toBe("string");
        const found = [find(address), find("203.0.113.7")].filter((each) => each !== undefined);
        expect(found.every(({ latitude }) => Math.abs(latitude) <= 90)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
