/**
 * The original's JSON routes below `/backend/` (where its front end asks) and `/compat/`, read and written as that front
 * end uses them. JSON only: JSONP would let any page read along.
 */
import type { Request, Response, Router } from "express";
import { DotmError } from "../../errors.ts";
import { suggestHosts } from "../../impact/host-suggestions.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { eachInSlices, inSlices } from "../../store/time-slices.ts";
import type { Editing } from "../app-deps.ts";
import { pathOf, queryOf } from "../base-path.ts";
import { exactRouter } from "../exact-router.ts";
import { readPlaces } from "../geo-places.ts";
import type { PageDeps } from "../page-frame.ts";
import { readForm } from "../read-form.ts";
import { sendJson } from "../send-json.ts";
import { decodeLenient } from "../url-contract.ts";
import { writer } from "../write-gate.ts";
import { compatNode } from "./compat-node.ts";
import { compatNodes } from "./compat-nodes.ts";
import { checksOf, compatChecks, compatHostCheck, hostCheckOf } from "./compat-records.ts";
import { compatReport } from "./compat-report.ts";
import { compatServices } from "./compat-services.ts";
import { compatChange, compatSettings } from "./compat-settings.ts";
import { hasPlainName } from "./compat-text.ts";

const CACHED = "max-age=30, must-revalidate";
const NEVER_CACHED = "no-cache, no-store, must-revalidate";

/** A question: the stored map of the moment asked for, and the parts of the path. */
interface Question {
  readonly reader: MapReader;
  readonly parts: readonly string[];
}

/** A route that reads; undefined is the original's 404. */
interface CompatRoute {
  readonly pattern: RegExp;
  readonly cache: string;
  readonly answer: (deps: PageDeps, question: Question) => Promise<unknown>;
}

const ROUTES: readonly CompatRoute[] = [
  route(/^nodes$/, NEVER_CACHED, (_, { reader }) => compatNodes(reader)),
  route(/^nodes\/suggestions$/, NEVER_CACHED, async ({ namedHosts }, { reader }) => {
    const all = await suggestHosts(reader, await reader.nodes(), await namedHosts(), inSlices);
    return { nodes: all.map(({ name }) => name).filter(hasPlainName) };
  }),
  route(/^nodes\/([^/]+)$/, CACHED, (_, { reader, parts: [name = ""] }) => compatNode(reader, name)),
  route(/^services$/, NEVER_CACHED, (_, { reader }) => compatServices(reader)),
  route(/^geo\/nodes$/, CACHED, (deps, { reader }) => locations(deps, reader)),
  route(/^settings$/, NEVER_CACHED, ({ settings }) => compatSettings(settings)),
  route(/^mon\/nodes$/, CACHED, async (_, { reader }) => {
    const checked = await monitored(reader);
    return checked.length === 0 ? undefined : checked;
  }),
  route(/^mon\/nodes\/([^/]+)$/, CACHED, (_, { reader, parts: [name = ""] }) => compatHostCheck(reader, name)),
  route(/^mon\/nodes\/([^/]+)\/([^/]+)$/, CACHED, async (_, { reader, parts: [name = "", key = ""] }) => {
    const found = new Map(Object.entries((await compatHostCheck(reader, name)) ?? {})).get(key);
    return found === undefined ? undefined : { [key]: found };
  }),
  route(/^mon\/services\/([^/]+)$/, CACHED, (_, { reader, parts: [name = ""] }) => compatChecks(reader, name)),
  route(/^report$/, CACHED, (_, { reader }) => compatReport(reader)),
  route(/^config$/, CACHED, async (_, { reader }) => ({ last_updated: `${(await reader.revision()).at}` })),
  route(/^config\/last_updated$/, CACHED, async (_, { reader }) => ({
    last_updated: `${(await reader.revision()).at}`,
  })),
  route(/^history$/, CACHED, async ({ history }) =>
    (await history.list()).filter(({ fault }) => fault === null).map(({ at }) => `${at}`),
  ),
];

/** The routes. */
export function compatRouter(deps: PageDeps): Router {
  const router = exactRouter();
  router.get(/^\/(?:backend|compat)\//, async (request: Request, response: Response) => {
    const path = compatPath(request);
    for (const { pattern, cache, answer } of ROUTES) {
      const parts = pattern.exec(path)?.slice(1);
      if (parts !== undefined) {
        const reader = await readerOf(deps, request);
        const body = reader === undefined ? undefined : await answer(deps, { reader, parts: parts.map(decodeLenient) });
        await send(response, body, cache);
        return;
      }
    }
    await send(response, undefined, NEVER_CACHED);
  });
  router.post(/^\/(?:backend|compat)\/settings\//, changeSetting(deps));
  router.post(/^\/(?:backend|compat)\/nodes$/, changeNode(deps));
  return router;
}

function route(pattern: RegExp, cache: string, answer: CompatRoute["answer"]): CompatRoute {
  return { pattern, cache, answer };
}

/** The path below `/backend/` or `/compat/`, still encoded. */
function compatPath(request: Request): string {
  return pathOf(request.url).replace(/^\/\w+\//, "");
}

/** The map now, or as of the snapshot that `history` names. */
async function readerOf(deps: PageDeps, request: Request): Promise<MapReader | undefined> {
  const at = new URLSearchParams(queryOf(request.url)).get("history") ?? "";
  if (at === "") {
    return deps.reader;
  }
  try {
    return /^\d{1,12}$/.test(at) ? (await deps.history.at(Number(at))).reader : undefined;
  } catch (error) {
    if (error instanceof DotmError && (error.code === "DOTM_NOT_FOUND" || error.code === "DOTM_USAGE")) {
      return undefined;
    }
    throw error;
  }
}

async function send(response: Response, body: unknown, cache: string): Promise<void> {
  response.set("Cache-Control", cache);
  if (body === undefined) {
    response.status(404).json(errorBody("Not Found", 404));
  } else {
    await sendJson(response, body);
  }
}

function errorBody(message: string, status_code: number) {
  return { error: { message, status_code } };
}

async function monitored(reader: MapReader): Promise<string[]> {
  const nodes = (await reader.nodes()).filter(hasPlainName);
  const checks = await reader.hostChecksOf(nodes);
  return nodes.filter((node) => checks.has(node));
}

async function locations({ addressPlaces }: PageDeps, reader: MapReader) {
  const places = await readPlaces(reader, await addressPlaces?.());
  const located = places.filter(({ host }) => hasPlainName(host));
  const hosts = located.map(({ host }) => host);
  const [nodes, hostChecks, checks] = await Promise.all([
    reader.nodesOf(hosts),
    reader.hostChecksOf(hosts),
    reader.checksOf(hosts),
  ]);
  return {
    locations: await eachInSlices(located, ({ host, latitude, longitude }) => {
      const record = hostChecks.get(host);
      const node = record === undefined ? null : hostCheckOf(host, record);
      const monitoring = { node, services: checksOf(host, checks.get(host) ?? []) };
      return { data: { node: host, ip: nodes.get(host)?.ips[0] ?? "", monitoring }, lat: latitude, lng: longitude };
    }),
  };
}

/** As the original: `OK` as text, and errors as JSON, both with status 200; who may not write is told with 401 or 403. */
function changeSetting(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const [, action = "", key = ""] = compatPath(request).split("/").map(decodeLenient);
    const needed = key === "nagios_instance" || key === "fetch_parameters" ? "admin" : "editor";
    const posted = await formOf(deps, request, response, needed);
    if (posted === undefined) {
      return;
    }
    const refusal = await refusalOf(() => compatChange(posted.editing.settings, action, key, posted.form));
    if (refusal === undefined) {
      response.type("text/html").send("OK");
    } else {
      response.json(errorBody(refusal, 400));
    }
  };
}

/** Adds or removes a host; an empty answer, as the original gave. */
function changeNode(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const posted = await formOf(deps, request, response, "editor");
    if (posted === undefined) {
      return;
    }
    const { form, editing } = posted;
    const name = form.get("name") ?? "";
    const isRemoval = form.get("action") === "remove";
    const refusal = await refusalOf(async () => {
      await (isRemoval ? editing.hosts.remove(name) : editing.hosts.add({ host: name, type: "ssh", address: null }));
      return undefined;
    });
    if (refusal === undefined) {
      response.type("text/html").send("");
    } else {
      response.status(400).json(errorBody(refusal, 400));
    }
  };
}

async function formOf(
  deps: PageDeps,
  request: Request,
  response: Response,
  needed: "editor" | "admin",
): Promise<{ readonly form: URLSearchParams; readonly editing: Editing } | undefined> {
  const writing = await writer(request, response, deps, needed);
  if ("reason" in writing) {
    response.status(writing.status).json(errorBody(writing.reason, writing.status));
    return undefined;
  }
  const form = await readForm(request, response);
  return form === undefined ? undefined : { form, editing: writing.editing };
}

async function refusalOf(act: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DotmError && error.code === "DOTM_USAGE") {
      return error.message;
    }
    throw error;
  }
}
