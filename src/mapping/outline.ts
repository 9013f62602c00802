/** Decisions told by the places of the services instead of their ids: hosts that run the same services share them. */
import type { Evidence, MappableCheck, MappableService, Mapping } from "../model/mapping.ts";
import type { ParsedCommand } from "./check-command.ts";
import type { Finding } from "./finding.ts";
import { boundedMemo, type Memo } from "./memo.ts";
import type { CompiledRules } from "./user-rules.ts";

/** Below this confidence nothing is mapped. */
const ENOUGH = 0.5;
const MEMORIZED = 50_000;

/** A decision for all hosts of one shape. */
export interface Outline {
  /** Places in the host's list of services. */
  readonly places: readonly number[];
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly ambiguous: boolean;
  readonly runnerUp: { readonly places: readonly number[]; readonly confidence: number; readonly text: string } | null;
}

const outlines = new WeakMap<CompiledRules, Memo<Outline>>();

/** The outline of a check on hosts of a shape under these rules; computed only the first time. */
export function rememberedOutline(
  { check, command }: MappableCheck,
  shape: number,
  rules: CompiledRules,
  compute: () => Outline,
): Outline {
  let memo = outlines.get(rules);
  if (memo === undefined) {
    memo = boundedMemo(MEMORIZED);
    outlines.set(rules, memo);
  }
  return memo.get(`${shape}\n${check}\n${command ?? ""}`, compute);
}

/** Whether a command names a host, an address or a URL: whether that is the check's own differs from host to host. */
export function namesHost({ arguments: args }: ParsedCommand): boolean {
  return args.addresses.length + args.hostNames.length + args.urls.length > 0;
}

/** The outline of what was found. */
export function outlineOf(decided: Finding | undefined, next: Finding | undefined): Outline {
  const enough = decided !== undefined && decided.confidence >= ENOUGH;
  return {
    places: enough ? placesOf(decided) : [],
    confidence: rounded(decided?.confidence ?? 0),
    evidence: decided === undefined ? [] : [{ kind: decided.kind, text: decided.text }],
    ambiguous: enough && decided.ambiguous,
    runnerUp:
      next === undefined
        ? null
        : { places: placesOf(next), confidence: rounded(next.confidence), text: `${next.kind}: ${next.text}` },
  };
}

/** The decision for one host of the shape. */
export function mappingOf(
  { host, check }: MappableCheck,
  { places, confidence, evidence, ambiguous, runnerUp }: Outline,
  services: readonly MappableService[],
): Mapping {
  return {
    host,
    check,
    services: idsAt(places, services),
    confidence,
    evidence,
    ambiguous,
    runnerUp:
      runnerUp === null
        ? null
        : {
            services: idsAt(runnerUp.places, services),
            confidence: runnerUp.confidence,
            text: runnerUp.text,
          },
  };
}

function placesOf(finding: Finding): readonly number[] {
  return [...new Set(finding.services.map(({ place }) => place))];
}

function idsAt(places: readonly number[], services: readonly MappableService[]): readonly string[] {
  const ids = places.flatMap((place) => services[place]?.id ?? []);
  return ids.length < 2 ? ids : [...new Set(ids)].sort();
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
