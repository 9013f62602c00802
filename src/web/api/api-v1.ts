/** `/api/v1/*`: all routes, their document, and the page that lists them. */
import type { Request, Response, Router } from "express";
import { exactRouter } from "../exact-router.ts";
import { askingOf, frameOf, type PageDeps } from "../page-frame.ts";
import type { ApiRoute } from "./api-route.ts";
import { apiRouter } from "./api-router.ts";
import { openapiDocument } from "./openapi.ts";
import { auditRoutes } from "./routes/audit.ts";
import { graphRoutes } from "./routes/graph.ts";
import { historyRoutes } from "./routes/history.ts";
import { hostRoutes } from "./routes/host.ts";
import { impactRoutes } from "./routes/impact.ts";
import { ruleRoutes } from "./routes/rules.ts";
import { settingRoutes } from "./routes/settings.ts";
import { thingRoutes } from "./routes/things.ts";

/** All routes; what is more special comes before what would take it too. */
export const API_ROUTES: readonly ApiRoute[] = [
  ...impactRoutes,
  ...thingRoutes,
  ...hostRoutes,
  ...graphRoutes,
  ...historyRoutes,
  ...ruleRoutes,
  ...settingRoutes,
  ...auditRoutes,
];

/** The API. */
export function apiV1(deps: PageDeps): Router {
  const router = exactRouter();
  router.get("/api/v1/openapi.json", (_request: Request, response: Response) => {
    response.json(openapiDocument(API_ROUTES, deps.config.version));
  });
  router.get("/api", (request: Request, response: Response) => {
    const asking = askingOf(request, deps);
    const frame = frameOf(deps, asking, { title: "API", page: "api" });
    response.send(deps.render("api", { frame, search: "", groups: groupsOf(asking.root) }));
  });
  router.use(apiRouter(deps, API_ROUTES));
  return router;
}

function groupsOf(root: string) {
  const tags = [...new Set(API_ROUTES.map(({ tag }) => tag))];
  return tags.map((tag) => ({
    tag,
    routes: API_ROUTES.filter((route) => route.tag === tag).map((route) => ({
      method: route.method.toUpperCase(),
      path: route.path,
      href: hrefOf(route, root),
      summary: route.summary,
      parameters: Object.keys(route.query.shape).join(", "),
      types: route.types.join(", "),
    })),
  }));
}

/** The address to try a route at; undefined where it needs what only the reader knows. */
function hrefOf({ method, path, query }: ApiRoute, root: string): string | undefined {
  const isOpen = Object.values(query.shape).every((part) => part.safeParse(undefined).success || isList(part));
  return method === "get" && !path.includes("{") && isOpen ? `${root}${path.slice(1)}` : undefined;
}

function isList(part: { readonly def: object }): boolean {
  return "type" in part.def && part.def.type === "array";
}
