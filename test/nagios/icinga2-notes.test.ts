import { describe, expect, it } from "vitest";
import { commentOf, downtimeOf } from "../../nagios/icinga2-notes.ts";
import { objectsOf } from "./icinga2-fixtures.ts";

describe("comments and downtimes of Icinga 2's API", () => {
  it("tell who wrote what, and why", () => {
    expect(objectsOf("comments.json").map(commentOf)).toEqual([
      {
        ...{ host: "web2", check: "https", id: "web2!https!65a1f808-4e68-4448-be44-40b178de8d59", author: "alice" },
        ...{ entered: 1795359120.94644, origin: "acknowledgement", expires: 0, persistent: true },
        text: "Zertifikat wird erneuert; ticket #4711 – ok",
      },
      expect.objectContaining({ host: "branch-gw", check: null, author: "bob", origin: "acknowledgement" }),
      expect.objectContaining({ host: "gw", check: null, author: "carol", origin: "user" }),
    ]);
  });

  it("tell which downtimes are in effect: fixed ones within their times, flexible ones once a problem triggered them", () => {
    const downtimes = (now: number) => objectsOf("downtimes.json").map((attrs) => downtimeOf(attrs, now));
    const [old1, backup, http] = downtimes(1795359200);
    expect(old1).toMatchObject({
      host: "old1",
      check: null,
      fixed: true,
      inEffect: true,
      text: "Decommissioning <b>old1</b>",
    });
    expect(backup).toMatchObject({ host: "db1", check: "backup", start: 1795359060, end: 1795445520, inEffect: true });
    expect(http).toMatchObject({ host: "web1", check: "http", fixed: false, duration: 7200, inEffect: false });
    expect(downtimes(1795445520).map((downtime) => downtime?.inEffect)).toEqual([false, false, false]);
    const flexible = { ...objectsOf("downtimes.json")[2], trigger_time: 1795445600 };
    expect([1795445599, 1795445600, 1795452799, 1795452800].map((now) => downtimeOf(flexible, now)?.inEffect)).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it("of nothing that is let in are none", () => {
    expect(commentOf({ __name: "x", host_name: "a::b" })).toBeUndefined();
    expect(commentOf({ host_name: "h" })).toBeUndefined();
    expect(downtimeOf({}, 0)).toBeUndefined();
  });
});
