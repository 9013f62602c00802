/** What the pages need of the rest; the daemon passes the real things, tests pass values. */

import type { Act, Actor, AuditEntry } from "../audit/audit-entry.ts";
import type { HostsEditor, SettingsEditor } from "../audit/audited.ts";
import type { NamedAddress } from "../impact/host-suggestions.ts";
import type { Logger } from "../logger.ts";
import type { AddressPlaces } from "../model/address-place.ts";
import type { Assumption } from "../model/assumption.ts";
import type { Impact } from "../model/impact.ts";
import type { ChangeFollower } from "../store/change-feed.ts";
import type { History } from "../store/history-reader.ts";
import type { MapReader } from "../store/map-reader.ts";
import type { TeamReader } from "../store/team.ts";
import type { Access } from "./caller.ts";

/** Everything `createApp` is handed. */
export interface AppDeps {
  readonly reader: MapReader;
  /** The past. */
  readonly history: History;
  readonly changes: ChangeFollower;
  /** Unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly settings: SettingsReader;
  /** Who may look and who may write. */
  readonly access: Access;
  /** Hosts that people added, to be asked for their report. */
  readonly hosts: Pick<HostsEditor, "list">;
  readonly audit: Audit;
  /** Where addresses lie, asked anew each time; undefined where no database is configured. */
  readonly addressPlaces?: (() => Promise<AddressPlaces>) | undefined;
  /** Hosts this machine knows by name. */
  readonly namedHosts: () => Promise<readonly NamedAddress[]>;
  readonly config: {
    /** Path the site lies under, begins and ends with `/`. */
    readonly basePath: string;
    /** Origins beside our own that may frame us. */
    readonly frameAncestors: readonly string[];
    /** Origins whose scripts may read the API; none unless said otherwise. */
    readonly corsOrigins?: readonly string[];
    readonly version: string;
  };
  /** The impact of a check, of a host (`check` null), or of what is assumed; undefined where neither is known. */
  readonly impactOf: (
    host: string,
    check: string | null,
    assumed: readonly Assumption[],
  ) => Promise<Impact | undefined>;
  /** Takes in an agent's report as it came, from who a certificate names, lower case. Never rejects. */
  readonly acceptReport: (
    raw: Buffer,
    headers: Readonly<Record<string, unknown>>,
    certified?: readonly string[],
  ) => Promise<ReportAnswer>;
  /** Whether who sends a report is known at all; of others nothing is kept. Everybody may be where this is not given. */
  readonly mayReport?: (headers: Readonly<Record<string, unknown>>, certified?: readonly string[]) => boolean;
  /** The same for pushes. */
  readonly mayPush?: (sender: Pick<AddressedPush, "authorization" | "isLocal">) => boolean;
  /** Told of a report that was refused unread, as it was too large. */
  readonly refusedLargeReport: () => void;
  /** Takes in what is pushed to a source. Never rejects. */
  readonly acceptPush: (push: AddressedPush) => Promise<ReportAnswer>;
  readonly readiness: () => Readiness | Promise<Readiness>;
  /** The queue of tasks, for `/metrics`. */
  readonly team: Pick<TeamReader, "queue">;
  /** What this process counts, for `/metrics`. */
  readonly figures: () => ProcessFigures;
}

/** Settings as they are looked at. */
export type SettingsReader = Pick<SettingsEditor, "inspect">;

/** What can be changed, in the hands of somebody: each change is written down. */
export interface Editing {
  readonly settings: SettingsEditor;
  readonly hosts: HostsEditor;
}

/** The audit log, and the only way to change anything. */
export interface Audit {
  readonly editing: (by: Actor) => Editing;
  /** Writes down what somebody may not. */
  readonly refused: (by: Actor, act: Pick<Act, "action" | "object">, reason: string) => void;
  /** The last entries, oldest first. */
  readonly recent: (most: number) => readonly AuditEntry[];
}

/** What somebody pushes, as it came. */
export interface AddressedPush {
  readonly format: "events" | "alertmanager";
  /** The source it is for; null where the address does not say. */
  readonly source: string | null;
  readonly raw: Buffer;
  readonly authorization: string | undefined;
  /** Whether a program on this machine sent it, and no web page. */
  readonly isLocal: boolean;
}

/** The answer to an agent or to a push. */
export interface ReportAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** What the serving process counts beside what the store says. */
export interface ProcessFigures {
  /** What the process does. */
  readonly roles: readonly string[];
  /** Whether its engine leads. */
  readonly leads: boolean;
  /** Reports taken in since the start, and those told again. */
  readonly reportsAccepted: number;
  readonly reportsRepeated: number;
  /** Reports refused since the start, by reason. */
  readonly reportsRefused: Readonly<Record<string, number>>;
  /** Connections refused since the start, as there were too many. */
  readonly socketsRefused: number;
  /** Answers given up since the start, as nobody read them. */
  readonly answersDropped: number;
  readonly storeConnected: boolean;
  /** Keys whose change waits to be written. */
  readonly storePendingKeys: number;
  /** Connections and listeners left out or forgotten before their time, as a host had too many, or too many new ones. */
  readonly connectionsForgotten: number;
  /** Unix seconds of the engine's last turn, 0 before the first and where it does not lead. */
  readonly lastTurn: number;
  /** Targets of `notify`, since this process leads. */
  readonly targets: readonly TargetFigures[];
  /** How late the event loop was since the figures were asked for last. */
  readonly loopLag: LoopLag;
  /** Undefined where the system does not tell. */
  readonly openFiles: OpenFiles | undefined;
}

/** How late an event loop was, seconds. */
export interface LoopLag {
  readonly p99: number;
  readonly max: number;
}

/** Files and sockets of a process, and how many it may have. */
export interface OpenFiles {
  readonly open: number;
  readonly most: number;
}

/** What was sent to one target of `notify`. */
export interface TargetFigures {
  readonly name: string;
  readonly sent: number;
  readonly dropped: number;
  readonly failures: number;
  readonly waiting: number;
}
