/** Hosts this machine knows by name: `getent hosts`, which reads /etc/hosts and whatever else it is told to. */
import { execFile } from "node:child_process";
import { isLinkLocal, isLoopback, isWildcard, normalizeAddress } from "../model/address.ts";

/** A name with one of its addresses, normalised. */
interface NamedAddress {
  readonly address: string;
  readonly name: string;
}

const TIME_LIMIT_MS = 3_000;

/** What getent says; nothing where there is no getent. */
export function getentHosts(): Promise<NamedAddress[]> {
  const options = { timeout: TIME_LIMIT_MS, maxBuffer: 4 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile("getent", ["hosts"], options, (error, output) => resolve(error === null ? readHosts(output) : []));
  });
}

/** Lines of `getent hosts` or /etc/hosts: an address, its name, its aliases. Loopback and multicast say nothing. */
export function readHosts(text: string): NamedAddress[] {
  return text.split("\n").flatMap((line) => {
    const [first = "", name] = line.replace(/#.*/, "").trim().split(/\s+/);
    const address = normalizeAddress(first);
    const useless = address === undefined || isLoopback(address) || isWildcard(address) || isLinkLocal(address);
    return useless || name === undefined || /^(?:ff0|22[4-9]\.|23\d\.)/.test(address) ? [] : [{ address, name }];
  });
}
