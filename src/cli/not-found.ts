/** "Not found" for hosts, checks and ids, with what was probably meant and what to type next. */
import { DotmError } from "../errors.ts";
import type { Assumption } from "../model/assumption.ts";
import { parseId } from "../model/ids.ts";
import { nearest } from "../nearest.ts";
import type { MapReader } from "../store/map-reader.ts";
import { shellWord } from "./words.ts";

type Names = Pick<MapReader, "nodes" | "serviceChecks" | "graphs">;

/** The error for a host, or a check of it, that is not in the picture; `command` is the one to try again. */
export async function unknownProblem(
  reader: Names,
  host: string,
  check: string | null,
  program: string,
  command = "impact",
): Promise<DotmError> {
  const hosts = await reader.nodes();
  if (!hosts.includes(host)) {
    return unknownHost(
      host,
      hosts,
      program,
      (name) => `${command} ${shellWord(name)}${check === null ? "" : ` ${shellWord(check)}`}`,
    );
  }
  const checks = (await reader.serviceChecks(host)).map(({ service }) => service);
  const near = nearest(check ?? "", checks);
  const known = checks.length === 0 ? "The monitoring knows no service check of it." : `Its checks: ${listed(checks)}.`;
  const meant = near.length === 0 ? known : `Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  const next = `Try: ${program} ${command} ${shellWord(host)}${near[0] === undefined ? "" : ` ${shellWord(near[0])}`}`;
  return new DotmError("DOTM_NOT_FOUND", `Host ${host} has no check "${check}". ${meant}`, next);
}

/** The error for a host that is not in the picture; `command` makes the command for the name that was meant. */
export function unknownHost(
  host: string,
  hosts: readonly string[],
  program: string,
  command: (name: string) => string,
): DotmError {
  if (hosts.length === 0) {
    const text = `Host ${host} is not known; no host is, so neither an agent nor a source has reported yet.`;
    return new DotmError("DOTM_NOT_FOUND", text, `See: ${program} get sources`);
  }
  const near = nearest(host, hosts);
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  const next = near[0] === undefined ? `See: ${program} get nodes` : `Try: ${program} ${command(near[0])}`;
  return new DotmError("DOTM_NOT_FOUND", `Host ${host} is not known.${meant}`, next);
}

/** Rejects where an id or host of which something is assumed is not in the picture. */
export async function expectKnown(reader: Names, assumed: readonly Assumption[], program: string): Promise<void> {
  for (const { verb, id } of assumed) {
    await expectId(reader, id, program, (name) => `what-if ${verb}:${shellWord(name)}`);
  }
}

/** Rejects where an id, or a host, is not in the picture; `command` makes the command for the name that was meant. */
export async function expectId(
  reader: Names,
  id: string,
  program: string,
  command: (name: string) => string,
): Promise<void> {
  const host = parseId(id)?.host ?? id;
  const graph = (await reader.graphs([host])).get(host);
  if (graph === undefined) {
    throw unknownHost(host, await reader.nodes(), program, command);
  }
  const known = graph.nodes.map((node) => node.id);
  if (host !== id && !known.includes(id)) {
    throw unknownId(id, host, known, program, command);
  }
}

function unknownId(
  id: string,
  host: string,
  known: readonly string[],
  program: string,
  command: (name: string) => string,
): DotmError {
  const near = nearest(id, known);
  const meant = near.length === 0 ? `Known there: ${listed(known)}.` : `Did you mean ${near.join(" or ")}?`;
  const next =
    near[0] === undefined ? `See: ${program} get services ${shellWord(host)}` : `Try: ${program} ${command(near[0])}`;
  return new DotmError("DOTM_NOT_FOUND", `${id} is not known. ${meant}`, next);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown || "nothing";
}
