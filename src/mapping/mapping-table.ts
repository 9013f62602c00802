/** The mappings of all hosts, decided anew only where services, checks or rules of a host changed. */
import { fingerprint } from "../model/fingerprint.ts";
import type { MappableCheck, MappableService, Mapping, MappingRule } from "../model/mapping.ts";
import { mapCheck } from "./map-check.ts";
import { type CompiledRules, compileRules } from "./user-rules.ts";

interface Decided {
  readonly signature: number;
  readonly mappings: ReadonlyMap<string, Mapping>;
}

const NONE: ReadonlyMap<string, Mapping> = new Map();

/** Mappings by host. */
export class MappingTable {
  private rules: CompiledRules;
  private generation = 0;
  private readonly hosts = new Map<string, Decided>();

  constructor(rules: readonly MappingRule[]) {
    this.rules = compileRules(rules).rules;
  }

  /** Takes new user rules; each host is decided anew at its next update. */
  configure(rules: readonly MappingRule[]): void {
    this.rules = compileRules(rules).rules;
    this.generation += 1;
  }

  /** Decides a host's checks; true where any decision may differ from the last. */
  update(
    host: string,
    services: readonly MappableService[],
    checks: readonly MappableCheck[],
    addresses: readonly string[],
  ): boolean {
    if (checks.length === 0) {
      return this.hosts.delete(host);
    }
    const signature = fingerprint(JSON.stringify([this.generation, services, checks, addresses]));
    if (this.hosts.get(host)?.signature === signature) {
      return false;
    }
    const mappings = new Map(checks.map((check) => [check.check, mapCheck(check, services, this.rules, addresses)]));
    this.hosts.set(host, { signature, mappings });
    return true;
  }

  /** The mappings of a host, by check name. */
  of(host: string): ReadonlyMap<string, Mapping> {
    return this.hosts.get(host)?.mappings ?? NONE;
  }
}
