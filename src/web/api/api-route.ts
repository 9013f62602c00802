/** A route of the API as a value: what it takes, what it answers, how it answers. The document is made of the same schemas. */
import type { z } from "zod";
import type { Editing } from "../app-deps.ts";
import type { Role } from "../caller.ts";
import type { PageDeps } from "../page-frame.ts";

/** Methods of routes. */
export type ApiMethod = "get" | "put" | "post" | "delete";

/** A request that passed its schemas. */
export interface Asked<Query, Body = undefined> {
  readonly query: Query;
  readonly body: Body;
  /** The query string as it came, for names that only a lenient reading understands. */
  readonly raw: string;
  /** Parts of the path by name, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** Unix seconds, as coarse as the entity tag knows them. */
  readonly now: number;
  /** The way back to the root of the site. */
  readonly root: string;
  /** Id of the stored revision that is read. */
  readonly revision: string;
  /** The header If-Match. */
  readonly ifMatch: string | undefined;
}

/** What the router and the document need of a route. */
export interface ApiRoute {
  readonly method: ApiMethod;
  /** As OpenAPI writes it: `/api/v1/hosts/{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** What reading it needs beyond looking; routes that write say it otherwise. */
  readonly needs: Role;
  readonly query: z.ZodObject;
  /** Undefined for methods without one. */
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType;
  /** Media types it may answer, the first by default. */
  readonly types: readonly string[];
  /** Query and path that have an answer in every site of tests, for the document. */
  readonly example: string | undefined;
  readonly ask: (deps: PageDeps & Editing, asked: Asked<never, never>) => Promise<unknown>;
}

/** A text of another type than JSON. */
export class TextAnswer {
  readonly type: string;
  readonly text: string;

  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }
}

interface Reading<Query extends z.ZodObject, Answer extends z.ZodType> {
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly query: Query;
  readonly answer: Answer;
  readonly types?: readonly string[];
  readonly example?: string;
  readonly needs?: Role;
  readonly ask: (deps: PageDeps, asked: Asked<z.output<Query>>) => Promise<z.input<Answer> | TextAnswer>;
}

/** A route that reads. */
export function reading<Query extends z.ZodObject, Answer extends z.ZodType>(route: Reading<Query, Answer>): ApiRoute {
  const { types = ["application/json"], example, needs = "viewer" } = route;
  return { ...route, method: "get", body: undefined, types, example, needs, ask: route.ask as ApiRoute["ask"] };
}

interface Writing<Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: Exclude<ApiMethod, "get">;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly query: z.ZodObject;
  readonly body?: Body;
  readonly answer: Answer;
  readonly ask: (
    deps: PageDeps & Editing,
    asked: Asked<Readonly<Record<string, unknown>>, z.output<Body>>,
  ) => Promise<z.input<Answer>>;
}

/** A route that writes; who may is asked before it is called. */
export function writing<Body extends z.ZodType, Answer extends z.ZodType>(route: Writing<Body, Answer>): ApiRoute {
  const types = ["application/json"];
  return { ...route, body: route.body, types, example: undefined, needs: "editor", ask: route.ask as ApiRoute["ask"] };
}
