/** Addresses and ports as arguments give them. */
import { BlockList, isIP } from "node:net";
import { UsageError } from "./usage.ts";

/** Where to listen. */
export interface Endpoint {
  readonly address: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** `127.0.0.1:4849`, `[::1]:4849`, or a port alone, which is one of loopback. */
export function endpointOf(option: string, text: string): Endpoint {
  const [, bracketed, plain, port = ""] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? "127.0.0.1";
  if (port === "" || Number(port) > 65_535 || isIP(address) === 0) {
    throw new UsageError(`${option} ${text}: write it like 127.0.0.1:4849 or [::1]:4849`);
  }
  return { address, port: Number(port) };
}

/** Addresses and networks, separated by commas. */
export function listedAddresses(option: string, text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(",")) {
    const [address = "", prefix] = entry.trim().split("/");
    const [family, most] = isIP(address) === 6 ? (["ipv6", 128] as const) : (["ipv4", 32] as const);
    const bits = Number(prefix ?? most);
    if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) {
      throw new UsageError(`${option} ${entry}: write an address or a network such as 10.0.0.0/24`);
    }
    list.addSubnet(address, bits, family);
  }
  return list;
}

/** Whether an address or the host part of a URL is of this machine alone. */
export function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}
