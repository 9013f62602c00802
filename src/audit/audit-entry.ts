/** One line of the audit log: who changed what, from where, or tried to. */

/** Who acts. */
export interface Actor {
  /** Name of the token, the user or the account; empty for a stranger. */
  readonly who: string;
  /** What they may; null where the system's own rights decide, as at a command line. */
  readonly role: string | null;
  /** `token`, `proxy`, `htpasswd`, `loopback`, `command line`, `signal`; null for a stranger. */
  readonly how: string | null;
  /** Address, or name of the machine. */
  readonly from: string;
}

/** What is done; `old` and `new` are null where there is nothing before or after. Secrets are `***`. */
export interface Act {
  /** `set`, `add`, `remove`, `replace`, `reload`, or for what was refused the method of the request. */
  readonly action: string;
  /** `setting aging`, `token ann`, `host db01`, or for what was refused the path of the request. */
  readonly object: string;
  readonly old: Told;
  readonly new: Told;
}

/** A value as it is told: a text, or fields with theirs. */
export type Told = string | Readonly<Record<string, string>> | null;

/** `done`: written down before it is done; `failed`: what was written down as done was not; `refused`: who asked may not. */
export type Result = "done" | "failed" | "refused";

/** A line. */
export interface AuditEntry extends Actor, Act {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly result: Result;
  /** Why it failed or was refused; null for what is done. */
  readonly reason: string | null;
  /** Refusals that were not written down since the one before, as they were too many. */
  readonly leftOut: number;
}

/** Characters of one text; what is longer is cut. */
const LONGEST = 1_024;

/** Fields told of one value. */
const MOST_FIELDS = 50;

/** A text short enough for a line. */
export function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Fields as they are told; null for none. */
export function toldFields(fields: ReadonlyMap<string, string>): Told {
  if (fields.size === 0) {
    return null;
  }
  const told = [...fields].slice(0, MOST_FIELDS).map(([field, value]) => [shortened(field), shortened(value)] as const);
  const more = fields.size - told.length;
  return Object.fromEntries(more > 0 ? [...told, ["…", `${more} more`]] : told);
}
