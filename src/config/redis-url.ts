/** Where Redis is as one text, however it was written: sentinels and clusters become URLs, too. */

/** The part `redis` of a configuration, as far as it says where Redis is. */
export interface WrittenRedis {
  readonly url?: string | undefined;
  readonly sentinel?: { readonly name: string; readonly hosts: readonly string[]; readonly db?: number } | undefined;
  readonly cluster?: readonly string[] | undefined;
  readonly ca_file?: string | undefined;
}

/** The URL; null where none is named. */
export function redisUrl({ url, sentinel, cluster, ca_file: ca }: WrittenRedis): string | null {
  const scheme = ca === undefined ? "redis" : "rediss";
  if (sentinel !== undefined) {
    const { name, hosts, db = 0 } = sentinel;
    return `${scheme}-sentinel://${hosts.join(",")}/${encodeURIComponent(name)}${db === 0 ? "" : `/${db}`}`;
  }
  return cluster === undefined ? (url ?? null) : `${scheme}-cluster://${cluster.join(",")}`;
}
