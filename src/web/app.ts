/** The HTTP app: pages, pictures, API, reports. It does not listen; whoever listens hands it requests. */
import express, { type Express, type NextFunction, type Request, type Response, type Router } from "express";
import { agentRoutes } from "./agent-routes.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { apiV1 } from "./api/api-v1.ts";
import type { AppDeps } from "./app-deps.ts";
import { loadAssets } from "./assets.ts";
import { pathOf, stripBasePath } from "./base-path.ts";
import { changeStream } from "./change-stream.ts";
import { compatRouter } from "./compat/compat-router.ts";
import { embedPages } from "./embed-pages.ts";
import { EntityTags } from "./entity-tag.ts";
import { exactRouter } from "./exact-router.ts";
import { failed, notFound, sendProblem } from "./failures.ts";
import { formHandlers } from "./form-page.ts";
import { geoPage } from "./geo-page.ts";
import { grafanaAliases } from "./grafana-aliases.ts";
import { graphPage } from "./graph-page.ts";
import { healthPage } from "./health-page.ts";
import { healthRoutes } from "./health-routes.ts";
import { historyPage } from "./history-page.ts";
import { hostPage } from "./host-page.ts";
import { HOSTS_PAGE } from "./hosts-page.ts";
import { inTime } from "./in-time.ts";
import { LayoutDesk } from "./layout-desk.ts";
import { limitCostly } from "./limit-costly.ts";
import { mapPage } from "./map-page.ts";
import { overviewPage } from "./overview-page.ts";
import { guardHost } from "./own-origin.ts";
import type { PageDeps } from "./page-frame.ts";
import { pictureRoutes } from "./picture-routes.ts";
import { pushRoutes } from "./push-routes.ts";
import { readGate } from "./read-gate.ts";
import { refuseOdd } from "./refuse-odd.ts";
import { refusePicture } from "./refuse-picture.ts";
import { reportPage } from "./report-page.ts";
import { allowOrigins, commonHeaders } from "./response-headers.ts";
import { asSeen } from "./restricted/as-seen.ts";
import { RULES_PAGE } from "./rules-page.ts";
import { servicesPage } from "./services-page.ts";
import { SETTINGS_PAGE } from "./settings-page.ts";
import { newTurns, takeTurns } from "./take-turns.ts";
import { loadTemplates } from "./templates.ts";
import { noteRefusal } from "./write-gate.ts";

/** Longest URL that is looked at. */
const LONGEST_URL = 8192;

const FORM_PAGES = [
  ["/hosts", HOSTS_PAGE],
  ["/rules", RULES_PAGE],
  ["/settings", SETTINGS_PAGE],
] as const;

/** Makes the app. */
export function createApp(given: AppDeps): Express {
  const assets = loadAssets();
  const deps: PageDeps = {
    ...given,
    render: loadTemplates(),
    assets: assets.paths,
    tags: new EntityTags(given.config.version),
    layouts: new LayoutDesk(),
    turns: newTurns(),
  };
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.set("query parser", false);
  // Where even telling of a failure fails, Express tells nobody the stack.
  app.set("env", "production");
  app.use(commonHeaders(given.config.frameAncestors));
  app.use(refuseOdd);
  app.use(refuseLong);
  app.use(stripBasePath(given.config.basePath));
  app.use(guardHost(given.access.hosts));
  app.use(grafanaAliases);
  app.use(allowOrigins(given.config.corsOrigins ?? []));
  app.use(readGate(given.access, (request, caller, reason) => noteRefusal(request, given, caller, reason)));
  app.use(allowedMethods);
  app.use(limitCostly(given));
  app.use(agentRoutes(deps));
  app.use(pushRoutes(deps));
  app.use(assets.router);
  app.use(takeTurns(deps.turns, deps.access));
  app.use(asSeen(deps, site));
  app.use(notFound(deps));
  app.use(failed(deps));
  return app;
}

/** Everything that tells of the site, or of what DOTM knows. */
function site(deps: PageDeps): Router {
  const router = exactRouter();
  router.use(healthRoutes(deps));
  router.use(changeStream(deps));
  router.use(compatRouter(deps));
  router.get("/history", historyPage(deps));
  router.use(inTime(deps, pictureOfTheSite));
  router.use(pictureOfTheSite(deps));
  router.get("/health", healthPage(deps));
  for (const [path, page] of FORM_PAGES) {
    const { get, post } = formHandlers(deps, page);
    router.get(path, get);
    router.post(path, post);
  }
  router.use(
    below("/node/", (request, response) => {
      response.redirect(301, `../host/${pathOf(request.url).slice("/node/".length)}`);
    }),
  );
  return router;
}

/** Everything that shows the stored picture, of now or of a time. */
function pictureOfTheSite(deps: PageDeps): Router {
  const router = exactRouter();
  router.use(pictureRoutes(deps));
  router.use(apiV1(deps));
  router.use(embedPages(deps));
  router.get("/", overviewPage(deps));
  router.get("/graph", graphPage(deps));
  router.get("/map", mapPage(deps));
  router.get("/services", servicesPage(deps));
  router.get("/report", reportPage(deps));
  router.get("/geo", geoPage(deps));
  router.use(below("/host/", hostPage(deps)));
  return router;
}

/** A handler for everything below a path; it reads the rest of the path itself. */
function below(path: string, handler: (request: Request, response: Response) => Promise<void> | void) {
  return (request: Request, response: Response, next: NextFunction): Promise<void> | void =>
    pathOf(request.url).startsWith(path) ? handler(request, response) : next();
}

function refuseLong(request: Request, response: Response, next: () => void): void {
  if (request.url.length > LONGEST_URL) {
    const sentence = `An address has at most ${LONGEST_URL} characters.`;
    if (!refusePicture(request, response, sentence)) {
      sendProblem(response, 414, "URI too long", sentence);
    }
    return;
  }
  next();
}
