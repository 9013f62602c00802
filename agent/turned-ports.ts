/**
 * Ports of containers that the kernel itself publishes (DNAT by nftables or iptables), with no proxy that would listen:
 * Podman, CNI, Docker with `userland-proxy: false`. Rules may be read by who may change them only, but the kernel's list
 * of connections shows what became of each: /proc/net/nf_conntrack, readable with CAP_DAC_READ_SEARCH.
 */
import type { HomeOf } from "./home-addresses.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import { type AddressDecoder, createAddressDecoder } from "./proc-net.ts";
import type { PublishedPort } from "./published-ports.ts";

/** A busy router has hundreds of thousands; reading them all would cost more than a name is worth. */
const MOST_CONNECTIONS = 65_536;
const TUPLE = String.raw`src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) (?:packets=\d+ bytes=\d+ )?`;
/** What was asked for, then from where the answers come; `[UNREPLIED]` between them where there were none. */
const ROW = new RegExp(`^ipv[46] +\\d+ (tcp|udp) .*?${TUPLE}${TUPLE}`, "gm");

/** Ports that lead to another address, each once, by a text of /proc/net/nf_conntrack. */
export function parseConntrack(text: string): PublishedPort[] {
  const decode = createAddressDecoder("BE");
  const found = new Map<string, PublishedPort>();
  for (const [, proto, , asked = "", , hostPort, answering = "", , port] of text.matchAll(ROW)) {
    if (asked !== answering || hostPort !== port) {
      found.set(`${proto} ${asked} ${hostPort} ${answering} ${port}`, {
        proto: proto === "udp" ? "udp" : "tcp",
        hostAddress: plain(asked, decode),
        hostPort: Number(hostPort),
        address: plain(answering, decode),
        port: Number(port),
      });
    }
  }
  return [...found.values()];
}

/** IPv6 stands there in all its digits. */
function plain(address: string, decode: AddressDecoder): string {
  const digits = address.replaceAll(":", "");
  return /^[\da-f]{32}$/i.test(digits) ? decode(digits.toUpperCase()) : address;
}

/** Turned ports of this host, look after look. */
export class TurnedPorts {
  readonly #files: ProcFiles;
  /** By their text: a port whose connections have ended is still published. */
  #seen = new Map<string, { readonly port: PublishedPort; readonly netns: string }>();
  /** What a report says of ports that are not known. */
  notes: readonly string[] = [];

  constructor(files: ProcFiles) {
    this.#files = files;
  }

  /** Those that lead from an address of the host into a namespace of a container. */
  find(homeOf: HomeOf): PublishedPort[] {
    const found = new Map([...this.#seen].filter(([, { port, netns }]) => homeOf(port.address) === netns));
    for (const port of parseConntrack(this.#read())) {
      const netns = homeOf(port.address);
      const ours = homeOf(port.hostAddress) === null || port.hostAddress.startsWith("127.");
      if (ours && typeof netns === "string") {
        found.set(Object.values(port).join(" "), { port, netns });
      }
    }
    this.#seen = found;
    return [...found.values()].map(({ port }) => port);
  }

  #read(): string {
    const count = Number(attempt(() => this.#files.read("sys/net/netfilter/nf_conntrack_count")) ?? "0");
    const tooMany = count > MOST_CONNECTIONS;
    const text = tooMany ? undefined : attempt(() => this.#files.read("net/nf_conntrack"));
    const there = count > 0 && text === undefined;
    const why = tooMany ? `the kernel keeps ${count} connections` : "that needs CAP_DAC_READ_SEARCH";
    this.notes = there ? [`ports of containers that the kernel publishes without a proxy are not known: ${why}`] : [];
    return text ?? "";
  }
}
