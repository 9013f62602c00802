import { describe, expect, it } from "vitest";
import { type PlaceKeys, sourcePlace } from "../../src/ingest/source-place.ts";

const place = (text: string, keys: PlaceKeys = {}) =>
  sourcePlace(text, keys, (path) => `/here/${path}`.replace("/here//", "/"));

describe("what a person means by a place", () => {
  it.each([
    ["http://mon/nagios4/cgi-bin", { type: "cgi", url: "http://mon/nagios4/cgi-bin", format: "auto" }],
    ["https://mon/icinga/cgi-bin/status.cgi?host=all", { type: "cgi", url: "https://mon/icinga/cgi-bin" }],
    ["unix:/run/live", { type: "livestatus", place: { kind: "unix", path: "/run/live" } }],
    ["tcp://mon:6557", { type: "livestatus", place: { kind: "tcp", host: "mon", port: 6557, tls: null } }],
    ["tls://mon:6557", { type: "livestatus", place: { kind: "tcp", tls: { caFile: null } } }],
    ["etc/nagios.cfg", { type: "nagios", config: "/here/etc/nagios.cfg" }],
  ])("%s is a server or a configuration", (text, config) => {
    expect(place(text)).toMatchObject({ kind: "server", config });
  });

  it("anything else is a file", () => {
    expect(place("status.dat")).toEqual({ kind: "file", path: "/here/status.dat" });
  });

  it.each([
    ["https://icinga:5665", {}, /log in/],
    ["tcp://mon", {}, /HOST:PORT/],
    ["http://mon/cgi-bin", { user: "ops" }, /password_file must stand together/],
  ])("%s with %j says what is missing", (text, keys, message) => {
    expect(() => place(text, keys)).toThrow(message);
  });
});
