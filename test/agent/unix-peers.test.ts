import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseUnixSockets } from "../../agent/unix-peers.ts";

const TEXT = readFileSync(new URL("../fixtures/proc/shop/ss-xanpH", import.meta.url), "utf8");

describe("parseUnixSockets", () => {
  it("finds which end serves", () => {
    expect(parseUnixSockets(TEXT)).toEqual({
      pairs: [{ path: "/run/shop/app.sock", server: 71467, client: 71466 }],
      skipped: 0,
    });
  });

  it("reads paths with blanks, abstract names and seqpacket sockets", () => {
    const text = [
      "u_str ESTAB 0 0 /run/my app/x y.sock 11 * 12",
      "u_str ESTAB 0 0 * 12 * 11",
      "u_seq ESTAB 0 0 @abstract 21 * 22",
      "u_seq ESTAB 0 0 * 22 * 21",
    ].join("\n");
    expect(parseUnixSockets(text).pairs).toEqual([
      { path: "/run/my app/x y.sock", server: 11, client: 12 },
      { path: "@abstract", server: 21, client: 22 },
    ]);
  });

  it("reads abstract names that are filled up with zeros", () => {
    const name = `@dotm-abstract${"@".repeat(94)}`;
    const text = `u_str ESTAB  0      0      ${name} 31 * 32\nu_str ESTAB 0 0 * 32 * 31\nu_str LISTEN 0 1024   ${name} 30 * 0     \n`;
    expect(parseUnixSockets(text)).toEqual({ pairs: [{ path: "@dotm-abstract", server: 31, client: 32 }], skipped: 0 });
  });

  it("takes for the server the end that listens where both have a name", () => {
    const both = "u_str ESTAB 0 0 /run/server.sock 11 * 12\nu_str ESTAB 0 0 /tmp/client.sock 12 * 11\n";
    expect(parseUnixSockets(both).pairs).toEqual([]);
    expect(parseUnixSockets(`${both}u_str LISTEN 0 128 /run/server.sock 10 * 0`).pairs).toEqual([
      { path: "/run/server.sock", server: 11, client: 12 },
    ]);
  });

  it("leaves datagrams and the journal of systemd out", () => {
    const text = [
      "u_dgr ESTAB 0 0 /run/systemd/journal/dev-log 1 * 2",
      "u_dgr ESTAB 0 0 * 2 * 1",
      "u_str ESTAB 0 0 /run/systemd/journal/stdout 3 * 4",
      "u_str ESTAB 0 0 * 4 * 3",
    ].join("\n");
    expect(parseUnixSockets(text)).toEqual({ pairs: [], skipped: 0 });
  });

  it("finds in a cut or shuffled text only pairs that the whole one has", () => {
    const lines = TEXT.split("\n");
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), fc.nat(TEXT.length), (some, length) => {
        for (const pair of parseUnixSockets(some.join("\n").slice(0, length)).pairs) {
          expect(pair).toEqual({ path: "/run/shop/app.sock", server: 71467, client: 71466 });
        }
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseUnixSockets(text).pairs).toEqual([]);
      }),
    );
  });
});
