/** What of a report is left out, and what owners of sockets are called. */
import type { Owner } from "../model/host-report.ts";

/** What folding needs to know of the rest. */
export interface Folding {
  /** Whether an address is one of every host's own. */
  readonly isLoopback: (address: string) => boolean;
  /** Whether an address belongs to our networks or to a known host. */
  readonly isOurs: (address: string) => boolean;
  /** Whether a service port is ignored (`service_port_whitelist`). */
  readonly ignoresPort: (port: number) => boolean;
  /** Whether a process is ignored (`service_name_whitelist`). */
  readonly ignoresProcess: (name: string) => boolean;
}

/** Process name and owner of a socket: a container tells more than a unit, a login session tells nothing. */
export function nameOwner(owner: Owner): { process: string | null; owner: string | null } {
  const unit = owner.unit !== null && !/^(session-|user-|user@|init\.scope)/.test(owner.unit) ? owner.unit : null;
  const process = owner.process ?? unit?.replace(/\.(service|scope|socket)$/, "") ?? null;
  return { process, owner: owner.container ?? unit };
}

/** Whether an owner is left out. */
export function ignored(owner: Owner, folding: Folding): boolean {
  const { process } = nameOwner(owner);
  return process !== null && folding.ignoresProcess(process);
}
