/** Hosts this machine knows by name: `getent hosts`, which reads /etc/hosts and whatever else it is told to. */
import { execFile } from "node:child_process";
import { isLinkLocal, isLoopback, isWildcard, normalizeAddress } from "../model/address.ts";

/** A name with one of its addresses, normalised. */
interface NamedAddress {
  readonly address: string;
  readonly name: string;
}

const TIME_LIMIT_MS = 3_000;

/** Seconds for which an answer is good: a crowd that asks must not start a crowd of programs. */
const GOOD_FOR = 10;

/** What getent says; nothing where there is no getent, or no room for it on a machine that is overloaded. */
export function getentHosts(program = "getent"): Promise<NamedAddress[]> {
  const options = { timeout: TIME_LIMIT_MS, maxBuffer: 4 * 1024 * 1024 };
  return new Promise((resolve) => {
    try {
      execFile(program, ["hosts"], options, (error, output) => resolve(error === null ? readHosts(output) : []));
    } catch {
      // Without memory for a process it throws at once, instead of telling who waits.
      resolve([]);
    }
  });
}

/** The same for many who ask: one answer for all of some seconds. `now` is Unix seconds. */
export function sharedHosts(now: () => number, ask: () => Promise<NamedAddress[]> = getentHosts) {
  let known: { readonly at: number; readonly hosts: Promise<NamedAddress[]> } | undefined;
  return (): Promise<NamedAddress[]> => {
    if (known === undefined || Math.abs(now() - known.at) >= GOOD_FOR) {
      known = { at: now(), hosts: ask() };
    }
    return known.hosts;
  };
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
