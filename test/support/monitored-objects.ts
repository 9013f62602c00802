/** Hosts and service checks as the tests' own Nagios and Icinga 2 are told to watch them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A host of the configuration. Without `check` nothing but a passive result ends its being PENDING. */
export interface SiteHost {
  readonly name: string;
  readonly address?: string;
  readonly alias?: string;
  readonly parents?: readonly string[];
  readonly groups?: readonly string[];
  /** `check_command` with arguments, `!` separated. */
  readonly check?: string;
  readonly actionUrl?: string;
  /** Custom variables; Nagios writes their names in capitals. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A service check of the configuration. */
export interface SiteService {
  readonly host: string;
  readonly name: string;
  /**
   * `check_command` with arguments, `!` separated: `check_tcp!PORT`, or `check_state!FILE` (see `writeState`).
   * Without it only passive results come.
   */
  readonly check?: string;
  /** Attempts until HARD; 1 unless said otherwise. */
  readonly attempts?: number;
  readonly groups?: readonly string[];
  readonly actionUrl?: string;
  /** Whether the server looks for flapping. */
  readonly flapDetection?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A plugin that answers with a file's content: exit code in its first line, output after it. */
export const CHECK_STATE = `#!/bin/sh
[ -r "$1" ] || { echo "no state file $1"; exit 3; }
read -r code < "$1"
tail -n +2 "$1"
exit "$code"
`;

/** Writes what `check_state!FILE` answers: exit code and output. */
export function writeState(folder: string, file: string, code: number, output: string): void {
  writeFileSync(join(folder, "state", file), `${code}\n${output}\n`);
}
