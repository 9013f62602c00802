/** Addresses from the text of `ip addr`, in its usual form and with `-o`; it is never translated. */

/** An address of the host. */
export interface OwnAddress {
  readonly address: string;
  /** Name of the interface, empty where the text did not tell. */
  readonly interface: string;
  /** `global`, `link` or `host`. */
  readonly scope: string;
}

const INTERFACE = /^\d+: +([^\s:@]+)(?:@[^\s:]+)?:? /;
const ADDRESS = /^\s*(?:\d+: +\S+ +)?inet6? ([^\s/]+)(?: peer \S+|\/\d+)?.* scope (\w+)(?: (.*))?$/;
/**
 * Bridges and cables of containers and virtual machines. Many hosts have the same addresses there (172.17.0.1 with
 * every Docker), so that they say nothing about which host this is.
 */
const INNER =
  /^(?:docker\d*|docker_gwbridge|br-[0-9a-f]{12}|veth.*|cni\d*|cni-podman\d*|podman\d*|flannel.*|cali.*|tunl\d+|cilium_.*|lxc.*|lxdbr\d+|incusbr\d+|virbr\d+.*|vnet\d+|tap\d+|kube-ipvs\d+|nodelocaldns)$/;

/** Whether a line belongs to `ip addr`. */
export function isAddrLine(line: string): boolean {
  return /^\d+: [^\s:]+(?::? )/.test(line) || /^\s*(?:inet6?|link\/\S+|valid_lft|altname) /.test(line);
}

/** Addresses of a host at most, as of a report: each row that was cut is held against all of them. */
const MOST_ADDRESSES = 256;

/** Addresses in the order of the text, the first ones; lines that are none are passed over. */
export function readAddresses(lines: readonly string[]): OwnAddress[] {
  const addresses: OwnAddress[] = [];
  let current = "";
  for (const line of lines) {
    current = INTERFACE.exec(line)?.[1] ?? current;
    const [, address, scope, rest] = ADDRESS.exec(line) ?? [];
    if (address !== undefined && scope !== undefined && addresses.length < MOST_ADDRESSES) {
      const label = line.includes("inet6 ") ? undefined : labelOf(rest ?? "");
      addresses.push({ address, interface: label ?? current, scope });
    }
  }
  return addresses;
}

/** IPv4 addresses end with their interface's name, with `:1` behind it for a second one; `-o` adds more after a `\\`. */
function labelOf(rest: string): string | undefined {
  const [told = ""] = rest.split("\\");
  return told.trim().split(/\s/).at(-1)?.split(":")[0] || undefined;
}

/** Addresses by which others reach the host, each once. */
export function globalAddresses(addresses: readonly OwnAddress[]): string[] {
  return [...new Set(addresses.filter(({ scope }) => scope === "global").map(({ address }) => address))];
}

/** Those of them that are only valid on the host itself. */
export function innerAddresses(addresses: readonly OwnAddress[]): string[] {
  return globalAddresses(addresses.filter((address) => INNER.test(address.interface)));
}
