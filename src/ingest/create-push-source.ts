/** Makes the sources that are told by HTTP. */
import { join } from "node:path";
import type { PushConfig } from "../config/config-value.ts";
import type { SourceDeps } from "./create-source.ts";
import { PushSource } from "./push-source.ts";
import { siteSink } from "./site-sink.ts";

/** What such a source is given beside what all are. */
export interface PushDeps extends SourceDeps {
  /** Folder for what DOTM keeps. */
  readonly dataDir: string;
  /** The name under which the picture knows a host; its own where it knows none. */
  readonly nameOf: (host: string) => string;
}

/** Makes one; it takes nothing in before `start`. */
export function createPushSource({ name, site, token, staleAfter }: PushConfig, deps: PushDeps): PushSource {
  const file = join(deps.dataDir, "pushed", `${name}.json`);
  // At a site of its own a host is called as it is told.
  const nameOf = site === null ? deps.nameOf : (host: string) => host;
  return new PushSource({ ...deps, sink: siteSink(site, deps.sink), name, token, staleAfter, file, nameOf });
}
