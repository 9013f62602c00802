/** What the hosts that a source told of are called in the picture, which may come to know them later than they are told. */

const NOBODY: ReadonlySet<string> = new Set();

/** Who calls the hosts of the picture. */
export interface HostNaming {
  /** The name of a host under which the picture knows it; its own where it knows none. */
  readonly nameOf: (host: string) => string;
  /** Another thing than before once hosts may be called otherwise: asking for all of them takes long. */
  readonly namedBy: () => unknown;
}

/** A host that is called otherwise now. */
export interface RenamedHost {
  readonly told: string;
  readonly before: string;
}

/** The names of the hosts of one source. */
export class PictureNames {
  readonly #naming: HostNaming;
  #namedBy: unknown;
  readonly #names = new Map<string, string>();
  readonly #toldAs = new Map<string, Set<string>>();

  constructor(naming: HostNaming) {
    this.#naming = naming;
    this.#namedBy = naming.namedBy();
  }

  /** What a host was called last; what it would be called, where it was not added. */
  of(told: string): string {
    return this.#names.get(told) ?? this.#naming.nameOf(told);
  }

  /** The names under which the host `name` was told. */
  toldAs(name: string): ReadonlySet<string> {
    return this.#toldAs.get(name) ?? NOBODY;
  }

  /** Adds a host; it keeps its name until `renew`. */
  add(told: string): void {
    if (!this.#names.has(told)) {
      this.#call(told, this.#naming.nameOf(told));
    }
  }

  /** Forgets a host. */
  delete(told: string): void {
    const name = this.#names.get(told);
    this.#names.delete(told);
    const tellers = this.#toldAs.get(name ?? told);
    tellers?.delete(told);
    if (tellers?.size === 0) {
      this.#toldAs.delete(name ?? told);
    }
  }

  /** Asks what all hosts are called now, where that may differ; returns those that are called otherwise than before. */
  renew(): RenamedHost[] {
    const renamed: RenamedHost[] = [];
    const namedBy = this.#naming.namedBy();
    if (namedBy === this.#namedBy) {
      return renamed;
    }
    this.#namedBy = namedBy;
    for (const [told, before] of [...this.#names]) {
      const name = this.#naming.nameOf(told);
      if (name !== before) {
        this.delete(told);
        this.#call(told, name);
        renamed.push({ told, before });
      }
    }
    return renamed;
  }

  #call(told: string, name: string): void {
    this.#names.set(told, name);
    const tellers = this.#toldAs.get(name);
    if (tellers === undefined) {
      this.#toldAs.set(name, new Set([told]));
    } else {
      tellers.add(told);
    }
  }
}
