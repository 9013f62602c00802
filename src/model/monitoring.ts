/**
 * What a source of monitoring states says. Made by `nagios/` and `ingest`, read by the engine.
 * All times are Unix seconds, fractions allowed; 0 means never.
 */
import type { MonitoringComment, MonitoringDowntime } from "./monitoring-notes.ts";
import type { Acknowledgement, State, StateType } from "./state.ts";

/** The state of one host (`check` null) or one service check, as the source tells it. */
export interface CheckStatus {
  readonly host: string;
  /** Service description, or null for the host itself. */
  readonly check: string | null;
  readonly state: State;
  readonly stateType: StateType;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly lastCheck: number;
  readonly lastChange: number;
  readonly lastHardChange: number;
  /** First line of the plugin's output. */
  readonly output: string;
  /** Further lines, with real line feeds. */
  readonly longOutput: string;
  readonly acknowledgement: Acknowledgement;
  /** Own depth only; the host's counts for its services, which the engine adds. */
  readonly downtimeDepth: number;
  readonly flapping: boolean;
  /** Seconds expected between two results; 0 where unknown (then never stale by age). */
  readonly interval: number;
  /** Check command with its arguments, `!` separated, or null where the source does not know it. */
  readonly command: string | null;
  /** False where Nagios itself says the host cannot be reached. */
  readonly reachable: boolean;
  /** Whether the monitoring checks it by itself; false where it waits for results that others send. */
  readonly active: boolean;
}

/** What the configuration of the monitoring says of a host (objects.cache, Icinga objects). */
export interface MonitoredHost {
  readonly host: string;
  readonly alias: string;
  readonly address: string;
  /** Hosts on the path from the monitoring server; not an application dependency. */
  readonly parents: readonly string[];
  readonly groups: readonly string[];
  /** Link of the host, macros unexpanded; empty where it has none. */
  readonly actionUrl: string;
  /** Custom variables, names as the monitoring writes them without a leading underscore. */
  readonly customVariables: ReadonlyMap<string, string>;
}

/** What the configuration of the monitoring says of a service check beyond its command, which its status carries. */
export interface MonitoredCheck {
  readonly host: string;
  readonly check: string;
  /** Service groups. */
  readonly groups: readonly string[];
  /** Link of the check, macros unexpanded; empty where it has none. */
  readonly actionUrl: string;
  readonly customVariables: ReadonlyMap<string, string>;
}

/** States of one source; `full` replaces all it said before, else only what is listed changed. */
export interface StatesObserved {
  readonly kind: "states";
  readonly source: string;
  readonly full: boolean;
  /** When the source wrote this. */
  readonly asOf: number;
  readonly statuses: readonly CheckStatus[];
  /** Objects no longer there; empty where `full`. */
  readonly gone: readonly { readonly host: string; readonly check: string | null }[];
}

/** The configuration of one source; replaces what it said before. */
export interface ObjectsObserved {
  readonly kind: "objects";
  readonly source: string;
  readonly hosts: readonly MonitoredHost[];
  /** Checks that have a group, a link or a custom variable; the others need no word. */
  readonly checks: readonly MonitoredCheck[];
}

/** All comments and downtimes of one source; replaces what it said before. */
export interface NotesObserved {
  readonly kind: "notes";
  readonly source: string;
  readonly comments: readonly MonitoringComment[];
  readonly downtimes: readonly MonitoringDowntime[];
}

/** How a source is: sent at every attempt, good or bad. */
export interface SourceHealth {
  readonly kind: "health";
  readonly source: string;
  /** `status-file`, `livestatus`, … */
  readonly type: string;
  readonly ok: boolean;
  /** Cause and next step where not ok, else null. */
  readonly error: string | null;
  /** What is wrong although it works, with the next step; absent where nothing is. */
  readonly warning?: string;
  /** When the source last wrote what we hold, 0 before the first time. */
  readonly asOf: number;
  /** Seconds after `asOf` from which what we hold counts as stale. */
  readonly staleAfter: number;
  readonly hosts: number;
  readonly checks: number;
  /** Seconds between the newest thing it told and our taking it in. */
  readonly lag: number;
  /** Failed attempts since DOTM was started. */
  readonly errors: number;
  /** How often something was wrong with what it said or with asking it, by reason, since DOTM was started; absent: never. */
  readonly reasons?: Readonly<Record<string, number>>;
}

/** Anything a monitoring source can say. */
export type SourceObservation = StatesObserved | ObjectsObserved | NotesObserved | SourceHealth;
