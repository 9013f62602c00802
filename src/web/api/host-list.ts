/** Lists that lie with hosts, page by page: only as many hosts are read as a page needs. */
import { bitesOf } from "../../model/bites.ts";
import { compareIds } from "../../model/compare.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { ApiProblem } from "./api-problem.ts";

/** Hosts read at once: a page is seldom longer. */
const BITE = 100;

/** The items of one host, each with the key that is its place there. */
export type HostItems<Item> = readonly [host: string, items: readonly (readonly [key: string, item: Item])[]];

/** How a page is asked for. */
export interface PageAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Only this host. */
  readonly host?: string | undefined;
}

/** One page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Items of the hosts from the cursor on, at most `limit`. `load` gives all items of some hosts, in any order. */
export async function hostPage<Item>(
  reader: MapReader,
  { limit, cursor, host }: PageAsked,
  load: (hosts: readonly string[]) => Promise<readonly HostItems<Item>[]>,
): Promise<Page<Item>> {
  const known = (await reader.nodes()).filter((name) => host === undefined || name === host);
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const names = known.filter((name) => after === undefined || compareIds(name, after.host) >= 0);
  const found: { readonly host: string; readonly key: string; readonly item: Item }[] = [];
  for (const bite of bitesOf(names, BITE)) {
    if (found.length > limit) {
      break;
    }
    const loaded = new Map(await load(bite));
    for (const name of bite) {
      const all = [...(loaded.get(name) ?? [])].sort(([a], [b]) => compareIds(a, b));
      const rest = name === after?.host ? all.filter(([key]) => compareIds(key, after.key) > 0) : all;
      found.push(...rest.map(([key, item]) => ({ host: name, key, item })));
    }
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last !== undefined ? cursorOf(last.host, last.key) : null;
  return { items: page.map(({ item }) => item), next };
}

/** A page of a list that is read whole; the cursor is the number of items before it. */
export function slicePage<Item>(all: readonly Item[], { limit, cursor = "0" }: PageAsked): Page<Item> {
  if (!/^\d{1,9}$/.test(cursor)) {
    throw new ApiProblem(400, "cursor is what `next` said.");
  }
  const end = Number(cursor) + limit;
  return { items: all.slice(Number(cursor), end), next: end < all.length ? String(end) : null };
}

function cursorOf(host: string, key: string): string {
  return Buffer.from(JSON.stringify([host, key])).toString("base64url");
}

function readCursor(cursor: string): { readonly host: string; readonly key: string } {
  try {
    const [host, key]: unknown[] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (typeof host === "string" && typeof key === "string") {
      return { host, key };
    }
  } catch {
    // Told below.
  }
  throw new ApiProblem(400, "cursor is what `next` said.");
}
