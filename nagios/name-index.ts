/** Finds a number by the name of a host or service check, without joining the two parts of the name. */

/** Name of a host (`check` null) or service check. */
export interface ObjectName {
  readonly host: string;
  readonly check: string | null;
}

/** Numbers by name. */
export class NameIndex {
  readonly #hosts = new Map<string, Map<string | null, number>>();

  get({ host, check }: ObjectName): number | undefined {
    return this.#hosts.get(host)?.get(check);
  }

  set({ host, check }: ObjectName, number: number): void {
    const checks = this.#hosts.get(host);
    if (checks === undefined) {
      this.#hosts.set(host, new Map([[check, number]]));
    } else {
      checks.set(check, number);
    }
  }

  delete({ host, check }: ObjectName): void {
    const checks = this.#hosts.get(host);
    checks?.delete(check);
    if (checks?.size === 0) {
      this.#hosts.delete(host);
    }
  }
}
