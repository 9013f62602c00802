/** Pushes on their way to the source they are meant for. */
import { type PushAnswer, pushProblem } from "../ingest/push-answer.ts";
import type { Push, PushSource } from "../ingest/push-source.ts";

/** Which source a push is for; null: the only one there is. */
export interface AddressedPush extends Push {
  readonly source: string | null;
}

/** The sources that take pushes. */
export class PushIntake {
  readonly #names: readonly string[];
  readonly #begun = new Map<string, PushSource>();

  /** Takes the names of all that are configured. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Adds a source that has begun. */
  add(source: PushSource): void {
    this.#begun.set(source.name, source);
  }

  /** Which of the configured sources an address names; undefined where that is not clear. */
  addressed(source: string | null): string | undefined {
    const name = source ?? (this.#names.length === 1 ? this.#names[0] : undefined);
    return name !== undefined && this.#names.includes(name) ? name : undefined;
  }

  /** A source that has begun. */
  find(name: string): PushSource | undefined {
    return this.#begun.get(name);
  }

  /** All that have begun. */
  begun(): Iterable<PushSource> {
    return this.#begun.values();
  }

  /** Hands a push to its source. Never rejects: what is wrong is in the answer. */
  async accept({ source, ...push }: AddressedPush): Promise<PushAnswer> {
    const name = this.addressed(source);
    if (name === undefined) {
      return this.#unknown(push.isLocal);
    }
    return (
      this.#begun.get(name)?.accept(push) ??
      pushProblem(503, "The source has not begun yet.", "Send it again in some seconds.")
    );
  }

  /** Whoever is not on this machine has not shown yet that the names of sources are its business. */
  #unknown(isLocal: boolean): PushAnswer {
    if (this.#names.length === 0) {
      const next = "Add one to dotm.yaml: sources: [{ name: alerts, type: push }]";
      return pushProblem(404, "No source takes pushes.", next);
    }
    const names = isLocal ? `; there are: ${this.#names.join(", ")}` : ", as dotm.yaml calls it";
    return pushProblem(404, "Which source it is for is not clear.", `Add ?source=NAME to the address${names}`);
  }
}
