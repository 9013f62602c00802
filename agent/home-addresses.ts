/** Which network namespace of this machine has which address, by the kernel's own tables. */
import type { Interfaces } from "./addresses.ts";
import type { Namespace } from "./namespaces.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import { createAddressDecoder } from "./proc-net.ts";

/** Label of the namespace that has an address; undefined where none of this machine has it, or more than one. */
export type HomeOf = (address: string) => string | null | undefined;

/** Reads the addresses of all namespaces; those of loopback are everywhere and belong to none. */
export function readHomes(files: ProcFiles, namespaces: readonly Namespace[], interfaces: Interfaces): HomeOf {
  const homes = new Map<string, Set<string | null>>();
  const claim = (address: string, label: string | null) => {
    homes.set(address, (homes.get(address) ?? new Set()).add(label));
  };
  for (const { address, internal } of Object.values(interfaces).flatMap((entries) => entries ?? [])) {
    if (!internal) {
      claim(address, null);
    }
  }
  for (const { label, folder } of namespaces.filter(({ label }) => label !== null)) {
    const four = parseFibTrie(attempt(() => files.read(`${folder}/fib_trie`)) ?? "");
    const six = parseIfInet6(attempt(() => files.read(`${folder}/if_inet6`)) ?? "");
    for (const address of [...four, ...six]) {
      claim(address, label);
    }
  }
  return (address) => {
    const found = homes.get(address);
    return found?.size === 1 ? [...found][0] : undefined;
  };
}

/** IPv4 addresses of a namespace, by /proc/<pid>/net/fib_trie: those the kernel delivers to itself. */
export function parseFibTrie(text: string): string[] {
  const found = text.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n +\/32 host LOCAL\n/g);
  const addresses = new Set([...found].map(([, address = ""]) => address));
  return [...addresses].filter((address) => !address.startsWith("127."));
}

/** IPv6 addresses of global scope, by /proc/<pid>/net/if_inet6: 32 digits, index, prefix, scope, flags, name. */
export function parseIfInet6(text: string): string[] {
  const decode = createAddressDecoder("BE");
  const found = text.matchAll(/^([\da-f]{32}) [\da-f]+ [\da-f]+ 00 [\da-f]+ +\S+$/gim);
  return [...found].map(([, hex = ""]) => decode(hex.toUpperCase()));
}
