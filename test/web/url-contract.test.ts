import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchName } from "../../src/web/match-name.ts";
import { decodeLenient, parseTarget } from "../../src/web/url-contract.ts";
import { processorTime } from "../support/processor-time.ts";

/** The query a browser sends for an attribute that a monitoring page wrote without encoding anything. */
function asBrowserSends(raw: string): string {
  return new URL(`http://dotm/graph?${raw}`).search.slice(1);
}

function resolve(query: string, hosts: readonly string[], checks: readonly string[]) {
  const asked = parseTarget(query);
  const host = matchName(asked.host, hosts);
  const check = asked.check.length === 0 ? null : matchName(asked.check, checks);
  return [host.kind === "found" ? host.name : host.suggestions, check?.kind === "found" ? check.name : check];
}

describe("parseTarget", () => {
  it("reads an address of nothing but other parameters in no time", () => {
    const query = `host=db01${"&up=".repeat(2_000)}`;
    expect(parseTarget(query).host).toEqual(["db01"]);
    expect(processorTime(() => Array.from({ length: 20 }, () => parseTarget(query)))).toBeLessThan(200);
  });

  it("reads what encoded links say", () => {
    const asked = parseTarget("host=db%201&srv=F%C3%BCll%2FDisk%20C%3A");
    expect(asked.host[0]).toBe("db 1");
    expect(asked.check[0]).toBe("Füll/Disk C:");
  });

  it("reads raw macros as Nagios writes them, up to the # that the browser keeps for itself", () => {
    const asked = parseTarget(asBrowserSends("host=db 1&srv=Füll/Disk C: + 50 #1"));
    expect(asked.host[0]).toBe("db 1");
    expect(asked.check[0]).toBe("Füll/Disk C: + 50 ");
  });

  it("reads Latin-1 of old pages", () => {
    expect(parseTarget("host=m%FCnchen&srv=F%FCll").check[0]).toBe("Füll");
  });

  it("keeps a percent sign that encodes nothing", () => {
    expect(decodeLenient("100% full, 5%25 of %zz")).toBe("100% full, 5% of %zz");
  });

  it("offers plus as plus first, then as space", () => {
    expect(parseTarget("host=a+b").host).toEqual(["a+b", "a b"]);
  });

  it("splits at the first host and the last check, whatever lies between", () => {
    expect(parseTarget("host=a&srv=b&srv=c").host[0]).toBe("a&srv=b");
    expect(parseTarget("host=R&D-server&srv=Load & Co").host[0]).toBe("R&D-server");
    expect(parseTarget("host=R&D-server&srv=Load & Co").check[0]).toBe("Load & Co");
    expect(parseTarget("host=a&amp;srv=b").check[0]).toBe("b");
    expect(parseTarget("host=a&amp;srv=b").host[0]).toBe("a");
  });

  it("takes the other parameters off the names, before, between and behind", () => {
    const asked = parseTarget("theme=dark&host=a&down=3&srv=b&palette=nagios&at=1700000000");
    expect(asked).toEqual({ host: ["a"], check: ["b"] });
    expect(parseTarget("srv=b&host=a").check).toEqual(["b"]);
  });

  it.each(["host", "hostname", "node", "host_name"])("knows the name %s for the host", (name) => {
    expect(parseTarget(`${name}=a`).host).toEqual(["a"]);
  });

  it.each(["srv", "service", "svc", "servicedesc", "service_description"])(
    "knows the name %s for the check",
    (name) => {
      expect(parseTarget(`host=a&${name}=b`)).toEqual({ host: ["a"], check: ["b"] });
    },
  );

  it("takes _HOST_ and nothing for the host itself", () => {
    expect(parseTarget("host=a&srv=_HOST_").check).toEqual([]);
    expect(parseTarget("host=a&srv=").check).toEqual([]);
    expect(parseTarget("host=a").check).toEqual([]);
  });

  it("finds no host where none is asked for", () => {
    expect(parseTarget("").host).toEqual([]);
    expect(parseTarget("host=").host).toEqual([]);
    expect(parseTarget("hosts=a&xhost=b").host).toEqual([]);
  });

  it("finds any legal name again, whether the link was encoded or not", () => {
    // What Nagios' illegal_object_name_chars leaves, without what ends a name in every URL.
    const letter = fc.constantFrom(..."abcXYZ0189 /\\:+@[]{}.-_äöüßéЖ漢".split(""));
    const name = fc
      .string({ unit: letter, minLength: 1, maxLength: 24 })
      .filter((text) => text.trim() === text && text !== "_HOST_");
    const encodings: ((text: string) => string)[] = [
      encodeURIComponent,
      (text) => encodeURIComponent(text).replaceAll("%20", "+"),
      (text) => asBrowserSends(`x=${text}`).slice(2),
    ];
    fc.assert(
      fc.property(name, name, fc.nat(2), (host, check, i) => {
        const encode = encodings[i] ?? encodeURIComponent;
        const query = `host=${encode(host)}&srv=${encode(check)}`;
        expect(resolve(query, [host, "other"], [check, "another"])).toEqual([host, check]);
      }),
    );
  });

  it("never throws, whatever is asked", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (query) => {
        const asked = parseTarget(`host=${query}`);
        matchName(asked.host, ["a", query]);
      }),
    );
  });
});

describe("matchName", () => {
  const known = ["db01", "db02", "web01", "Web-Müller", "fs / C:", "backup server"];

  it("takes the exact name before any other reading", () => {
    expect(matchName(["a+b", "a b"], ["a b", "a+b"])).toEqual({ kind: "found", name: "a+b" });
    expect(matchName(["a+b", "a b"], ["a b"])).toEqual({ kind: "found", name: "a b" });
  });

  it("goes from trimmed over letter case and PNP's way of writing to the beginning", () => {
    expect(matchName([" db01 "], known)).toEqual({ kind: "found", name: "db01" });
    expect(matchName(["DB01"], known)).toEqual({ kind: "found", name: "db01" });
    expect(matchName(["Web-Mu\u0308ller"], known)).toEqual({ kind: "found", name: "Web-Müller" });
    expect(matchName(["fs___C_"], known)).toEqual({ kind: "found", name: "fs / C:" });
    expect(matchName(["backup"], known)).toEqual({ kind: "found", name: "backup server" });
  });

  it("knows aliases", () => {
    expect(matchName(["mysql-master"], known, new Map([["mysql-master", "db01"]]))).toEqual({
      kind: "found",
      name: "db01",
    });
    expect(matchName(["x"], known, new Map([["x", "gone"]]))).toMatchObject({ kind: "unknown" });
  });

  it("does not choose between two", () => {
    expect(matchName(["db"], known)).toEqual({ kind: "unknown", suggestions: ["db01", "db02"] });
    expect(matchName(["A"], ["a", "A "])).toMatchObject({ kind: "found", name: "A " });
    expect(matchName(["AB"], ["ab", "aB"])).toEqual({ kind: "unknown", suggestions: ["ab", "aB"] });
  });

  it("suggests at most ten names that are spelled or begin alike", () => {
    expect(matchName(["wbe01"], known)).toMatchObject({ suggestions: ["web01"] });
    expect(matchName(["db9"], known)).toMatchObject({ suggestions: ["db01", "db02"] });
    const many = Array.from({ length: 50 }, (_, i) => `node-${i}`);
    const match = matchName(["node-"], many);
    expect(match.kind === "unknown" && match.suggestions.length).toBe(10);
    expect(matchName(["zzz"], known)).toEqual({ kind: "unknown", suggestions: [] });
  });
});
