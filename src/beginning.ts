/**
 * A site of which nothing was handed on yet, as a daemon finds it that takes over: its hosts are derived, then looked at,
 * in pieces, and its graph is built once; half of a site is no picture, and a graph for each piece takes very long.
 */
import { type Draft, newDraft } from "./model/changes.ts";

/** What is to be looked at after the topology: hosts that are linked or told of otherwise, and what else is new of hosts. */
export interface SiteNews {
  /** Hosts still to be derived. */
  readonly pending: ReadonlySet<string>;
  readonly linked: ReadonlySet<string>;
  readonly told: ReadonlySet<string>;
  readonly reported: ReadonlySet<string>;
  readonly recounted: ReadonlySet<string>;
  readonly newcomers: ReadonlySet<string>;
  readonly metClients: ReadonlySet<string>;
}

/** Gathers the news of many turns as that of one. */
export class Beginning {
  readonly draft: Draft = newDraft();
  readonly judged = new Set<string>();
  private pending: ReadonlySet<string> | undefined;
  private readonly sum = {
    linked: new Set<string>(),
    told: new Set<string>(),
    reported: new Set<string>(),
    recounted: new Set<string>(),
    newcomers: new Set<string>(),
    metClients: new Set<string>(),
  };

  /** Adds the news of one more turn. */
  add(news: SiteNews): void {
    this.pending = news.pending;
    for (const [kind, hosts] of Object.entries(this.sum)) {
      for (const host of news[kind as keyof typeof this.sum]) {
        hosts.add(host);
      }
    }
  }

  /** All news so far. */
  get news(): SiteNews | undefined {
    return this.pending === undefined ? undefined : { pending: this.pending, ...this.sum };
  }
}
