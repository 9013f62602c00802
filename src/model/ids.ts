/**
 * Ids of services, processes and problems: made and taken apart here only.
 *
 * service `HOST:PORT` (tcp) or `HOST:PORT/udp`; process `HOST/NAME`, with `@UNIT` or `@CONTAINER` where two of one
 * name exist on the host. A host named by an IPv6 address stands in brackets. Where sites stay apart a host is `SITE!HOST`.
 */

/** Transport protocols of services. */
export type Protocol = "tcp" | "udp";

/** A port as ids and keys write it: `3306`, `53/udp`, or `high` for ephemeral ports without a known listener. */
export type PortName = string;

/** The check name that stands for the host itself in keys and URLs. */
export const HOST_CHECK = "_HOST_";

/** The pseudo host that stands for every address outside the internal networks. */
export const INTERNET = "Internet";

/** What an id says. `name` is the process name without its owner, `owner` the systemd unit or container. */
export type ParsedId =
  | { readonly kind: "service"; readonly host: string; readonly port: PortName }
  | { readonly kind: "process"; readonly host: string; readonly name: string };

/** Name of a port: `80`, `53/udp`, `high`. */
export function portName(protocol: Protocol, port: number | "high"): PortName {
  return protocol === "udp" ? `${port}/udp` : `${port}`;
}

/** The number of a port name, or null for `high`. */
export function portNumber(port: PortName): number | null {
  const digits = /^\d+/.exec(port)?.[0];
  return digits === undefined ? null : Number(digits);
}

/** Id of the service at a host's port. */
export function serviceId(host: string, port: PortName): string {
  return `${bracketed(host)}:${port}`;
}

/** Id of a process of a host; `name` carries its `@owner` already where it needs one. */
export function processId(host: string, name: string): string {
  return `${bracketed(host)}/${name}`;
}

/** Takes an id apart; undefined where it is none. */
export function parseId(id: string): ParsedId | undefined {
  const bracket = /^((?:[^![\]]*!)?)\[([^\]]+)\]([:/])(.+)$/s.exec(id);
  if (bracket !== null) {
    const host = `${bracket[1]}${bracket[2]}`;
    return bracket[3] === "/" ? processOf(host, bracket[4] ?? "") : serviceOf(host, bracket[4] ?? "");
  }
  const slash = id.indexOf("/");
  const colon = id.indexOf(":");
  if (colon > 0 && (slash < 0 || colon < slash)) {
    return serviceOf(id.slice(0, colon), id.slice(colon + 1));
  }
  return slash > 0 ? processOf(id.slice(0, slash), id.slice(slash + 1)) : undefined;
}

/** The name of a host of a site, `SITE!HOST`: `!` is illegal in names of the monitoring. */
export function atSite(site: string, host: string): string {
  return `${site}!${host}`;
}

/** A host's own name without its site. */
export function withoutSite(host: string): string {
  return host.slice(host.indexOf("!") + 1);
}

/** What the monitoring of a site calls a host, null meaning those of no site; undefined where the host is another's. */
export function nameAtSite(site: string | null, host: string): string | undefined {
  const own = withoutSite(host);
  return host === (site === null ? own : atSite(site, own)) ? own : undefined;
}

/** `db01 / MySQL`, or the host alone: how people are told of a check or a host. */
export function titleOf({ host, check }: { readonly host: string; readonly check: string | null }): string {
  return check === null ? host : `${host} / ${check}`;
}

/** `HOST/CHECK`, as the one line of a plugin has it, where room is short. */
export function shortTitle({ host, check }: { readonly host: string; readonly check: string | null }): string {
  return check === null ? host : `${host}/${check}`;
}

/** The key of one problem or check in maps: host and check, `null` for the host itself. */
export function checkKey(host: string, check: string | null): string {
  return `${host}::${check ?? HOST_CHECK}`;
}

function bracketed(host: string): string {
  const name = withoutSite(host);
  return name.includes(":") ? `${host.slice(0, host.length - name.length)}[${name}]` : host;
}

function serviceOf(host: string, port: string): ParsedId | undefined {
  return /^(?:\d{1,5}|high)(?:\/udp)?$/.test(port) ? { kind: "service", host, port } : undefined;
}

function processOf(host: string, name: string): ParsedId | undefined {
  return name === "" ? undefined : { kind: "process", host, name };
}
