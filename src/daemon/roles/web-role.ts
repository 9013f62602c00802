/** What a process serves at `web.listen`: pages where it has the role `web`, else its doors and how it is. */
import type { RequestListener } from "node:http";
import { AuditTrail } from "../../audit/audit-trail.ts";
import { askImpact } from "../../impact/ask.ts";
import { geoDatabase } from "../../ingest/geo-database.ts";
import { sharedHosts } from "../../ingest/getent-hosts.ts";
import type { Logger } from "../../logger.ts";
import { AddedHosts } from "../../store/added-hosts.ts";
import { ChangeFeed } from "../../store/change-feed.ts";
import { HistoryReader } from "../../store/history-reader.ts";
import type { RedisClient } from "../../store/redis.ts";
import { openStore } from "../../store/redis.ts";
import { SettingsStore } from "../../store/settings-store.ts";
import { Team } from "../../store/team.ts";
import { inSlices } from "../../store/time-slices.ts";
import { type ReportDeps, reportsFirst } from "../../web/agent-routes.ts";
import { createApp } from "../../web/app.ts";
import type { AppDeps } from "../../web/app-deps.ts";
import { createDoorApp, type DoorDeps } from "../../web/door-app.ts";
import { hotAnswers } from "../../web/hot-answers.ts";
import { aliasKey } from "../alias-key.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { serveHttp } from "../serve-http.ts";
import type { SocketLimit } from "../socket-limit.ts";
import type { UnreadAnswers } from "../unread-answers.ts";
import { webAccess } from "../web-access.ts";
import { webAudit } from "../web-audit.ts";
import type { Surroundings } from "./surroundings.ts";

/** What serving needs beside the surroundings. */
export interface WebDeps extends Pick<DoorDeps, "acceptPush" | "mayPush" | "readiness" | "figures"> {
  /** The connection that reads. */
  readonly reading: RedisClient;
  /** The doors for reports; undefined where this process takes none. */
  readonly doors: ReportDeps | undefined;
  readonly sockets: SocketLimit;
  readonly unread: UnreadAnswers;
}

/** Who takes no reports says where to bring them. */
const NO_DOORS: ReportDeps = {
  acceptReport: async () => ({
    status: 503,
    body: { error: "this process takes no reports", next: "Send them to one that has the role collector." },
  }),
  refusedLargeReport: () => undefined,
};

/** Listens and serves; returns the address. @throws DotmError DOTM_ADDRESS_TAKEN */
export async function serveWeb(
  around: Surroundings,
  { doors = NO_DOORS, reading, sockets, unread, ...deps }: WebDeps,
  lifecycle: Lifecycle,
): Promise<string> {
  const { config, version, logger, now, reader } = around;
  const { basePath, frameAncestors, corsOrigins, listen, tls, hsts } = config.web;
  const team = new Team(reading, around.storeOptions, logger);
  const access = webAccess(config.auth, config.web, {
    ...{ now, logger },
    aliasKey: () => aliasKey(config.dataDir),
  });
  const shown = { basePath, frameAncestors, corsOrigins, version };
  const doorDeps = { reader, team, now, access, logger, config: shown, ...doors, ...deps };
  const isSite = config.roles.includes("web");
  let app: RequestListener = createDoorApp(doorDeps);
  if (isSite) {
    const changes = new ChangeFeed(
      { waiting: openStore(around.storeOptions, logger), asking: reading },
      around.storeOptions,
    );
    lifecycle.onStop("changes", () => changes.stop());
    changes.start();
    const impactOf: Parameters<typeof createApp>[0]["impactOf"] = (host, check, assumed) =>
      askImpact(reader, { host, check, assumed, now: now(), doing: inSlices });
    const history = new HistoryReader(reading, around.storeOptions, {
      ...{ logger, now },
      settings: () => reader.settings(),
    });
    const settings = new SettingsStore(around.client, around.storeOptions, logger);
    const hosts = new AddedHosts(around.client, around.storeOptions);
    const audit = webAudit(new AuditTrail(config.audit.file, now), { settings, hosts }, logger);
    const site = createApp({
      ...doorDeps,
      history,
      changes,
      impactOf,
      settings,
      hosts,
      audit,
      namedHosts: sharedHosts(now),
      addressPlaces: await addressPlaces(config.web.geoDatabase, logger),
    });
    app = hotAnswers(site, changes);
  }
  const reporting = { basePath, frameAncestors: isSite ? frameAncestors : [], logger };
  const all = reportsFirst(app, doors, reporting);
  const { url, close } =
    tls === null
      ? await serveHttp(all, listen, undefined, sockets, unread)
      : await serveHttp(withHsts(all, hsts), listen, { part: "web", files: tls, logger }, sockets, unread);
  lifecycle.onStop("web", close);
  return url;
}

/** Tells browsers to come over TLS only, for so many seconds; 0 tells nothing. */
function withHsts(app: RequestListener, seconds: number): RequestListener {
  return (request, response) => {
    if (seconds > 0) {
      response.setHeader("Strict-Transport-Security", `max-age=${seconds}`);
    }
    app(request, response);
  };
}

/** Looks once, so that a wrong file is told at the start and not only on the page. */
async function addressPlaces(path: string | null, logger: Logger): Promise<AppDeps["addressPlaces"]> {
  if (path === null) {
    return undefined;
  }
  const ask = geoDatabase(path);
  const { fault } = await ask();
  if (fault !== "") {
    logger.error({ file: path }, `web.geo_database: ${fault} Places by address are missing until it is mended.`);
  }
  return ask;
}
