/** Who may do what, at every route: strangers, viewers, editors and admins, where everybody may look and where only those who are known. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_ROUTES } from "../../src/web/api/api-v1.ts";
import { ACCESS, depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const CALLERS = ["stranger", "viewer", "editor", "admin"] as const;
type Caller = (typeof CALLERS)[number];

/** What each caller is answered: status by caller. */
type Expected = Readonly<Record<Caller, number>>;

const all = (status: number): Expected => ({ stranger: status, viewer: status, editor: status, admin: status });
const KNOWN: Expected = { ...all(200), stranger: 401 };
const EDITORS: Expected = { stranger: 401, viewer: 403, editor: 200, admin: 200 };
const ADMINS: Expected = { stranger: 401, viewer: 403, editor: 403, admin: 200 };

interface Route {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly type?: string;
}

const get = (path: string): Route => ({ method: "GET", path });

/** For those who have a door of their own, or tell nothing of the site. */
const OPEN: readonly Route[] = [
  ...[get("/healthz"), get("/readyz"), get("/assets/nagios.js")],
  { method: "POST", path: "/api/v1/agents/report", body: "{}" },
  { method: "POST", path: "/api/v1/events", body: "[]" },
  { method: "POST", path: "/api/v1/webhooks/alertmanager", body: "{}" },
];

const READS: readonly Route[] = [
  ...API_ROUTES.filter(({ method, needs }) => method === "get" && needs === "viewer").map(({ path, example }) => {
    const [, value = ""] = /\{/.test(path) ? (example ?? "").split("=") : [];
    return get(`${path.replace(/\{\w+\}/, value)}?${value === "" ? (example ?? "") : ""}`);
  }),
  ...["/", "/map", "/map?by=host", "/services", "/report", "/geo", "/history", "/health", "/hosts", "/rules"].map(get),
  ...["/settings", "/api", "/api/v1/openapi.json", "/host/db01", "/graph?host=db01", "/embed/map", "/metrics"].map(get),
  ...["/image?host=db01", "/popup?host=db01", "/embed/graph?host=db01"].map(get),
  ...["nodes", "nodes/db01", "services", "settings", "mon/nodes", "mon/nodes/db01", "report", "config", "history"].map(
    (path) => get(`/backend/${path}`),
  ),
  ...["nodes", "mon/services/db01", "geo/nodes", "nodes/suggestions"].map((path) => get(`/compat/${path}`)),
];

const FORM = "application/x-www-form-urlencoded";
const entry = (setting: string, field: string, value: string): Route[] => [
  { method: "POST", path: `/api/v1/settings/${setting}`, body: JSON.stringify({ field, value }) },
  { method: "PUT", path: `/api/v1/settings/${setting}`, body: JSON.stringify({ values: { [field]: value } }) },
  { method: "DELETE", path: `/api/v1/settings/${setting}?entry=${field}` },
  { method: "POST", path: `/backend/settings/setHash/${setting}`, body: `key1=${field}&value1=${value}`, type: FORM },
];

const EDITING: readonly Route[] = [
  ...entry("aging", "Services", "600"),
  { method: "POST", path: "/compat/nodes", body: "action=add&name=web09", type: FORM },
];

const ADMINISTERING: readonly Route[] = [
  ...entry("fetch_parameters", "interval", "60"),
  ...entry("nagios_instance", "refresh", "60"),
  get("/api/v1/audit"),
];

/** Forms of pages, which lead on to the page again. */
const FORMS: readonly Route[] = [
  { method: "POST", path: "/settings", body: "setting=aging&field=Services&value=600", type: FORM },
  { method: "POST", path: "/rules", body: "check=a&process=b", type: FORM },
  { method: "POST", path: "/hosts", body: "host=web08&type=ssh", type: FORM },
];

describe.each(["everybody", "known"] as const)("where those may look who are: %s", (read) => {
  let app: ServedApp;
  beforeAll(async () => {
    const roleOfToken = (token: string) => {
      const role = CALLERS.find((caller) => caller !== "stranger" && caller === token);
      return role === undefined || role === "stranger" ? undefined : { role, name: `the ${role}` };
    };
    app = await serveApp(depsOf(storedShop(), { access: { ...ACCESS, read, roleOfToken } }));
  });
  afterAll(() => app.close());

  async function ask({ method, path, body, type = "application/json" }: Route, caller: Caller): Promise<number> {
    const answer = await fetch(`${app.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        "x-forwarded-for": "192.0.2.7",
        // As from a page of ours.
        ...(method === "GET" ? {} : { "content-type": type, origin: app.url }),
        ...(caller === "stranger" ? {} : { authorization: `Bearer ${caller}` }),
      },
      ...(body === undefined ? {} : { body }),
    });
    await answer.body?.cancel();
    return answer.status;
  }

  async function answered(route: Route): Promise<Expected> {
    const statuses = all(0) as Record<Caller, number>;
    for (const caller of CALLERS) {
      statuses[caller] = await ask(route, caller);
    }
    return statuses;
  }

  const told = ({ method, path }: Route) => `${method} ${path}`;

  it.each(OPEN.map((route) => [told(route), route] as const))("%s is open to all", async (_, route) => {
    expect(await answered(route)).toEqual(all(200));
  });

  it.each(READS.map((route) => [told(route), route] as const))("%s shows", async (_, route) => {
    expect(await answered(route)).toEqual(read === "known" ? KNOWN : all(200));
  });

  it.each(EDITING.map((route) => [told(route), route] as const))("%s is for editors", async (_, route) => {
    const answers = await answered(route);
    // Each does what another one did before: removing twice finds nothing.
    const isSame = route.method === "DELETE" ? { ...answers, editor: 200, admin: 200 } : answers;
    expect(isSame).toEqual(EDITORS);
  });

  it.each(ADMINISTERING.map((route) => [told(route), route] as const))("%s is for admins", async (_, route) => {
    const answers = await answered(route);
    expect(route.method === "DELETE" ? { ...answers, admin: 200 } : answers).toEqual(ADMINS);
  });

  it.each(FORMS.map((route) => [told(route), route] as const))("%s is for editors", async (_, route) => {
    expect(await answered(route)).toEqual({ ...EDITORS, editor: 303, admin: 303 });
  });

  it("tells strangers of its parts only whether they are well, where they may not look", async () => {
    const parts = async (headers: Record<string, string>) =>
      (await (await fetch(`${app.url}/readyz`, { headers })).json()) as { parts: { store: { detail: string } } };
    const detail = async (headers: Record<string, string>) => (await parts(headers)).parts.store.detail;
    expect(await detail({ "x-forwarded-for": "192.0.2.7" })).toBe(read === "known" ? "" : "connected");
    expect(await detail({ authorization: "Bearer viewer" })).toBe("connected");
    expect(await detail({})).toBe("connected");
  });

  it("walks every route there is", () => {
    const walked = new Set(
      [...OPEN, ...READS, ...EDITING, ...ADMINISTERING].map(({ path }) => path.replace(/\?.*/, "")),
    );
    for (const { path } of API_ROUTES) {
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
      expect([path, [...walked].some((each) => pattern.test(each))]).toEqual([path, true]);
    }
  });
});
