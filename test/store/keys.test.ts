import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isHostPart,
  isPortPart,
  keys,
  ownKeys,
  parseConnectionKey,
  parseProblemMember,
  problemMember,
} from "../../src/store/keys.ts";

const DOC = fileURLToPath(new URL("../../bin/write-redis-doc.js", import.meta.url));

interface DocEntry {
  readonly member: string;
  readonly key: string;
}

/** Host names as they come: letters and digits, blanks, sites, addresses. */
const host = fc
  .oneof(
    fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9 ._!-]{0,40}$/),
    fc.ipV4(),
    fc
      .tuple(...Array.from({ length: 8 }, () => fc.nat(0xffff)))
      .map((words) => words.map((word) => word.toString(16)).join(":")),
    fc.constantFrom("Internet", "__proto__", "müller-süd", "a:b"),
  )
  .filter(isHostPart);
const port = fc.oneof(
  fc.nat(65_535).map(String),
  fc.nat(65_535).map((number) => `${number}/udp`),
  fc.constantFrom("high", "high/udp"),
);

describe("keys", () => {
  it("make connection keys that split into the five fields they were made of", () => {
    fc.assert(
      fc.property(host, port, host, (node, portName, remote) => {
        const key = keys.connection(node, portName, remote);
        expect(key.split("::")).toEqual(["dotm", "connections", node, portName, remote]);
        expect(parseConnectionKey(key)).toEqual({ node, port: portName, remote });
      }),
    );
  });

  it("never make a connection key of anything that would split otherwise", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (node, portName, remote) => {
        const made = attempt(() => keys.connection(node, portName, remote));
        const right = isHostPart(node) && isPortPart(portName) && isHostPart(remote);
        expect(made === undefined).toBe(!right);
        expect(made === undefined || made.split("::").length === 5).toBe(true);
      }),
    );
  });

  it.each(["", "a::b", ":a", "a:", "a\nb", "a\u0000", "a\u009f", "x".repeat(256)])(
    "refuse the host name %j",
    (name) => {
      expect(isHostPart(name)).toBe(false);
      expect(() => keys.node(name)).toThrow("cannot be a host name in a Redis key");
    },
  );

  it.each(["", "-1", "80/tcp", "123456", "80 ", "HIGH", "80::1"])("refuse the port %j", (name) => {
    expect(() => keys.service("web01", name)).toThrow("cannot be a port in a Redis key");
  });

  it.each([
    "dotm::connections::web01::80",
    "dotm::connections::web01::80::db01::x",
    "dotm::connections::web01::eighty::db01",
    "dotm::services::web01::80::db01",
    "other::connections::web01::80::db01",
    "dotm::connections::web01::80::2001:db8::1",
  ])("take no connection out of %j", (key) => {
    expect(parseConnectionKey(key)).toBeUndefined();
  });

  it("name a problem so that host and check come back, whatever the check is called", () => {
    fc.assert(
      fc.property(host, fc.string({ minLength: 1 }), (node, check) => {
        const shown = check.replace(/\p{Cc}/gu, "\uFFFD");
        const expected = shown === "_HOST_" ? null : shown;
        expect(parseProblemMember(problemMember(node, check))).toEqual({ host: node, check: expected });
      }),
    );
    expect(keys.impact("db01", null)).toBe("dotm::impact::db01::_HOST_");
    expect(keys.impact("db01", "Disk ::/var")).toBe("dotm::impact::db01::Disk ::/var");
    expect(parseProblemMember("db01::Disk ::/var")).toEqual({ host: "db01", check: "Disk ::/var" });
    expect(parseProblemMember("nothing")).toBeUndefined();
    expect(parseProblemMember("db01::")).toBeUndefined();
  });

  it("share a slot where one command touches two", () => {
    expect(ownKeys.nodeMembers.startsWith(`{${keys.nodes}}::`)).toBe(true);
  });
});

describe("docs/redis.md", () => {
  it("is what bin/write-redis-doc.js makes of keys.ts", () => {
    expect(() => execFileSync(process.execPath, [DOC, "--check"], { stdio: "pipe" })).not.toThrow();
  });

  it("documents every key, each with the pattern its function makes", () => {
    const tables = JSON.parse(execFileSync(process.execPath, [DOC, "--json"], { encoding: "utf8" })) as Record<
      string,
      DocEntry[]
    >;
    const samples = {
      node: "web01",
      port: "80",
      remote: "db01",
      ip: "10.0.0.1",
      setting: "aging",
      check: "HTTP",
      kind: "services",
      timestamp: "1795000000",
      id: "0b9d9a8e-52ab-4bd6-a1b9-9e3d5c3c2d11",
      worker: "7f1c",
      source: "alerts",
    };
    for (const [name, made] of Object.entries({ keys, ownKeys })) {
      const documented = tables[name] ?? [];
      expect(documented.map(({ member }) => member).sort()).toEqual(Object.keys(made).sort());
      for (const { member, key } of documented) {
        const places = [...key.matchAll(/<(\w+)>/g)].map(([, place]) => samples[place as keyof typeof samples]);
        const filled = key.replace(/<(\w+)>/g, (_, place: keyof typeof samples) => samples[place]);
        const value = (made as Record<string, unknown>)[member];
        expect(typeof value === "function" ? value(...places) : value).toBe(filled);
      }
    }
  });
});

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
