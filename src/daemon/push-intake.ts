/** Pushes on their way to the source they are meant for. */
import type { Push, PushAnswer, PushSource } from "../ingest/push-source.ts";

/** Which source a push is for; null: the only one there is. */
export interface AddressedPush extends Push {
  readonly source: string | null;
}

/** The sources that take pushes. */
export class PushIntake {
  readonly #sources = new Map<string, PushSource>();

  /** Adds a source that has begun. */
  add(source: PushSource): void {
    this.#sources.set(source.name, source);
  }

  /** Hands a push to its source. Never rejects: what is wrong is in the answer. */
  async accept({ source: name, ...push }: AddressedPush): Promise<PushAnswer> {
    const [only, ...others] = this.#sources.values();
    const source = name === null && others.length === 0 ? only : this.#sources.get(name ?? "");
    if (source !== undefined) {
      return source.accept(push);
    }
    const names = [...this.#sources.keys()].join(", ");
    return names === ""
      ? notFound("No source takes pushes.", "Add one to dotm.yaml: sources: [{ name: alerts, type: push }]")
      : notFound("Which source it is for is not clear.", `Add ?source=NAME to the address; there are: ${names}`);
  }
}

function notFound(error: string, next: string): PushAnswer {
  return { status: 404, body: { error, next } };
}
