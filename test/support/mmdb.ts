/** Writes tiny databases in MaxMind's format, version 2.0: a tree over the bits of IPv4 addresses, and what it leads to. */

/** What a record may hold. */
export type MmdbValue = string | number | { readonly [name: string]: MmdbValue };

/** The database of `networks` (`203.0.113.0/24` and what is known of it); later ones win. */
export function writeMmdb(networks: Readonly<Record<string, MmdbValue>>, databaseType = "GeoLite2-City"): Buffer {
  const nodes: [Leaf, Leaf][] = [[EMPTY, EMPTY]];
  const data: Buffer[] = [];
  let length = 0;
  for (const [network, value] of Object.entries(networks)) {
    const record = encode(value);
    place(nodes, network, { data: length });
    data.push(record);
    length += record.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, sides] of nodes.entries()) {
    for (const [side, leaf] of sides.entries()) {
      tree.writeUIntBE(recordOf(leaf, nodes.length), index * 6 + side * 3, 3);
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_795_000_000,
    database_type: databaseType,
    ip_version: 4,
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"), metadata]);
}

/** Another node, a place in the data, or nothing. */
type Leaf = { readonly node: number } | { readonly data: number } | null;

const EMPTY: Leaf = null;

function place(nodes: [Leaf, Leaf][], network: string, leaf: Leaf): void {
  const [address = "", bits = "32"] = network.split("/");
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  let at = 0;
  for (let bit = 0; bit < Number(bits); bit += 1) {
    const side = Math.floor(number / 2 ** (31 - bit)) % 2;
    const sides = nodes[at] ?? [EMPTY, EMPTY];
    const next = sides[side] ?? null;
    if (bit === Number(bits) - 1) {
      sides[side] = leaf;
    } else if (next !== null && "node" in next) {
      at = next.node;
    } else {
      nodes.push([EMPTY, EMPTY]);
      sides[side] = { node: nodes.length - 1 };
      at = nodes.length - 1;
    }
  }
}

function recordOf(leaf: Leaf, count: number): number {
  if (leaf === null) {
    return count;
  }
  return "node" in leaf ? leaf.node : count + 16 + leaf.data;
}

/** A string (type 2), a whole number (6), another one (double, 3) or a map (7). */
function encode(value: MmdbValue): Buffer {
  if (typeof value === "string") {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (typeof value === "object") {
    const entries = Object.entries(value);
    return Buffer.concat([
      control(7, entries.length),
      ...entries.flatMap(([name, each]) => [encode(name), encode(each)]),
    ]);
  }
  const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
  Number.isInteger(value) ? bytes.writeUInt32BE(value) : bytes.writeDoubleBE(value);
  return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes]);
}

/** Type in three bits, size in five; strings of up to 284 bytes. */
function control(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29]);
}
