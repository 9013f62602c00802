/** Hosts and problems whose views are to be made anew: of very many only so much at once as leaves readers their turn. */

/** What of a host is to be made; bits. */
export const RECORDS = 1;
export const CONNECTIONS = 2;
export const CHECKS = 4;
export const GRAPH = 8;
export const ALARMS = 16;
/** With any of them: something of the host was derived anew since its views were made. */
export const LINKED = 32;
export const ALL = 63;

/** What waits, those that waited longest first. */
export class WaitingViews {
  private readonly hosts = new Map<string, number>();
  private readonly problems = new Set<string>();

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.hosts.size + this.problems.size === 0;
  }

  /** Wants some parts of hosts. */
  want(hosts: Iterable<string>, parts: number): void {
    for (const host of hosts) {
      this.hosts.set(host, (this.hosts.get(host) ?? 0) | parts);
    }
  }

  /** Wants the impacts of problems. */
  wantProblems(keys: Iterable<string>): void {
    for (const key of keys) {
      this.problems.add(key);
    }
  }

  /**
   * Makes what waits, problems first, until that took `most` rows; `pending` hosts are wanted again once they are derived.
   * Both makers return the rows they made.
   */
  make(
    most: number,
    pending: ReadonlySet<string>,
    makeProblem: (key: string) => number,
    makeHost: (host: string, parts: number) => number,
  ): void {
    let rows = 0;
    for (const key of this.problems) {
      if (rows >= most) {
        return;
      }
      this.problems.delete(key);
      rows += 1 + makeProblem(key);
    }
    for (const [host, parts] of this.hosts) {
      if (rows >= most) {
        return;
      }
      this.hosts.delete(host);
      rows += pending.has(host) ? 0 : 1 + makeHost(host, parts);
    }
  }
}
