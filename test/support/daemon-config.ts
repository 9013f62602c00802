/** What a daemon of a test's own is told: loopback, a port the system chooses, everything in one folder, no source. */
import { join } from "node:path";
import type { Config } from "../../src/config/config-value.ts";
import { Secret } from "../../src/config/secret.ts";
import { configFrom } from "../../src/config.ts";
import type { StoreOptions } from "../../src/store/store-place.ts";

/** The configuration of a daemon that keeps all it has in `folder` and uses the given store; pages are at `port`. */
export function daemonConfig(
  folder: string,
  store: StoreOptions,
  { port = 0, ...parts }: Partial<Config> & { readonly port?: number } = {},
): Config {
  const password = store.password === undefined ? null : new Secret(store.password);
  const config = configFrom({
    data_dir: folder,
    roles: ["engine", "collector", "web"],
    web: { listen: `127.0.0.1:${port}` },
    agents: { auth: "none", tokens_file: join(folder, "tokens.json") },
    auth: { read: "everybody", tokens_file: join(folder, "user-tokens.json") },
    log: { level: "silent" },
  });
  const url = store.url ?? `unix:${store.socket}`;
  return { ...config, redis: { ...config.redis, url, password }, ...parts };
}
