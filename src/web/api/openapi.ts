/** The document of the API, OpenAPI 3.1, made from the very schemas that check what is asked. */
import { z } from "zod";
import type { ApiRoute } from "./api-route.ts";

type Json = Readonly<Record<string, unknown>>;

/** A media type's schema in the document. */
type Content = Readonly<Record<string, { readonly schema: Json }>>;

/** The document. `version` is that of the program. */
export function openapiDocument(routes: readonly ApiRoute[], version: string): Json {
  const schemas = new Map<string, Json>([["Problem9457", PROBLEM]]);
  const paths = new Map<string, Record<string, Json>>();
  for (const route of routes) {
    const known = paths.get(route.path) ?? {};
    known[route.method] = operation(route, schemas);
    paths.set(route.path, known);
  }
  return {
    openapi: "3.1.0",
    info: { title: "DOTM", version, description: "What else is hit, and what broke first.", license: { name: "MIT" } },
    servers: [{ url: "../..", description: "The root of this site" }],
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas), securitySchemes: SECURITY },
  };
}

const SECURITY = {
  token: { type: "http", scheme: "bearer", description: "A token of `dotm token add`; not needed on this machine" },
};

const PROBLEM: Json = {
  type: "object",
  description: "RFC 9457",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
  },
  required: ["type", "title", "status", "detail"],
};

function operation(route: ApiRoute, schemas: Map<string, Json>): Json {
  const isRead = route.method === "get";
  const body = route.body === undefined ? undefined : schemaOf(route.body, schemas);
  return {
    operationId: `${route.method} ${route.path}`.replaceAll(/[^a-z0-9]+/gi, "_").replace(/_$/, ""),
    summary: route.summary,
    tags: [route.tag],
    parameters: [...pathParameters(route.path), ...queryParameters(route.query, schemas)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      200: { description: "The answer", content: answers(route, schemas) },
      ...(isRead ? { 304: { description: "As it was: If-None-Match names what is current" } } : {}),
      default: {
        description: "What is wrong",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem9457" } } },
      },
    },
    ...(isRead ? {} : { security: [{ token: [] }, {}] }),
  };
}

function answers(route: ApiRoute, schemas: Map<string, Json>): Content {
  const json = schemaOf(route.answer, schemas);
  return Object.fromEntries(
    route.types.map((type) => [type, { schema: type === "application/json" ? json : { type: "string" } }]),
  );
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true },
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodObject, schemas: Map<string, Json>): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, schemas) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query" },
    ...(description === undefined ? {} : { description }),
    required: required.includes(name) && schema["type"] !== "array",
    schema,
  }));
}

/** A schema with its named parts moved to where the document keeps them. */
function schemaOf(schema: z.ZodType, schemas: Map<string, Json>): Json {
  const made = z.toJSONSchema(schema, { io: "input" }) as Json;
  const { $schema: _, $defs = {}, ...rest } = made;
  for (const [name, part] of Object.entries($defs as Readonly<Record<string, Json>>)) {
    schemas.set(name, moved(part));
  }
  return moved(rest);
}

function moved(schema: Json): Json {
  const text = JSON.stringify(schema, (key, value) => (key === "id" && typeof value === "string" ? undefined : value));
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}
