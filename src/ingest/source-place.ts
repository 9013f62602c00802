/** What a person means who names a file or a server: the configuration of a source for it, or a file to be read. */
import { statSync } from "node:fs";
import { sourceConfig, sourceSchema } from "../config/sources.ts";
import { DotmError } from "../errors.ts";
import type { AskedConfig } from "./create-source.ts";

/** What may be said beside the place; named as in `dotm.yaml`. */
export interface PlaceKeys {
  readonly user?: string;
  readonly password_file?: string;
  readonly ca_file?: string;
  readonly servername?: string;
  readonly format?: string;
  readonly timezone?: string;
}

/** A server that is asked, or a file that is read. */
export type SourcePlace =
  | { readonly kind: "server"; readonly config: AskedConfig }
  | { readonly kind: "file"; readonly path: string };

const NEXT =
  "Give a file, or https://HOST:5665 (Icinga 2), http://HOST/nagios4/cgi-bin (CGIs), unix:/PATH or tcp://HOST:PORT " +
  "(Livestatus; tls://HOST:PORT where it is encrypted), or nagios.cfg.";

/**
 * The place that `text` names; `locate` makes paths absolute.
 * @throws DotmError DOTM_USAGE where it is no place, DOTM_CONFIG_INVALID where a secret's file cannot be used
 */
export function sourcePlace(text: string, keys: PlaceKeys, locate: (path: string) => string): SourcePlace {
  const written = writtenSource(text, keys, locate);
  if (written === undefined) {
    return { kind: "file", path: locate(text) };
  }
  const checked = sourceSchema.safeParse({ name: "trial", ...written });
  if (!checked.success) {
    const cause = checked.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");
    throw new DotmError("DOTM_USAGE", `"${text}" cannot be asked: ${cause}`, NEXT);
  }
  const config = sourceConfig(checked.data, (_, path) => locate(path));
  if (config.type === "push") {
    throw new DotmError("DOTM_USAGE", `"${text}" cannot be asked`, NEXT);
  }
  return { kind: "server", config };
}

function writtenSource(text: string, keys: PlaceKeys, locate: (path: string) => string): object | undefined {
  const { user, password_file, ca_file, servername, format, timezone } = keys;
  const login = given({ user, password_file, ca_file });
  if (/^https?:\/\/[^/]+\/.*cgi/i.test(text)) {
    const url = text.replace(/\/[\w-]+\.cgi(?:\?.*)?$/, "");
    return { type: "cgi", url, ...login, ...given({ format, timezone }) };
  }
  if (/^https?:\/\//.test(text)) {
    return { type: "icinga2", url: text.replace(/\/v1\/?$/, ""), ...login, ...given({ servername }) };
  }
  const network = /^(tcp|tls|livestatus):\/\/(.+?)\/?$/.exec(text);
  if (network !== null) {
    const tls = network[1] === "tls" ? { tls: true, ...given({ ca_file, servername }) } : {};
    return { type: "livestatus", address: network[2], ...tls };
  }
  if (text.startsWith("unix:") || isSocket(locate(text))) {
    return { type: "livestatus", socket: text.replace(/^unix:(?:\/\/)?/, "") };
  }
  return /\.cfg$/.test(text) ? { type: "nagios", config: text } : undefined;
}

/** Only the keys that have a value. */
function given(keys: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}
