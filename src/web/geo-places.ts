/** Where hosts stand on the earth: as custom variables of the monitoring say, else as their public addresses let guess. */
import type { AddressPlaces } from "../model/address-place.ts";
import { bitesOf } from "../model/bites.ts";
import type { HostNotes, Variable } from "../model/host-notes.ts";
import type { MapReader } from "../store/map-reader.ts";

/** A host's place; degrees, north and east positive. */
export interface Place {
  readonly host: string;
  readonly latitude: number;
  readonly longitude: number;
  /** Why it is believed to stand there: `by 203.0.113.7, Berlin, Germany`; empty where the monitoring says so. */
  readonly by: string;
}

/** Variables that hold both, as `52.52,13.40`; names without underscores and letter case. */
const BOTH = new Set(["geolocation", "geo", "location", "coordinates", "coords", "latlon", "latlng", "gps"]);
const LATITUDE = new Set(["lat", "latitude", "geolat", "geolatitude"]);
const LONGITUDE = new Set(["lon", "lng", "long", "longitude", "geolon", "geolng", "geolong", "geolongitude"]);

/** The places of all hosts that have one. */
export async function readPlaces(
  reader: Pick<MapReader, "nodes" | "nodesOf" | "notes">,
  addresses?: Pick<AddressPlaces, "find">,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const hosts of bitesOf(await reader.nodes())) {
    const notes = await reader.notes(hosts);
    const said = [...notes.values()].flatMap(placeOf);
    places.push(...said);
    if (addresses !== undefined) {
      const named = new Set(said.map(({ host }) => host));
      const others = await reader.nodesOf(hosts.filter((host) => !named.has(host)));
      places.push(...[...others].flatMap(([host, { ips }]) => placeByAddress(addresses, host, ips)));
    }
  }
  return places;
}

function placeByAddress({ find }: Pick<AddressPlaces, "find">, host: string, ips: readonly string[]): Place[] {
  for (const address of ips) {
    const found = find(address);
    if (found !== undefined) {
      const { latitude, longitude, name } = found;
      return [{ host, latitude, longitude, by: `by ${address}${name === "" ? "" : `, ${name}`}` }];
    }
  }
  return [];
}

/** The place of a host: one or none. */
function placeOf({ host, variables }: Pick<HostNotes, "host" | "variables">): Place[] {
  for (const { name, value } of variables) {
    const both = BOTH.has(bare(name)) ? /^\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(value) : null;
    if (both !== null) {
      return onEarth(host, Number(both[1]), Number(both[2]));
    }
  }
  return onEarth(host, numberIn(variables, LATITUDE), numberIn(variables, LONGITUDE));
}

function numberIn(variables: readonly Variable[], names: ReadonlySet<string>): number {
  const value = variables.find(({ name }) => names.has(bare(name)))?.value.trim();
  return value === undefined || value === "" ? Number.NaN : Number(value);
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, "");
}

function onEarth(host: string, latitude: number, longitude: number): Place[] {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [{ host, latitude, longitude, by: "" }] : [];
}
