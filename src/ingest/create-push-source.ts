/** Makes the sources that are told by HTTP. */
import { join } from "node:path";
import type { PushConfig } from "../config/config-value.ts";
import type { SourceDeps } from "./create-source.ts";
import type { HostNaming } from "./picture-names.ts";
import { type PushedCopy, PushSource } from "./push-source.ts";
import { siteSink } from "./site-sink.ts";

/** What such a source is given beside what all are. */
export interface PushDeps extends SourceDeps {
  /** Folder for what DOTM keeps. */
  readonly dataDir: string;
  readonly naming: HostNaming;
  /** Where the source of that name keeps what it was told for the next leader. */
  readonly copyOf?: (source: string) => PushedCopy;
}

/** At a site of its own a host is called as it is told. */
const AS_TOLD: HostNaming = { nameOf: (host) => host, namedBy: () => null };

/** Makes one; it takes nothing in before `start`. */
export function createPushSource({ name, site, token, staleAfter }: PushConfig, deps: PushDeps): PushSource {
  const file = join(deps.dataDir, "pushed", `${name}.json`);
  const naming = site === null ? deps.naming : AS_TOLD;
  const copy = deps.copyOf === undefined ? {} : { copy: deps.copyOf(name) };
  return new PushSource({ ...deps, sink: siteSink(site, deps.sink), name, token, staleAfter, file, naming, ...copy });
}
