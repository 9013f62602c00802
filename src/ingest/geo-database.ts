/**
 * Where addresses lie on the earth: a city database in MaxMind's format (GeoLite2 City, DB-IP City Lite), which whoever
 * runs DOTM fetches. It is read when it is first asked, and anew when its file is replaced.
 */
import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { type CityResponse, Reader } from "maxmind";
import { messageOf } from "../errors.ts";
import type { AddressPlace, AddressPlaces } from "../model/address-place.ts";

/** Databases of something else have no places. */
const OTHER_TYPES = /Country|ASN|ISP|Domain|Anonymous|Connection-Type/i;

/** What the makers of the free databases ask to be said where their data is shown. */
const CREDITS: readonly (readonly [RegExp, string])[] = [
  [/^GeoLite2/, "This product includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com."],
  [/^DBIP/, "IP geolocation by DB-IP, https://db-ip.com."],
];

/** Asks the database in a file: what it says now. The answer never rejects. */
export function geoDatabase(path: string): () => Promise<AddressPlaces> {
  let loaded: { readonly version: string; readonly places: AddressPlaces } | undefined;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (loaded?.version !== version) {
        loaded = { version, places: placesIn(await readFile(path), path) };
      }
      return loaded.places;
    } catch (error) {
      loaded = undefined;
      return faulty(`${path} cannot be read: ${messageOf(error)}`);
    }
  };
}

function placesIn(bytes: Buffer, path: string): AddressPlaces {
  try {
    const reader = new Reader<CityResponse>(bytes);
    const { databaseType, buildEpoch, searchTreeSize } = reader.metadata;
    if (OTHER_TYPES.test(databaseType) && !/City/i.test(databaseType)) {
      return faulty(`${path} is a ${databaseType} database, which holds no places; one of cities is needed`);
    }
    if (bytes.length <= searchTreeSize) {
      return faulty(`${path} is only a part of a database`);
    }
    const credit = CREDITS.find(([type]) => type.test(databaseType))?.[1] ?? "";
    const about = `${databaseType} of ${buildEpoch.toISOString().slice(0, 10)}. ${credit}`.trimEnd();
    return { find: (address) => findIn(reader, address), about, fault: "" };
  } catch (error) {
    return faulty(`${path} is no whole database in MaxMind's format (.mmdb): ${messageOf(error)}`);
  }
}

/** The file is foreign: it may break off anywhere, and hold anything. */
function findIn(reader: Reader<CityResponse>, address: string): AddressPlace | undefined {
  if (isIP(address) === 0) {
    return undefined;
  }
  try {
    const { location, city, country } = reader.get(address) ?? {};
    const [latitude, longitude] = [Number(location?.latitude), Number(location?.longitude)];
    const names = [city?.names?.en, country?.names?.en].filter((name) => typeof name === "string");
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
      ? { latitude, longitude, name: names.join(", ").slice(0, 200) }
      : undefined;
  } catch {
    return undefined;
  }
}

function faulty(what: string): AddressPlaces {
  return { find: () => undefined, about: "", fault: `${what}.` };
}
