/** What a daemon of a test's own is told: loopback, a port the system chooses, everything in one folder, no source. */
import { join } from "node:path";
import type { Config } from "../../src/config/config-value.ts";
import { Secret } from "../../src/config/secret.ts";
import type { StoreOptions } from "../../src/store/store-place.ts";

/** The configuration of a daemon that keeps all it has in `folder` and uses the given store. */
export function daemonConfig(folder: string, store: StoreOptions, parts: Partial<Config> = {}): Config {
  const password = store.password === undefined ? null : new Secret(store.password);
  return {
    dataDir: folder,
    roles: ["engine", "collector", "web"],
    redis: { url: store.url ?? `unix:${store.socket}`, username: null, password, sentinelPassword: null, caFile: null },
    web: {
      listen: { host: "127.0.0.1", port: 0 },
      hosts: [],
      basePath: "/",
      frameAncestors: [],
      corsOrigins: [],
      geoDatabase: null,
    },
    sources: [],
    agents: {
      auth: "none",
      tokensFile: join(folder, "tokens.json"),
      spoolDir: null,
      interval: 60,
      pull: [],
      listen: null,
    },
    auth: { read: "everybody", tokensFile: join(folder, "user-tokens.json"), proxy: null },
    topology: { dependencies: [], exclude: [], groups: [] },
    notify: { base: "", interval: 60, ttl: 300, targets: [] },
    log: { level: "silent", format: "auto" },
    ...parts,
  };
}
