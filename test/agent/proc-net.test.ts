import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressDecoder, parseProcNet, SOCKET_STATES } from "../../agent/proc-net.ts";

const decode = createAddressDecoder("LE");

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/proc/shop/${name}`, import.meta.url), "utf8");
}

describe("parseProcNet", () => {
  it("reads IPv4 rows with their states and inodes", () => {
    const { sockets, skipped } = parseProcNet(fixture("tcp"), "tcp", decode);
    expect(skipped).toBe(0);
    expect(sockets).toHaveLength(9);
    expect(sockets[0]).toMatchObject({
      local: "0.0.0.0",
      localPort: 8081,
      remotePort: 0,
      state: SOCKET_STATES.listen,
      inode: 71449,
    });
    expect(sockets[1]).toMatchObject({
      local: "127.0.0.1",
      localPort: 8081,
      remote: "127.0.0.1",
      remotePort: 37622,
      state: 1,
    });
    expect(sockets.filter(({ state }) => state === SOCKET_STATES.timeWait).map(({ inode }) => inode)).toEqual([
      0, 0, 0,
    ]);
  });

  it("reads IPv6 rows, v4-mapped ones as IPv4", () => {
    const { sockets } = parseProcNet(fixture("tcp6"), "tcp", decode);
    expect(sockets.map(({ local, localPort }) => `${local} ${localPort}`)).toEqual([
      "::1 8083",
      ":: 8082",
      "::1 8082",
      "::1 41918",
      "::1 38610",
      "127.0.0.1 8082",
      "::1 8083",
    ]);
    expect(sockets[5]).toMatchObject({ remote: "127.0.0.1", remotePort: 57924 });
  });

  it("reads UDP rows, connected and not", () => {
    const { sockets } = parseProcNet(fixture("udp"), "udp", decode);
    expect(sockets.map(({ localPort, remotePort, state }) => [localPort, remotePort, state])).toEqual([
      [5353, 0, SOCKET_STATES.close],
      [42121, 5353, SOCKET_STATES.established],
    ]);
  });

  it("writes addresses by the byte order of the machine", () => {
    expect(decode("0B00000A")).toBe("10.0.0.11");
    expect(createAddressDecoder("BE")("0A00000B")).toBe("10.0.0.11");
    expect(decode("B80D0120000000000000000001000000")).toBe("2001:db8::1");
    expect(createAddressDecoder("BE")("20010DB8000000000000000000000001")).toBe("2001:db8::1");
    expect(decode("B80D0120010000000000020001000300")).toBe("2001:db8:0:1:2:0:3:1");
  });

  it.each([
    "",
    "nonsense",
    "   0: 0100007F:1F91 0100007F:92F6 01",
    "   0: 0100007F:1F91 00000000000000000000000001000000:92F6 01 00000000:00000000 00:00000000 00000000     0        0 7 1 0 20",
    // Cut within the inode: 7145 would be somebody else's socket.
    "   1: 0100007F:1F91 0100007F:92F6 01 00000000:00000000 00:00000000 00000000     0        0 7145",
  ])("takes no socket from %j", (line) => {
    const table = parseProcNet(line, "tcp", decode);
    expect(table.sockets).toEqual([]);
    expect(table.skipped).toBe(line === "" ? 0 : 1);
  });

  it("finds in a cut, shuffled or doubled text only sockets that the whole one has", () => {
    const text = fixture("tcp");
    const all = new Set(parseProcNet(text, "tcp", decode).sockets.map((socket) => JSON.stringify(socket)));
    const lines = text.split("\n");
    const mixed = fc.tuple(fc.shuffledSubarray([...lines, ...lines]), fc.nat(text.length), fc.nat(text.length));
    fc.assert(
      fc.property(mixed, ([some, from, to]) => {
        const cut = some.join("\n").slice(Math.min(from, to), Math.max(from, to));
        for (const socket of parseProcNet(cut, "tcp", decode).sockets) {
          expect(all).toContain(JSON.stringify(socket));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("hands unchanged sockets out again, and finds the same as without knowing them, whatever the text holds", () => {
    for (const name of ["tcp", "tcp6"]) {
      const text = fixture(name);
      const before = parseProcNet(text, "tcp", decode).sockets.filter(({ inode }) => inode !== 0);
      const known = new Map(before.map((socket) => [socket.inode, socket]));
      const again = parseProcNet(text, "tcp", decode, null, known).sockets.filter(({ inode }) => inode !== 0);
      expect(again.every((socket, i) => socket === before[i])).toBe(true);
      const lines = text.split("\n");
      const mixed = fc.tuple(fc.shuffledSubarray([...lines, ...lines]), fc.nat(text.length), fc.nat(text.length));
      fc.assert(
        fc.property(mixed, fc.constantFrom(null, "net:[2]"), ([some, from, to], netns) => {
          const cut = some.join("\n").slice(Math.min(from, to), Math.max(from, to));
          expect(parseProcNet(cut, "tcp", decode, netns, known)).toEqual(parseProcNet(cut, "tcp", decode, netns));
        }),
        { numRuns: 500 },
      );
    }
  });

  it("sees that a known socket has changed", () => {
    const before = parseProcNet(fixture("tcp"), "tcp", decode).sockets;
    const known = new Map(before.map((socket) => [socket.inode, socket]));
    const closing = fixture("tcp").replaceAll(" 01 00000000", " 08 00000000");
    expect(parseProcNet(closing, "tcp", decode, null, known)).toEqual(parseProcNet(closing, "tcp", decode));
    expect(parseProcNet(closing, "tcp", decode, null, known).sockets.some(({ state }) => state === 8)).toBe(true);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(parseProcNet(text, "tcp", decode).sockets).toEqual([]);
      }),
    );
  });
});
