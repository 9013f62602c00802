/** The addresses by which others reach this host. */
import type { NetworkInterfaceInfo } from "node:os";

/** Interfaces as `os.networkInterfaces()` gives them. */
export type Interfaces = Readonly<Partial<Record<string, readonly NetworkInterfaceInfo[]>>>;

/**
 * Bridges and cables of containers and virtual machines on this host. Their addresses are the same on many hosts
 * (172.17.0.1 with every Docker), so one that claimed them would draw the connections of all to itself.
 */
const INNER =
  /^(?:docker\d*|docker_gwbridge|br-[0-9a-f]{12}|veth.*|cni\d*|cni-podman\d*|podman\d*|flannel.*|cali.*|tunl\d+|cilium_.*|lxc.*|lxdbr\d+|incusbr\d+|virbr\d+.*|vnet\d+|tap\d+|kube-ipvs\d+|nodelocaldns)$/;

/** Addresses of global scope, each once, in the order of the system: no loopback, link-local or container bridges. */
export function ownAddresses(interfaces: Interfaces): string[] {
  const addresses = new Set<string>();
  for (const [name, entries] of Object.entries(interfaces)) {
    if (INNER.test(name)) {
      continue;
    }
    for (const { address, internal } of entries ?? []) {
      if (!internal && !isLocalScope(address)) {
        addresses.add(address);
      }
    }
  }
  return [...addresses];
}

function isLocalScope(address: string): boolean {
  return /^(?:127\.|169\.254\.|fe[89ab][0-9a-f]:|::1?$)/i.test(address);
}
