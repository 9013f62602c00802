import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createNetworks,
  holderOf,
  isLinkLocal,
  isLoopback,
  isNetwork,
  isPrivate,
  isWildcard,
  normalizeAddress,
} from "../../src/model/address.ts";

const ADDRESS = fc.oneof(fc.ipV4(), fc.ipV6());

describe("normalizeAddress", () => {
  it.each([
    ["10.0.0.1", "10.0.0.1"],
    ["::1", "0:0:0:0:0:0:0:1"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["2001:DB8::0042", "2001:db8:0:0:0:0:0:42"],
    ["2001:db8:0:0:1::", "2001:db8:0:0:1:0:0:0"],
    ["[2001:db8::1]", "2001:db8:0:0:0:0:0:1"],
    ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1"],
    ["[fe80::1%eth0]", "fe80:0:0:0:0:0:0:1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["::ffff:a00:1", "10.0.0.1"],
    ["0:0:0:0:0:FFFF:192.0.2.255", "192.0.2.255"],
    ["64:ff9b::192.0.2.33", "64:ff9b:0:0:0:0:c000:221"],
    ["10.0.0.1%lo", "10.0.0.1"],
  ])("writes %s as %s", (text, expected) => {
    expect(normalizeAddress(text)).toBe(expected);
  });

  it.each([
    "",
    "*",
    "localhost",
    "10.0.0",
    "10.0.0.1.2",
    "256.0.0.1",
    "010.0.0.1",
    "1e1.0.0.1",
    " 10.0.0.1",
    "10.0.0.1\n",
    "-1.0.0.1",
    ":",
    ":::",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1.2.3",
    "1.2.3.4::",
    "1:2:3:4:5:6:7:1.2.3.4",
    "g::1",
    "%eth0",
    "[::1",
    "__proto__",
    "::1 ",
    "1".repeat(10_000),
    ":".repeat(10_000),
  ])("takes %j for no address", (text) => {
    expect(normalizeAddress(text)).toBeUndefined();
  });

  it("agrees with node:net on what an address is, and writes each one once", () => {
    fc.assert(
      fc.property(fc.oneof(ADDRESS, fc.string(), fc.stringMatching(/^[0-9a-f:.]{1,24}$/)), (text) => {
        fc.pre(!text.includes("%"));
        const written = normalizeAddress(text);
        expect(written !== undefined).toBe(isIP(text) !== 0);
        if (written !== undefined) {
          expect(normalizeAddress(written)).toBe(written);
          expect(written).not.toContain("::");
          expect(isIPv4(written) || (isIPv6(written) && written.split(":").length === 8)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("kinds of addresses", () => {
  it("counts an address of IPv6 as its network of 64 bits, all others as themselves", () => {
    const asked = [
      "2001:DB8::1:0:0:7",
      "2001:db8:0:0:ffff::",
      "fe80::1%eth0",
      "::1",
      "::ffff:10.0.0.1",
      "10.0.0.1",
      "",
    ];
    expect(asked.map(holderOf)).toEqual([
      ...["2001:db8:0:0::/64", "2001:db8:0:0::/64", "fe80:0:0:0::/64"],
      ...["::1", "::ffff:10.0.0.1", "10.0.0.1", ""],
    ]);
  });

  it("tells loopback, wildcard, link-local and private ones", () => {
    expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].every(isLoopback)).toBe(true);
    expect(["128.0.0.1", "::2", "0.0.0.0", "x"].some(isLoopback)).toBe(false);
    expect(["0.0.0.0", "::", "[::]", "::ffff:0.0.0.0"].every(isWildcard)).toBe(true);
    expect(["0.0.0.1", "*", ""].some(isWildcard)).toBe(false);
    expect(["169.254.1.1", "fe80::1%eth0", "febf::1"].every(isLinkLocal)).toBe(true);
    expect(["fec0::1", "169.253.0.1"].some(isLinkLocal)).toBe(false);
    expect(
      ["10.1.2.3", "172.31.0.1", "192.168.0.1", "100.127.0.1", "fd00::1", "fe80::1", "169.254.0.1"].every(isPrivate),
    ).toBe(true);
    expect(["11.0.0.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "127.0.0.1"].some(isPrivate)).toBe(
      false,
    );
  });
});

describe("createNetworks", () => {
  it("knows bare addresses, host bits, mapped networks and leaves nonsense out", () => {
    const networks = createNetworks([
      "192.0.2.7",
      "198.51.100.77/24",
      "::ffff:203.0.113.0/120",
      "nonsense",
      "10.0.0.0/33",
      "10.0.0.0/",
    ]);
    expect(["192.0.2.7", "198.51.100.1", "203.0.113.9", "::ffff:198.51.100.2"].every((a) => networks.has(a))).toBe(
      true,
    );
    expect(["192.0.2.8", "198.51.101.1", "203.0.114.1", "10.0.0.1", "nonsense"].some((a) => networks.has(a))).toBe(
      false,
    );
  });

  it("keeps the two families apart", () => {
    expect(createNetworks(["::/0"]).has("10.0.0.1")).toBe(false);
    expect(createNetworks(["0.0.0.0/0"]).has("::1")).toBe(false);
  });

  it("says which texts are networks", () => {
    expect(["10.0.0.0/8", "::/0", "192.0.2.1", "fd00::/8"].every(isNetwork)).toBe(true);
    expect(["10.0.0.0/-1", "10.0.0.0/8/8", "/8", "10.0.0.0/08", "::/129", ""].some(isNetwork)).toBe(false);
  });

  it("agrees with node:net's BlockList", () => {
    const near = fc.tuple(ADDRESS, ADDRESS, fc.nat(128), fc.boolean());
    fc.assert(
      fc.property(near, ([network, other, bits, same]) => {
        const family = isIPv4(network) ? "ipv4" : "ipv6";
        const prefix = bits % (family === "ipv4" ? 33 : 129);
        const address = same ? network : other;
        fc.pre((isIPv4(address) ? "ipv4" : "ipv6") === family);
        fc.pre(!/^[0:]*:ffff:/i.test(network) && !/^[0:]*:ffff:/i.test(address));
        const list = new BlockList();
        list.addSubnet(network, prefix, family);
        expect(createNetworks([`${network}/${prefix}`]).has(address)).toBe(list.check(address, family));
      }),
      { numRuns: 2000 },
    );
  });
});
