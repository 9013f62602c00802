import { endianness } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hexAddress } from "../../agent/hex-address.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { parseSsEvent } from "../../agent/ss-events.ts";

const TEXT = `UNCONN 5      0      127.0.0.1:55896 127.0.0.1:44105
UNCONN 0      0      127.0.0.1:44105 127.0.0.1:55896
UNCONN 0      0      127.0.0.1:44105   0.0.0.0:*    
UNCONN 5      0          [::1]:37822     [::1]:59425
UNCONN 0      0          [::1]:59425         *:*    
UNCONN 5      0      [::ffff:127.0.0.1]:60107 [::ffff:127.0.0.1]:52360
UNCONN 0      0      [fe80::5054:ff:fe12:3456%eth0]:22 [fe80::1%eth0]:40000
UNCONN 0      1      127.0.0.1:35124 127.0.0.1:1    
UNCONN 0      65538    0.0.0.0:36372 127.0.0.1:*    
`;

const decode = createAddressDecoder("LE");
const parse = (line: string) => parseSsEvent(line, decode, "LE");

describe("parseSsEvent", () => {
  it("tells connections that ended; not listeners, and not attempts that came to nothing", () => {
    const found = TEXT.split("\n").flatMap((line) => parse(line) ?? []);
    expect(
      found.map(({ local, localPort, remote, remotePort }) => `${local} ${localPort} ${remote} ${remotePort}`),
    ).toEqual([
      "127.0.0.1 55896 127.0.0.1 44105",
      "127.0.0.1 44105 127.0.0.1 55896",
      "::1 37822 ::1 59425",
      "127.0.0.1 60107 127.0.0.1 52360",
      "fe80::5054:ff:fe12:3456 22 fe80::1 40000",
    ]);
    expect(found[0]).toMatchObject({ ends: "0100007F:DA58 0100007F:AC49", direction: undefined, times: 1 });
    expect(found[3]?.ends).toBe("0000000000000000FFFF00000100007F:EACB 0000000000000000FFFF00000100007F:CC88");
  });

  it("never throws, and finds in a cut line nothing that is longer", () => {
    const line = "UNCONN 0      0      127.0.0.1:44105 127.0.0.1:55896";
    fc.assert(
      fc.property(fc.string(), fc.nat(line.length), (text, length) => {
        expect(parse(text)).toBeUndefined();
        const cut = parse(line.slice(0, length));
        expect(cut === undefined || "55896".startsWith(`${cut.remotePort}`)).toBe(true);
      }),
    );
  });
});

describe("hexAddress", () => {
  it("writes what the kernel writes", () => {
    const back = createAddressDecoder(endianness());
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const hex = hexAddress(address, endianness());
        expect(hex).toMatch(/^(?:[\dA-F]{8}|[\dA-F]{32})$/);
        expect(hexAddress(back(hex ?? ""), endianness())).toBe(hex?.replace(/^0{16}(?:FFFF0000|0000FFFF)/, "") ?? "");
      }),
    );
    expect(hexAddress("2001:db8::1", "LE")).toBe("B80D0120000000000000000001000000");
    expect(hexAddress("nonsense", "LE")).toBeUndefined();
  });
});
