/** How much of the monitoring is understood: one number for a site. */
import type { EvidenceKind } from "../model/mapping.ts";

/** The decision about a check, as it is stored. */
export interface DecidedCheck {
  readonly services: readonly string[];
  readonly mappedBy: EvidenceKind | null;
}

/** What became of one check. */
export interface CoveredCheck {
  readonly services: readonly string[];
  /** Whether anything is known of it; a check known to speak of no service is understood. */
  readonly known: boolean;
}

/** What a decision says of a check. */
export function coveredCheck({ services, mappedBy }: DecidedCheck): CoveredCheck {
  return { services, known: mappedBy !== null };
}

/** Counts of checks. */
export interface Coverage {
  readonly checks: number;
  /** Mapped to services. */
  readonly mapped: number;
  /** Known to speak of no service: disks, load, backups. */
  readonly none: number;
  /** Nothing is known. */
  readonly unmapped: number;
  /** 0 to 1: share of checks that are mapped or known to speak of no service; 1 where there are none. */
  readonly share: number;
}

/** The coverage of these checks. */
export function coverageOf(checks: readonly CoveredCheck[]): Coverage {
  const mapped = checks.filter(({ services }) => services.length > 0).length;
  const none = checks.filter(({ services, known }) => services.length === 0 && known).length;
  const share = checks.length === 0 ? 1 : (mapped + none) / checks.length;
  return { checks: checks.length, mapped, none, unmapped: checks.length - mapped - none, share };
}
