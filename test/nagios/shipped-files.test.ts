/** Files for Grafana, Prometheus, Thruk and Checkmk, none of which can be installed here: their form, and that what they ask for is there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { graphRoutes } from "../../src/web/api/routes/graph.ts";
import { readMetrics } from "../../src/web/metrics.ts";
import { ROOT } from "../support/process.ts";
import { depsOf } from "../support/web.ts";

const shipped = (path: string) => readFileSync(join(ROOT, "nagios", path), "utf8");

let figures: ReadonlySet<string>;
beforeAll(async () => {
  figures = new Set(
    [...(await readMetrics(depsOf({ graphs: new Map() }))).matchAll(/^# TYPE (\w+)/gm)].map(([, name = ""]) => name),
  );
});

/** Figures of ours that an expression names and nobody tells. */
const unknownFigures = (expression: string) =>
  [...expression.matchAll(/\bdotm_\w+/g)].map(([name]) => name).filter((name) => !figures.has(name));

describe("Grafana", () => {
  const dashboard = JSON.parse(shipped("grafana/dotm-dashboard.json")) as {
    uid: string;
    panels: { id: number; type: string; targets: { refId: string; expr?: string; format?: string; url?: string }[] }[];
    templating: { list: { name: string }[] };
  };
  const targets = dashboard.panels.flatMap((panel) => panel.targets);

  it("asks for figures that /metrics tells", () => {
    const expressions = targets.flatMap(({ expr }) => expr ?? []);
    expect(expressions.length).toBeGreaterThan(4);
    expect(expressions.flatMap(unknownFigures)).toEqual([]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it("draws nodes and edges from routes that are there, by variables that are there", () => {
    const graph = dashboard.panels.find(({ type }) => type === "nodeGraph");
    expect(graph?.targets.map(({ format }) => format)).toEqual(["node-graph-nodes", "node-graph-edges"]);
    const variables = new Set(dashboard.templating.list.map(({ name }) => name));
    for (const { url = "" } of graph?.targets ?? []) {
      expect(graphRoutes.map(({ path }) => path)).toContain(url.split("?")[0]);
      for (const [, name = ""] of url.matchAll(/\$\{(\w+)/g)) {
        expect(variables).toContain(name);
      }
    }
  });

  it("is provisioned with the data source that the dashboard names", () => {
    const source = parse(shipped("grafana/dotm-datasource.yaml")) as { datasources: { uid: string; type: string }[] };
    expect(source.datasources[0]).toMatchObject({ uid: "dotm", type: "yesoreyeram-infinity-datasource" });
    expect(JSON.stringify(dashboard)).toContain('"uid":"dotm"');
    expect(parse(shipped("grafana/dotm-dashboards.yaml"))).toMatchObject({ providers: [{ type: "file" }] });
  });
});

it("Prometheus' rules alert on figures that /metrics tells, each with a sentence", () => {
  const { groups } = parse(shipped("prometheus/dotm-alerts.yml")) as {
    groups: { rules: { alert: string; expr: string; for: string; annotations: { summary: string } }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(4);
  for (const { alert, expr, annotations, ...rule } of rules) {
    expect(unknownFigures(expr), alert).toEqual([]);
    expect(rule.for, alert).toMatch(/^\d+m$/);
    expect(annotations.summary, alert).not.toBe("");
  }
});

it("Thruk's menu is JSON whose items open the picture, and the name it is applied by is its file's", () => {
  const menu = JSON.parse(shipped("thruk/action_menus/dotm.json")) as { menu: { action: string }[] };
  for (const { action } of menu.menu) {
    expect(action).toMatch(/^https:\/\/dotm\.example\.net\/graph\?host=\$HOSTNAME\$(?:&srv=\$SERVICEDESC\$)?$/);
  }
  expect(shipped("thruk/thruk_local.conf")).toMatch(/^ {4}dotm = \.\*;\.\+\$$/m);
  expect(shipped("thruk/menu_local.conf")).toMatch(/^insert_item\(.*'target' => 'main' \}\);$/m);
});

it("Checkmk's icon asks by the names as it encodes them itself", () => {
  expect(shipped("checkmk/dotm.mk")).toContain("host=$HOSTNAME_URL_ENCODED$&srv=$SERVICEDESC_URL_ENCODED$");
});
