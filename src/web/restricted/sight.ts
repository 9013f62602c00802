/** Which hosts a restricted viewer sees by name: those of some host groups. All others have a name that tells nothing. */
import { createHmac } from "node:crypto";
import { bitesOf } from "../../model/bites.ts";
import { INTERNET } from "../../model/ids.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { eachInSlices } from "../../store/time-slices.ts";

/** Seconds for which it is believed in which groups hosts are; a host that is new is hidden until then. */
const BELIEVED = 10;

/** Names remembered; with more of them all are made anew, as they come out the same. */
const MOST_NAMES = 100_000;

/** Hidden hosts, and addresses that are no hosts, that can be asked for by the names they have here. */
const MOST_HOSTS = 200_000;

/** Of one list of host groups. */
export class Sight {
  readonly groups: readonly string[];
  readonly #key: Buffer;
  /** Seconds that pass evenly. */
  readonly #clock: () => number;
  readonly #meant = new Map<string, string>();
  readonly #made = new Map<string, string>();
  #seen: ReadonlySet<string> = new Set();
  #hidden: readonly string[] = [];
  #at = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(groups: readonly string[], key: Buffer, clock: () => number) {
    this.groups = groups;
    this.#key = key;
    this.#clock = clock;
  }

  /** Learns the groups of all hosts, where that is too long ago. */
  async look(reader: Pick<MapReader, "nodes" | "graphs">): Promise<void> {
    if (this.#clock() - this.#at < BELIEVED) {
      return;
    }
    this.#looking ??= this.#read(reader).finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** Hosts that are not shown by name. */
  get hidden(): readonly string[] {
    return this.#hidden;
  }

  /** Whether a host, or the Internet, is shown by name. What is not known is not shown. */
  sees(host: string): boolean {
    return host === INTERNET || this.#seen.has(host);
  }

  /** Another name for something, the same each time: `hidden-3f2a90c1d4`. */
  alias(prefix: string, ...parts: readonly string[]): string {
    // No name holds a NUL.
    const named = [prefix, ...parts].join("\0");
    const known = this.#made.get(named);
    if (known !== undefined) {
      return known;
    }
    const digest = createHmac("sha256", this.#key).update(named).digest("hex");
    const alias = `${prefix}-${digest.slice(0, 10)}`;
    if (this.#made.size >= MOST_NAMES) {
      this.#made.clear();
    }
    this.#made.set(named, alias);
    return alias;
  }

  /** The name under which a host is shown. */
  nameOf(host: string): string {
    if (host === "" || this.sees(host)) {
      return host;
    }
    const alias = this.alias("hidden", host);
    if (this.#meant.size >= MOST_HOSTS) {
      this.#meant.clear();
    }
    this.#meant.set(alias, host);
    return alias;
  }

  /** The host that is shown under a name; undefined for the true name of one that is not shown by it. */
  hostOf(name: string): string | undefined {
    return this.sees(name) ? name : this.#meant.get(name);
  }

  async #read(reader: Pick<MapReader, "nodes" | "graphs">): Promise<void> {
    const nodes = await reader.nodes();
    const seen = new Set<string>();
    for (const bite of bitesOf(nodes)) {
      for (const graph of (await reader.graphs(bite)).values()) {
        if (graph.groups.some((group) => this.groups.includes(group))) {
          seen.add(graph.host);
        }
      }
    }
    const hidden = nodes.filter((host) => !seen.has(host));
    // Thousands of names are made with pauses; below they are known.
    await eachInSlices(hidden, (host) => this.alias("hidden", host));
    this.#seen = seen;
    this.#hidden = hidden;
    this.#at = this.#clock();
    for (const host of hidden) {
      this.nameOf(host);
    }
  }
}
