/** What people and the monitoring itself note at hosts and service checks. All times are Unix seconds. */

/** Who or what wrote a comment; the place in the list plus one is Nagios' and Icinga's `entry_type`. */
export const COMMENT_ORIGINS = ["user", "downtime", "flapping", "acknowledgement"] as const;

/** A comment on a host (`check` null) or service check. */
export interface MonitoringComment {
  readonly host: string;
  readonly check: string | null;
  /** Number or name, unique within its source. */
  readonly id: string;
  readonly origin: (typeof COMMENT_ORIGINS)[number];
  readonly author: string;
  readonly text: string;
  readonly entered: number;
  /** 0 where it does not expire. */
  readonly expires: number;
  readonly persistent: boolean;
}

/** A scheduled downtime of a host (`check` null) or service check. */
export interface MonitoringDowntime {
  readonly host: string;
  readonly check: string | null;
  /** Number or name, unique within its source. */
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly entered: number;
  readonly start: number;
  readonly end: number;
  /** False where it begins with the first problem between `start` and `end` and lasts `duration` seconds. */
  readonly fixed: boolean;
  readonly duration: number;
  readonly inEffect: boolean;
}
