/** Every call of the original's front end, with the shape it expects: what it reads of each answer is named here. */
import { afterEach, describe, expect, it } from "vitest";
import { siteGraphs } from "../support/picture.ts";
import { hostsValue, settingsValue } from "../support/settings.ts";
import { depsOf, type Extra, readerOf, type ServedApp, type StoredSite, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function call(path: string, init: RequestInit = {}, deps: Extra = {}, site: StoredSite = storedShop()) {
  app ??= await serveApp(depsOf(site, deps));
  const response = await fetch(`${app.url}/${path}`, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  return { response, text, json: isJson ? JSON.parse(text) : undefined };
}

/** A form as a browser posts it from a page of ours. */
function post(path: string, fields: Record<string, string>, deps: Extra = {}, origin?: string) {
  const body = new URLSearchParams(fields);
  const headers = {
    origin: origin ?? app?.url ?? "null",
    "sec-fetch-site": origin === undefined ? "same-origin" : "cross-site",
  };
  return call(path, { method: "POST", headers, body }, deps);
}

const STATES = /^(?:OK|WARNING|CRITICAL|UNKNOWN|PENDING)$/;

describe.each(["backend", "compat"])("/%s", (root) => {
  it("answers the map of hosts: nodes, their monitoring, lines between them", async () => {
    const { json, response } = await call(`${root}/nodes`);
    expect(response.headers.get("cache-control")).toBe("no-cache, no-store, must-revalidate");
    expect(json.nodes).toContain("db01");
    expect(json.monitoring.db01).toMatchObject({ node: "db01", status: "UP", services_alerts: {}, other_alerts: {} });
    expect(json.connections["app01::db01"]).toEqual({ source: "app01", destination: "db01", ports: [3306] });
    for (const { source, destination } of Object.values<{ source: string; destination: string }>(json.connections)) {
      expect([typeof source, typeof destination]).toEqual(["string", "string"]);
    }
  });

  it("answers one host: status, services, connections, monitoring", async () => {
    const { json, response } = await call(`${root}/nodes/db01`);
    expect(response.headers.get("cache-control")).toBe("max-age=30, must-revalidate");
    expect(json).toMatchObject({
      name: "db01",
      status: { fetch_status: "OK" },
      monitoring: { node: { status: "UP" } },
    });
    const service = json.services["3306"];
    expect(service).toMatchObject({ process: "mysqld", age: "fresh", alert_status: "CRITICAL" });
    expect(Number(service.last_seen) + Number(service.last_connection)).toBeGreaterThan(1e9);
    const into = json.connections["3306::app01"];
    expect(into).toMatchObject({
      direction: "in",
      process: "mysqld",
      local_port: "3306",
      remote_host: "app01",
      age: "fresh",
    });
    expect(json.connections["2049::nfs01"]).toMatchObject({
      direction: "out",
      remote_port: "2049",
      remote_service_id: "dotm::services::nfs01::2049",
      remote_service: { process: "nfsd" },
    });
    const [alert] = json.monitoring.services;
    expect(alert).toMatchObject({ node: "db01", service: "MySQL", status: "CRITICAL", mapping: "mysqld" });
    expect(typeof alert.last_check + typeof alert.last_status_change).toBe("numbernumber");
  });

  it("answers a host nobody knows with nothing in it, as the original did", async () => {
    const { response, json } = await call(`${root}/nodes/nobody`);
    expect(response.status).toBe(200);
    expect(json).toMatchObject({ status: {}, services: {}, connections: {}, monitoring: { node: null, services: [] } });
  });

  it("answers the map of services: by process, with lines and what is wrong", async () => {
    const { json } = await call(`${root}/services`);
    expect(json.services.mysqld).toEqual({ nodes: ["db01", "db02"], port: "3306" });
    expect(json.connections["java::mysqld"]).toEqual({ source: "java", destination: "mysqld" });
    expect(json.monitoring).toContainEqual({ service: "mysqld", status: "CRITICAL", node: "db01" });
  });

  it("answers settings the forms can be drawn from", async () => {
    const { json } = await call(`${root}/settings`);
    expect(Object.keys(json).sort()).toHaveLength(11);
    for (const setting of Object.values<Record<string, unknown>>(json)) {
      expect(setting).toMatchObject({
        title: expect.any(String),
        description: expect.any(String),
        position: expect.any(Number),
      });
      expect(["single_value", "array", "hash"]).toContain(setting["type"]);
      expect(setting["fields"]).toBeInstanceOf(Array);
    }
    expect(new Set(Object.values<{ position: number }>(json).map(({ position }) => position)).size).toBe(11);
    expect(json.aging).toMatchObject({ type: "hash", values: { Services: "300", Connections: "300" } });
    expect(json.service_mapping).toMatchObject({ type: "hash", add: true, values: {} });
    expect(json.service_port_whitelist).toMatchObject({
      type: "single_value",
      values: expect.stringContaining("53,953,22"),
    });
    expect(json.other_internal_networks).toMatchObject({ type: "array", add: true, values: [] });
  });

  it("answers the report, the list of snapshots, places, monitoring and suggestions", async () => {
    const reader = {
      ...readerOf(storedShop()),
      alarms: async () => [
        ...[{ kind: "agent-silent" as const, host: "db02", object: "db02", peer: null, since: null }].map((alarm) => ({
          ...alarm,
          severity: "CRITICAL" as const,
          text: "silent <b>",
          details: {},
        })),
      ],
    };
    const { json } = await call(
      `${root}/report`,
      {},
      { reader, namedHosts: async () => [{ name: "new1", address: "10.0.0.99" }] },
    );
    expect(json.alerts).toEqual({ db02: [{ category: "agent", severity: "CRITICAL", message: "silent &lt;b&gt;" }] });
    expect((await call(`${root}/history`)).json).toEqual([]);
    expect((await call(`${root}/geo/nodes`)).json).toEqual({ locations: [] });
    expect((await call(`${root}/mon/nodes`)).json).toContain("db01");
    expect((await call(`${root}/mon/nodes/db01`)).json).toMatchObject({ node: "db01", status: "UP" });
    expect((await call(`${root}/mon/nodes/db01/status`)).json).toEqual({ status: "UP" });
    for (const path of ["mon/nodes/nobody", "mon/nodes/db01/nothing", "mon/nodes/db01/constructor", "nothing"]) {
      const missing = await call(`${root}/${path}`);
      expect([missing.response.status, missing.json], path).toEqual([
        404,
        { error: { message: "Not Found", status_code: 404 } },
      ]);
    }
    expect((await call(`${root}/mon/services/db01`)).json[0].status).toMatch(STATES);
    expect((await call(`${root}/nodes/suggestions`)).json).toEqual({ nodes: ["new1"] });
    expect(Number((await call(`${root}/config`)).json.last_updated)).toBeGreaterThan(1e9);
  });

  it("takes the forms of the settings and answers OK, or what is wrong with status 200", async () => {
    const settings = settingsValue();
    await call(`${root}/settings`, {}, { settings });
    const ok = async (path: string, fields: Record<string, string>) => {
      const { response, text } = await post(`${root}/settings/${path}`, fields);
      expect([response.status, text], path).toEqual([200, "OK"]);
    };
    await ok("setHash/service_mapping", { key1: "^Shop", value1: "^java" });
    await ok("setHash/aging", { key1: "Services", value1: "600", key2: "Connections", value2: "700" });
    await ok("add/other_internal_networks", { value: "198.51.100.0/24" });
    await ok("set/service_port_whitelist", { value: "22,53" });
    let { json } = await call(`${root}/settings`);
    expect(json.service_mapping.values).toEqual({ "^Shop": "^java" });
    expect(json.aging.values).toEqual({ Services: "600", Connections: "700" });
    expect(json.other_internal_networks.values).toEqual(["198.51.100.0/24"]);
    expect(json.service_port_whitelist.values).toBe("22,53");
    await ok("delHash/service_mapping", { key: "^Shop" });
    await ok("remove/other_internal_networks", { key: "198.51.100.0/24" });
    ({ json } = await call(`${root}/settings`));
    expect([json.service_mapping.values, json.other_internal_networks.values]).toEqual([{}, []]);
    for (const [path, fields] of [
      ["add/aging_", { value: "1" }],
      ["explode/aging", { value: "1" }],
      ["add/other_internal_networks", { value: "nonsense" }],
    ] as const) {
      const bad = await post(`${root}/settings/${path}`, fields);
      expect([bad.response.status, bad.json?.error.status_code], path).toEqual([200, 400]);
    }
  });

  it("never tells the password, and keeps it where the form sends the mask back", async () => {
    const settings = settingsValue();
    await settings.set("nagios_instance", "geheim", "password");
    await call(`${root}/settings`, {}, { settings });
    expect((await call(`${root}/settings`)).json.nagios_instance.values.password).toBe("***");
    await post(`${root}/settings/setHash/nagios_instance`, {
      key1: "user",
      value1: "me",
      key2: "password",
      value2: "***",
    });
    const kept = await settings.entries("nagios_instance");
    expect(kept).toEqual(
      expect.arrayContaining([
        { field: "user", value: "me" },
        { field: "password", value: "geheim" },
      ]),
    );
  });

  it("adds and removes hosts", async () => {
    const hosts = hostsValue();
    await call(`${root}/nodes`, {}, { hosts });
    const added = await post(`${root}/nodes`, { action: "add", name: "new1" });
    expect([added.response.status, added.text]).toEqual([200, ""]);
    expect(await hosts.list()).toEqual([{ host: "new1", type: "ssh", address: null }]);
    await post(`${root}/nodes`, { action: "remove", name: "new1" });
    expect(await hosts.list()).toEqual([]);
  });

  it("takes no form of another page, and none of a stranger", async () => {
    await call(`${root}/nodes`);
    expect(
      (
        await post(
          `${root}/settings/add/other_internal_networks`,
          { value: "198.51.100.0/24" },
          {},
          "https://evil.example",
        )
      ).response.status,
    ).toBe(403);
    const stranger = await call(`${root}/settings/add/other_internal_networks`, {
      method: "POST",
      headers: { origin: app?.url ?? "", "x-forwarded-for": "192.0.2.7" },
      body: new URLSearchParams({ value: "198.51.100.0/24" }),
    });
    expect(stranger.response.status).toBe(401);
    expect((await call(`${root}/settings`)).json.other_internal_networks.values).toEqual([]);
    expect((await call(`${root}/nodes/db01`, { method: "DELETE" })).response.status).toBe(405);
  });

  it("gives the front end, which writes texts into its page as they are, none that is markup", async () => {
    const bad = "<img src=x onerror=alert(1)>";
    const graphs = siteGraphs({
      hosts: { [`a");alert(1);//`]: { services: ["80 nginx"] }, web01: { services: [`80 ${bad}`] } },
      needs: [],
      states: { "web01:80": { state: "CRITICAL", checks: [bad] } },
    });
    await call(`${root}/nodes`, {}, {}, { graphs });
    expect((await call(`${root}/nodes`)).json.nodes).toEqual(["web01"]);
    for (const path of ["nodes", "nodes/web01", "mon/services/web01", "services"]) {
      const { text } = await call(`${root}/${path}`);
      expect(text.replaceAll(/"(?:services_alerts|other_alerts)":\{[^}]*\}/g, ""), path).not.toContain("<img");
    }
  });
});
