/** What one kind of evidence says about a check, and the question it was asked. */
import type { EvidenceKind, MappableCheck } from "../model/mapping.ts";
import type { ParsedCommand } from "./check-command.ts";
import type { HostView, KnownService } from "./host-view.ts";
import type { Phrase } from "./phrase.ts";
import type { CompiledRules } from "./user-rules.ts";

/** A check on its host, understood. */
export interface Question {
  readonly check: MappableCheck;
  readonly rules: CompiledRules;
  readonly view: HostView;
  readonly command: ParsedCommand;
  /** The plugin's name, read with the dictionary. */
  readonly plugin: Phrase;
  /** The check's name, read with the dictionary. */
  readonly name: Phrase;
  readonly hostAddresses: readonly string[];
}

/** What a kind of evidence says. No services: the evidence says that none of this host is meant. */
export interface Finding {
  readonly kind: EvidenceKind;
  readonly services: readonly KnownService[];
  readonly confidence: number;
  readonly text: string;
  readonly ambiguous: boolean;
}

/** A kind of evidence: what it says, or undefined where it says nothing and the next may speak. */
export type EvidenceStep = (question: Question) => Finding | undefined;

/** A finding that no service of the host is meant. */
export function noService(kind: EvidenceKind, text: string): Finding {
  return { kind, services: [], confidence: 0, text, ambiguous: false };
}

/** Whether services belong to processes of different names: then nothing tells which is meant. */
export function severalProcesses(services: readonly KnownService[]): boolean {
  return new Set(services.map(({ service }) => service.process)).size > 1;
}

/** Whether nothing tells which is meant: several processes, or a known daemon at ports beyond its default ones. */
export function undecided(services: readonly KnownService[]): boolean {
  if (severalProcesses(services)) {
    return true;
  }
  const ports = new Set(services.map(({ service }) => service.number));
  const usual = services[0]?.daemons[0]?.ports ?? [...ports];
  return ports.size > 1 && [...ports].some((port) => port !== null && !usual.includes(port));
}

/** Services as people write them: `mysqld:3306, mysqld:3307`. */
export function namesOf(services: readonly KnownService[]): string {
  return [...new Set(services.map(({ service }) => `${service.process ?? "?"}:${service.port}`))]
    .slice(0, 8)
    .join(", ");
}
