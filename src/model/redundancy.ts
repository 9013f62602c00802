/** Redundancy groups: services that stand in for each other, and how many of them must be left. */

/** How many members must be left (SEMANTICS 10): all, one, so many, or such a share. */
export type GroupOperator =
  | { readonly kind: "worst" }
  | { readonly kind: "best" }
  | { readonly kind: "min"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

/** A group somebody wrote down; members are ids of services. */
export interface WrittenGroup {
  readonly members: readonly string[];
  readonly operator: GroupOperator;
}

/** The group a need belongs to. */
export interface NeedGroup {
  readonly name: string;
  /** The group is as badly hit as the n-th best member; 0 for the default: some lost degrades, all lost affects. */
  readonly quorum: number;
}

/** The quorum of an operator over so many members; never more than there are. */
export function quorumOf(operator: GroupOperator, members: number): number {
  switch (operator.kind) {
    case "worst":
      return members;
    case "best":
      return 1;
    case "min":
      return Math.min(Math.max(1, operator.count), members);
    case "percent":
      return Math.min(Math.max(1, Math.ceil((operator.percent / 100) * members)), members);
  }
}
