/** Everything Redis holds, read as a stranger would: by SCAN and TYPE, knowing nothing of ours. */
import type { Redis } from "ioredis";

/** One key. */
export interface StoredKey {
  readonly type: string;
  /** Text, list, hash as an object in order of its fields, sorted members, members with scores, entries of a stream; bytes as base64. */
  readonly value: unknown;
  /** Seconds to live, -1 for ever. */
  readonly ttl: number;
}

/** All keys of some servers, by name. */
export async function keyspace(servers: readonly Redis[]): Promise<Map<string, StoredKey>> {
  const all = new Map<string, StoredKey>();
  for (const server of servers) {
    for await (const names of server.scanStream({ count: 500 })) {
      for (const key of names as string[]) {
        all.set(key, await stored(server, key));
      }
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function stored(server: Redis, key: string): Promise<StoredKey> {
  const [type, ttl] = [await server.type(key), await server.ttl(key)];
  const read = READ[type];
  return { type, ttl, value: read === undefined ? undefined : await read(server, key) };
}

const READ: Readonly<Record<string, (server: Redis, key: string) => Promise<unknown>>> = {
  string: async (server, key) => {
    const bytes = (await server.getBuffer(key)) ?? Buffer.alloc(0);
    return bytes[0] === 0x1f ? bytes.toString("base64") : bytes.toString();
  },
  list: (server, key) => server.lrange(key, 0, -1),
  hash: async (server, key) => Object.fromEntries(Object.entries(await server.hgetall(key)).sort()),
  set: async (server, key) => (await server.smembers(key)).sort(),
  zset: (server, key) => server.zrange(key, "0", "-1", "WITHSCORES"),
  stream: (server, key) => server.xrange(key, "-", "+"),
};
