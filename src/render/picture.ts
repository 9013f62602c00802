/**
 * What a picture shows, before anything has a place or a colour: boxes of hosts, in them units, in them rows, and the
 * edges between them. Made by `select-picture.ts`, read by the layout, the SVG and the text exports.
 */
import type { Certainty, Degree } from "../model/impact.ts";
import type { Handling, HostState, State, StateType } from "../model/state.ts";

/** One drawn line: a service, or a process without one. */
export interface PictureRow {
  /** Id of the service or process; of the first of them where several equal ones are folded. */
  readonly id: string;
  readonly host: string;
  /** `:3306 mysqld`, `php-fpm`. */
  readonly label: string;
  readonly ownState: State | null;
  readonly stateType: StateType | null;
  readonly handling: Handling;
  /** What its dependencies do to it. */
  readonly degree: Degree | null;
  /** State that reaches it over its dependencies, null where none. */
  readonly propagatedState: State | null;
  /** Whether the problem asked about broke it. */
  readonly failed: boolean;
  /** Whether the picture is about it. */
  readonly focus: boolean;
  /** Not seen for longer than the setting `aging`. */
  readonly old: boolean;
  readonly checks: readonly string[];
  /** Number of equal ones this row stands for. */
  readonly times: number;
  /** In how many of them something is wrong; absent where all of them look the same. */
  readonly troubled?: number;
}

/** A process with the services it holds: its rows are glued together, and its own dependencies leave from all of them. */
export interface PictureUnit {
  readonly id: string;
  readonly rows: readonly PictureRow[];
}

/** `host` is known to the monitoring or to an agent; `outside` is only spoken of by others; `fold` stands for several equal hosts. */
export type BoxKind = "host" | "outside" | "internet" | "fold";

/** A host, or several equal ones. */
export interface PictureBox {
  readonly id: string;
  readonly kind: BoxKind;
  readonly title: string;
  /** Names of the hosts it stands for. */
  readonly hosts: readonly string[];
  readonly state: HostState | null;
  readonly handling: Handling;
  readonly agent: "fresh" | "stale" | "none";
  readonly units: readonly PictureUnit[];
  /** Services and processes of the host that are not drawn. */
  readonly hidden: number;
  readonly focus: boolean;
}

/** A dependency: `from`, a unit, needs `to`, a row or a unit. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly certainty: Certainty;
  /** Connections now. */
  readonly count: number;
  /** Unix seconds. */
  readonly lastSeen: number;
  /** How hard trouble travels over it, null where none does. */
  readonly hit: Degree | null;
  /** Path of the Unix socket it runs over, null for a network connection. */
  readonly over: string | null;
}

/** The whole picture. Boxes, units and edges are sorted by id, so that equal input gives equal pictures. */
export interface Picture {
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  /** What is not drawn and why, one sentence each. */
  readonly notes: readonly string[];
}

/** All rows of a picture with their box. */
export function* rowsOf(picture: Picture): Generator<{ readonly row: PictureRow; readonly box: PictureBox }> {
  for (const box of picture.boxes) {
    for (const unit of box.units) {
      for (const row of unit.rows) {
        yield { row, box };
      }
    }
  }
}
