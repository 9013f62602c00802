/**
 * Answers each caller by the picture as they may see it: all of it, or what `auth.restrict` leaves them. A restricted
 * viewer has routes of their own, over a reader of their own, so that no route has to think of it, and none can forget.
 */
import type { NextFunction, Request, Response, Router } from "express";
import { LRUCache } from "lru-cache";
import { DotmError } from "../../errors.ts";
import { askImpact } from "../../impact/ask.ts";
import type { History, Past } from "../../store/history-reader.ts";
import { inSlices } from "../../store/time-slices.ts";
import { pathOf } from "../base-path.ts";
import { type Access, callerOf } from "../caller.ts";
import { EntityTags } from "../entity-tag.ts";
import { sendProblem } from "../failures.ts";
import { withoutDetails } from "../health-routes.ts";
import type { PageDeps } from "../page-frame.ts";
import { asWrite } from "../response-headers.ts";
import { noteRefusal } from "../write-gate.ts";
import { Mask } from "./mask.ts";
import { maskedChanges } from "./masked-changes.ts";
import { MaskedReader } from "./masked-reader.ts";
import { Sight } from "./sight.ts";

/** Lists of groups of which routes are kept. */
const MOST_SIGHTS = 20;

/** Tells of settings, of DOTM itself, or of hosts that somebody wrote down. In any letters: so do routes take them. */
const CLOSED =
  /^\/(?:metrics|settings|rules|hosts|api\/v1\/(?:settings|rules|audit|hosts\/suggestions)|(?:backend|compat)\/(?:settings|nodes\/suggestions))(?:\/|$)/i;

/** Names no host, so that what nobody can be told of them need not be known first: it is asked when the store hangs. */
const NAMELESS = /^\/(?:healthz|readyz)\/?$/;

interface Seen {
  readonly sight: Sight;
  readonly router: Router;
}

/** The routes as each caller sees them. */
export function asSeen(deps: PageDeps, routes: (deps: PageDeps) => Router) {
  const all = routes(deps);
  const known = new LRUCache<string, Seen>({ max: MOST_SIGHTS });
  const seenBy = (groups: readonly string[]): Seen => {
    const key = JSON.stringify(groups);
    const seen = known.get(key) ?? restricted(deps, groups, routes);
    known.set(key, seen);
    return seen;
  };
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const groups = await groupsSeen(request, deps.access);
    if (groups === null) {
      all(request, response, next);
      return;
    }
    const path = pathOf(request.url);
    if (CLOSED.test(path)) {
      await refuse(deps, request, response);
      return;
    }
    const { sight, router } = seenBy(groups);
    if (!NAMELESS.test(path)) {
      // Where the store is away nothing is learned, and each route tells that in its own way.
      await sight.look(deps.reader).catch(() => undefined);
      asPrivate(response, sight);
    }
    router(request, response, next);
  };
}

/** The host groups whose hosts the caller sees by name; null for all hosts. */
export async function groupsSeen(request: Request, access: Access): Promise<readonly string[] | null> {
  if (access.restrictions.length === 0) {
    return null;
  }
  const caller = await callerOf(request, access);
  // Who says who they are and is not believed is a stranger to whatever is open to everybody.
  return "reason" in caller ? access.groupsOfStrangers : caller.sees;
}

const CLOSED_WORDS = "This is for those who may see all hosts.";

/** Who would write is written down. */
async function refuse(deps: PageDeps, request: Request, response: Response): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    noteRefusal(request, deps, await callerOf(request, deps.access), CLOSED_WORDS);
  }
  asWrite(response);
  sendProblem(response, 403, "Not for restricted viewers", CLOSED_WORDS);
}

function restricted(deps: PageDeps, groups: readonly string[], routes: (deps: PageDeps) => Router): Seen {
  const sight = new Sight(groups, deps.access.aliasKey, () => performance.now() / 1000);
  return { sight, router: routes(depsOf(deps, sight)) };
}

/** Nobody else is given this answer, whatever stands between. */
function asPrivate(response: Response, { hidden }: Sight): void {
  response.set({ "Cache-Control": "private, no-cache", "X-DOTM-Hidden-Hosts": `${hidden.length}` });
  response.vary("Authorization");
}

function depsOf(deps: PageDeps, sight: Sight): PageDeps {
  const mask = new Mask(sight);
  const reader = new MaskedReader(deps.reader, sight, mask);
  return {
    ...deps,
    reader,
    history: maskedHistory(deps.history, sight),
    changes: maskedChanges(deps.changes, mask, () => void sight.look(deps.reader).catch(() => undefined)),
    impactOf: (host, check, assumed) => askImpact(reader, { host, check, assumed, now: deps.now(), doing: inSlices }),
    hosts: { list: async () => (await deps.hosts.list()).filter(({ host }) => sight.sees(host)) },
    namedHosts: async () => [],
    settings: { inspect: closed },
    audit: { ...deps.audit, recent: () => [] },
    readiness: async () => withoutDetails(await deps.readiness()),
    tags: new EntityTags(`${deps.config.version} ${sight.alias("sight", ...sight.groups)}`),
    sight,
  };
}

function maskedHistory(history: History, sight: Sight): History {
  // Routes of the past are kept by the value that is the past.
  const known = new WeakMap<Past, Past>();
  return {
    list: () => history.list(),
    at: async (moment) => {
      const past = await history.at(moment);
      // Texts of then name hosts that are no more.
      const mask = new Mask(sight, await past.reader.nodes());
      const masked = known.get(past) ?? { ...past, reader: new MaskedReader(past.reader, sight, mask) };
      known.set(past, masked);
      return masked;
    },
  };
}

function closed(): Promise<never> {
  return Promise.reject(new DotmError("DOTM_NOT_FOUND", "Settings are for those who may see all hosts."));
}
