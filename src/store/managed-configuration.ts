/** The configuration of a server of our own: a socket that nobody else reaches, and an append-only file. */

/** The lines of redis.conf for a server that keeps its data in `folder` and listens at `socket`. */
export function managedConfiguration(folder: string, socket: string): string {
  return [
    "port 0",
    `unixsocket ${quoted(socket)}`,
    "unixsocketperm 700",
    `dir ${quoted(folder)}`,
    "daemonize no",
    'logfile ""',
    "appendonly yes",
    "appendfsync everysec",
    "aof-use-rdb-preamble yes",
    "auto-aof-rewrite-min-size 64mb",
    'save ""',
    "maxmemory-policy noeviction",
    "",
  ].join("\n");
}

/** A word of a Redis configuration. */
function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}
