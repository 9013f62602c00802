/**
 * Rows of `ss -tnEHO`: one for every TCP socket of our network namespace that is destroyed, with both its ends, but no
 * process and no direction: `UNCONN 0 0 127.0.0.1:51634 127.0.0.1:38051`.
 */
import { hexAddress } from "./hex-address.ts";
import { type AddressDecoder, endsKey } from "./proc-net.ts";
import type { Opened } from "./watch.ts";

const ROW = /^UNCONN +(\d+) +(\d+) +(\S+):(\d+) +(\S+):(\d+) *$/;

/** The connection that ended; undefined for other rows and for attempts that came to nothing. */
export function parseSsEvent(line: string, decode: AddressDecoder, endianness: "LE" | "BE"): Opened | undefined {
  const [, received, unsent, from = "", fromPort = "", to = "", toPort = ""] = ROW.exec(line) ?? [];
  const local = hexAddress(bare(from), endianness);
  const remote = hexAddress(bare(to), endianness);
  const [localPort, remotePort] = [Number(fromPort), Number(toPort)];
  if (local === undefined || remote === undefined || !isPort(localPort) || !isPort(remotePort)) {
    return undefined;
  }
  // Of an attempt nothing was acknowledged, not even its beginning, which counts as one byte.
  if (received === "0" && unsent === "1") {
    return undefined;
  }
  return {
    direction: undefined,
    local: decode(local),
    localPort,
    remote: decode(remote),
    remotePort,
    ends: endsKey({ local, localPort, remote, remotePort }),
    owner: undefined,
    times: 1,
  };
}

/** An address without brackets and zone. */
function bare(text: string): string {
  return text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
}

function isPort(port: number): boolean {
  return port > 0 && port <= 65_535;
}
