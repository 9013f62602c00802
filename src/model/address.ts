/**
 * IP addresses as text: one spelling for each, what kind it is, and which networks hold it.
 * IPv6 is written with all eight groups (`2001:db8:0:0:0:0:0:1`), because Redis keys are split at `::`.
 */

/** Networks that can be asked whether they hold an address. */
export interface Networks {
  /** Whether an address, in any spelling, lies in one of the networks; false for anything that is no address. */
  has(address: string): boolean;
}

/** An address as 16-bit words, most significant first: two for IPv4, eight for IPv6. */
type Words = readonly number[];

interface Network {
  readonly words: Words;
  /** Bits that must agree. */
  readonly prefix: number;
}

const LOOPBACK = createNetworks(["127.0.0.0/8", "::1"]);
const LINK_LOCAL = createNetworks(["169.254.0.0/16", "fe80::/10"]);
const PRIVATE = createNetworks([
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
]);

/**
 * The one spelling of an IP address: IPv6 expanded, lower case, without leading zeros; v4-mapped as IPv4; zone id and
 * brackets gone. Undefined for anything that is no address, IPv4 parts with leading zeros included (some read them as
 * octal).
 */
export function normalizeAddress(text: string): string | undefined {
  if (isPlainIpv4(text)) {
    return text;
  }
  const words = wordsOf(text);
  return words === undefined ? undefined : written(words);
}

/** Whether an address is loopback: 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.has(address);
}

/**
 * Whom an address is counted as, where askers are: one of IPv6 as its network (`2001:db8:0:1::/64`), of whose addresses one
 * machine may take as many as it likes; every other text as itself.
 */
export function holderOf(address: string): string {
  const words = address.includes(":") && !isLoopback(address) ? wordsOf(address) : undefined;
  return words?.length === 8 ? `${written(words).split(":").slice(0, 4).join(":")}::/64` : address;
}

/** Whether an address stands for every address of the host: 0.0.0.0 or ::. */
export function isWildcard(address: string): boolean {
  return wordsOf(address)?.every((word) => word === 0) ?? false;
}

/** Whether an address is valid on one link only: 169.254.0.0/16 or fe80::/10. */
export function isLinkLocal(address: string): boolean {
  return LINK_LOCAL.has(address);
}

/** Whether an address is private (RFC 1918, RFC 4193, RFC 6598) or link-local. */
export function isPrivate(address: string): boolean {
  return PRIVATE.has(address);
}

/** Whether a text is a network: an address, with or without `/` and the length of its prefix. */
export function isNetwork(text: string): boolean {
  return networkOf(text) !== undefined;
}

/** Networks from CIDR texts; a bare address is a network of one. Texts that are no network are left out. */
export function createNetworks(cidrs: readonly string[]): Networks {
  const networks: Network[] = [];
  for (const cidr of cidrs) {
    const network = networkOf(cidr);
    if (network !== undefined) {
      networks.push(network);
    }
  }
  return {
    has(address) {
      const words = wordsOf(address);
      return words !== undefined && networks.some((network) => holds(network, words));
    },
  };
}

/** The dot, counted from the digit 0 as digits are. */
const DOT = 46 - 48;

function networkOf(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = groupsOf(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) {
    return undefined;
  }
  const bits = address.length * 16;
  const prefix = slash < 0 ? bits : decimal(text.slice(slash + 1), bits);
  if (prefix === undefined) {
    return undefined;
  }
  const mapped = prefix >= 96 && isMapped(address);
  return mapped ? { words: address.slice(6), prefix: prefix - 96 } : { words: address, prefix };
}

function holds({ words, prefix }: Network, address: Words): boolean {
  if (words.length !== address.length) {
    return false;
  }
  const whole = prefix >> 4;
  for (let i = 0; i < whole; i++) {
    if (words[i] !== address[i]) {
      return false;
    }
  }
  const rest = 16 - (prefix & 15);
  return rest === 16 || (words[whole] ?? 0) >> rest === (address[whole] ?? 0) >> rest;
}

/** Words of an address, v4-mapped ones as IPv4. */
function wordsOf(text: string): Words | undefined {
  const groups = groupsOf(text);
  return groups !== undefined && isMapped(groups) ? groups.slice(6) : groups;
}

function groupsOf(text: string): Words | undefined {
  // Longest spelling: brackets, eight groups with an IPv4 tail, and a zone; anything longer is no address.
  if (text.length > 128) {
    return undefined;
  }
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const zone = bare.indexOf("%");
  const plain = zone > 0 ? bare.slice(0, zone) : bare;
  return plain.includes(":") ? ipv6Words(plain) : ipv4Words(plain);
}

/** Whether a text is an IPv4 address in the one spelling it has. Nothing is built: every row of every report has two. */
function isPlainIpv4(text: string): boolean {
  let parts = 1;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && value !== 0 && value < 256) {
      value = value < 0 ? digit : value * 10 + digit;
    } else if (digit === DOT && value >= 0 && value < 256) {
      parts += 1;
      value = -1;
    } else {
      return false;
    }
  }
  return parts === 4 && value >= 0 && value < 256;
}

/** Read digit by digit, as isPlainIpv4 is. */
function ipv4Words(text: string): Words | undefined {
  const bytes: number[] = [];
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && value !== 0) {
      value = value < 0 ? digit : value * 10 + digit;
    } else if (text[i] === ".") {
      bytes.push(value);
      value = -1;
    } else {
      return undefined;
    }
  }
  bytes.push(value);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const right = bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255);
  return right ? [a * 256 + b, c * 256 + d] : undefined;
}

function ipv6Words(text: string): Words | undefined {
  const gap = text.indexOf("::");
  if (gap < 0) {
    const groups = hexGroups(text, true);
    return groups?.length === 8 ? groups : undefined;
  }
  const left = hexGroups(text.slice(0, gap), false);
  const right = hexGroups(text.slice(gap + 2), true);
  if (left === undefined || right === undefined || left.length + right.length > 7) {
    return undefined;
  }
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** Groups between colons; the last one may be an IPv4 address where `dotted` allows it. */
function hexGroups(text: string, dotted: boolean): number[] | undefined {
  if (text === "") {
    return [];
  }
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    const tail = dotted && i === parts.length - 1 && part.includes(".") ? ipv4Words(part) : undefined;
    if (tail !== undefined) {
      groups.push(...tail);
    } else if (/^[\da-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function decimal(text: string, highest: number): number | undefined {
  const value = /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : Number.NaN;
  return value <= highest ? value : undefined;
}

function isMapped(words: Words): boolean {
  return words.length === 8 && words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0);
}

function written(words: Words): string {
  if (words.length === 8) {
    return words.map((word) => word.toString(16)).join(":");
  }
  return words.map((word) => `${word >> 8}.${word & 255}`).join(".");
}
