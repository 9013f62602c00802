/** The router of the API: checks what is asked by the route's schemas, answers 304, JSON, text or a problem. */
import type { Request, Response, Router } from "express";
import type { z } from "zod";
import { DotmError } from "../../errors.ts";
import type { Editing } from "../app-deps.ts";
import { pathOf, queryOf, rootFrom } from "../base-path.ts";
import { callerOf, type Role } from "../caller.ts";
import { coarse } from "../entity-tag.ts";
import { exactRouter } from "../exact-router.ts";
import { sendProblem } from "../failures.ts";
import { isJson } from "../own-origin.ts";
import type { PageDeps } from "../page-frame.ts";
import { readBody } from "../read-body.ts";
import { asWrite } from "../response-headers.ts";
import { sendJson } from "../send-json.ts";
import { otherParameters } from "../url-contract.ts";
import { roleRefusal, writer } from "../write-gate.ts";
import { ApiProblem } from "./api-problem.ts";
import { type ApiRoute, type Asked, TextAnswer } from "./api-route.ts";
import { settingTag } from "./setting-tag.ts";

/** Bytes of a body at most. */
const LARGEST = 1024 * 1024;

/** Settings that say where DOTM reads from, which only an admin may. */
const ADMIN_ONLY = new Set(["nagios_instance", "fetch_parameters"]);

/** Mounts the routes. */
export function apiRouter(deps: PageDeps, routes: readonly ApiRoute[]): Router {
  const router = exactRouter();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[route.method](path, handler(deps, route));
  }
  return router;
}

function handler(deps: PageDeps, route: ApiRoute) {
  return async (request: Request, response: Response): Promise<void> => {
    try {
      await (route.method === "get" ? answerReading : answerWriting)(deps, route, request, response);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) {
        throw error;
      }
      response.removeHeader("ETag");
      if (problem.status === 401) {
        response.set("WWW-Authenticate", 'Bearer realm="dotm", Basic realm="dotm", charset="UTF-8"');
      }
      sendProblem(response, problem.status, problem.title, problem.message, problem.more);
    }
  };
}

async function answerReading(deps: PageDeps, route: ApiRoute, request: Request, response: Response): Promise<void> {
  const query = checked(route.query, parametersOf(request, route.query));
  if (route.needs !== "viewer") {
    await demandRole(deps, request, route.needs);
  }
  const revision = await deps.reader.revision();
  if (route.tag === "settings" || route.needs !== "viewer") {
    asWrite(response);
  } else if (deps.tags.unchanged(request, response, revision, deps.now())) {
    return;
  }
  // Routes that read are typed as such; only those that write are handed what they write with.
  const asked = askedOf(deps, request, revision.id, query, undefined);
  await send(response, await route.ask(deps as PageDeps & Editing, asked), query);
}

async function demandRole(deps: PageDeps, request: Request, needed: Role): Promise<void> {
  const caller = await callerOf(request, deps.access);
  const refusal = "reason" in caller ? caller : roleRefusal(caller, needed);
  if (refusal !== undefined) {
    throw new ApiProblem(refusal.status, refusal.reason);
  }
}

async function answerWriting(deps: PageDeps, route: ApiRoute, request: Request, response: Response): Promise<void> {
  const needed = ADMIN_ONLY.has(String(request.params["setting"])) ? "admin" : "editor";
  const writing = await writer(request, response, deps, needed);
  if ("reason" in writing) {
    throw new ApiProblem(writing.status, writing.reason);
  }
  const body = route.body === undefined ? undefined : await bodyOf(route.body, request, response);
  if (response.headersSent) {
    return;
  }
  const query = checked(route.query, parametersOf(request, route.query));
  const asked = askedOf(deps, request, "", query, body);
  await send(response, await route.ask({ ...deps, ...writing.editing }, asked), {});
}

async function bodyOf(schema: z.ZodType, request: Request, response: Response): Promise<unknown> {
  if (!isJson(request)) {
    throw new ApiProblem(415, "The body must be JSON: Content-Type: application/json");
  }
  const raw = await readBody(request, response, LARGEST);
  return raw === undefined ? undefined : checked(schema, jsonOf(raw));
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    throw new ApiProblem(400, "The body is not JSON.");
  }
}

function askedOf(
  deps: PageDeps,
  request: Request,
  revision: string,
  query: unknown,
  body: unknown,
): Asked<never, never> {
  const path = Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)]));
  const about = { raw: queryOf(request.url), path, now: coarse(deps.now()), root: rootFrom(pathOf(request.url)) };
  return { ...about, revision, ifMatch: request.get("if-match"), query: query as never, body: body as never };
}

/** The parameters a schema knows, lists where it wants lists. */
function parametersOf(request: Request, schema: z.ZodObject): Record<string, unknown> {
  const given = otherParameters(queryOf(request.url));
  const parameters: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(schema.shape)) {
    const value = (part as z.ZodType).def.type === "array" ? given.getAll(name) : given.get(name);
    if (value !== null) {
      parameters[name] = value;
    }
  }
  return parameters;
}

function checked(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (!result.success) {
    const errors = result.error.issues.map(({ path, message }) => ({ at: path.join("."), message }));
    const detail = errors.map(({ at, message }) => `${at === "" ? "it" : at}: ${message}`).join("; ");
    throw new ApiProblem(400, detail, { errors });
  }
  return result.data;
}

async function send(response: Response, answer: unknown, query: unknown): Promise<void> {
  if (answer instanceof TextAnswer) {
    response.type(answer.type).send(answer.text);
    return;
  }
  const tag = settingTag(answer);
  if (tag !== undefined) {
    response.set("ETag", tag);
  }
  await sendJson(response, withFields(answer, query));
}

/** Only the members asked for of each item. */
function withFields(answer: unknown, query: unknown): unknown {
  const fields = (query as { readonly fields?: string }).fields?.split(",");
  const list = answer as { readonly items?: readonly object[] };
  if (fields === undefined || list.items === undefined) {
    return answer;
  }
  const picked = list.items.map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name))),
  );
  return { ...list, items: picked };
}

function problemOf(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) {
    return error;
  }
  return error instanceof DotmError && error.code === "DOTM_USAGE"
    ? new ApiProblem(400, error.message, error.next === "" ? {} : { next: error.next })
    : undefined;
}
