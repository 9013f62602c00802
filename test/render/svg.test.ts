import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Impact } from "../../src/model/impact.ts";
import { graphLink } from "../../src/render/graph-link.ts";
import { layeredLayout } from "../../src/render/layered-layout.ts";
import { paletteStylesheet } from "../../src/render/palette.ts";
import { renderPopup } from "../../src/render/popup.ts";
import { selectOverview, selectPicture } from "../../src/render/select-picture.ts";
import { renderSentence } from "../../src/render/sentence-svg.ts";
import { renderSvg, type SvgOptions } from "../../src/render/svg.ts";
import { verdictOf } from "../../src/render/verdict.ts";
import { shop, siteGraphs, siteImpact } from "../support/picture.ts";

function options(impact: Impact, extra: Partial<SvgOptions> = {}): SvgOptions {
  return {
    palette: "dotm",
    theme: "light",
    verdict: verdictOf(impact),
    withVerdict: true,
    freshness: "nagios 4 s ago; agents 11 of 12 fresh",
    impact,
    hrefOf: graphLink,
    ...extra,
  };
}

function shopSvg(extra: Partial<SvgOptions> = {}): string {
  const { graphs, impact } = shop();
  const picture = selectPicture(graphs, { impact });
  return renderSvg(picture, layeredLayout(picture), options(impact, extra));
}

/** The elements of an XML text with their attributes; fails where the text is not well formed. */
function parseXml(xml: string): { name: string; attributes: Map<string, string> }[] {
  const elements: { name: string; attributes: Map<string, string> }[] = [];
  const open: string[] = [];
  const token = /<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    const [, closing, name = "", attributes = "", selfClosing, text] = match;
    if (text !== undefined) {
      expect(text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[&>]/);
    } else if (closing === "/") {
      expect(open.pop()).toBe(name);
    } else {
      elements.push({
        name,
        attributes: new Map(
          [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
        ),
      });
      if (selfClosing !== "/") {
        open.push(name);
      }
    }
    if (token.lastIndex === xml.length) {
      expect(open).toEqual([]);
      return elements;
    }
  }
  throw new Error(`not well formed after ${elements.length} elements: ${xml.slice(0, 200)}`);
}

describe("renderSvg", () => {
  it("is well formed and says what it is to those who do not see it", () => {
    const elements = parseXml(shopSvg());
    const root = elements[0]?.attributes;
    expect(root?.get("role")).toBe("graphics-document document");
    const named = (root?.get("aria-labelledby") ?? "").split(" ");
    expect(named.map((id) => elements.find(({ attributes }) => attributes.get("id") === id)?.name)).toEqual([
      "title",
      "desc",
    ]);
    expect(shopSvg()).toContain("db01 / MySQL is CRITICAL for 14 min");
  });

  it("uses presentation attributes only: no style, no script, no handler, nothing from elsewhere", () => {
    for (const theme of ["light", "dark", "print", "auto"] as const) {
      for (const { name, attributes } of parseXml(shopSvg({ theme }))) {
        expect(["script", "style", "foreignObject", "image", "use", "iframe"]).not.toContain(name);
        for (const [key, value] of attributes) {
          expect(key).not.toMatch(/^(on|style$|class$|xlink)/);
          expect(value).not.toMatch(/javascript:|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
        }
      }
    }
  });

  it("links every service and host, what failed first, then what it hits from near to far", () => {
    const links = parseXml(shopSvg()).filter(({ name }) => name === "a");
    const labels = links.map(({ attributes }) => attributes.get("aria-label") ?? "");
    const rows = labels.filter((label) => !label.startsWith("host "));
    expect(rows[0]).toBe("db01 :3306 mysqld, CRITICAL, hard, check MySQL");
    expect(rows.slice(1, 5).map((label) => label.split(" ")[0])).toEqual(["app01", "app02", "backup01", "db02"]);
    expect(links.every(({ attributes }) => attributes.get("href")?.startsWith("graph?host="))).toBe(true);
    expect(links.some(({ attributes }) => attributes.get("href") === "graph?host=db01&amp;srv=MySQL")).toBe(true);
  });

  it("tells own state, propagated state and handling apart without colour", () => {
    const svg = shopSvg();
    expect(svg).toContain("app01 :8080 java, CRITICAL, hard, affected through its dependencies, check Tomcat");
    expect(svg).toContain("app02 :8080 java, OK, hard, affected through its dependencies, check Tomcat");
    expect(svg).toContain(
      "db02 :3306 mysqld, WARNING, hard, acknowledged, affected through its dependencies, check MySQL",
    );
    expect(svg).toContain("web01 :80 nginx, CRITICAL, soft");
    const letters = [...svg.matchAll(/aria-hidden="true">([CWA?])</g)].map(([, letter]) => letter);
    expect(new Set(letters)).toEqual(new Set(["C", "W", "A"]));
  });

  it("says what it does not draw and how fresh it is", () => {
    const svg = shopSvg();
    expect(svg).toMatch(/3 more services or processes that may be affected lie farther away/);
    expect(svg).toContain("nagios 4 s ago; agents 11 of 12 fresh");
    expect(svg).toContain("no agent");
  });

  it("leaves the verdict to the page where asked", () => {
    const bare = parseXml(shopSvg({ withVerdict: false }));
    expect(bare.length).toBeLessThan(parseXml(shopSvg()).length);
    expect(shopSvg({ withVerdict: false })).not.toContain("Root problem");
  });

  it("takes its colours from variables that the stylesheet defines where the theme is auto", () => {
    const used = new Set(
      [...shopSvg({ theme: "auto" }).matchAll(/var\((--[\w-]+),#[0-9a-f]{6}\)/g)].map(([, name]) => name),
    );
    const css = paletteStylesheet();
    expect(used.size).toBeGreaterThan(8);
    for (const name of used) {
      expect(css).toContain(`${name}:#`);
    }
  });

  it("stays well formed whatever hosts, processes and checks are called", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
      fc.constantFrom(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "]]>",
        "&#x0;",
        "\u202egnp.exe",
        "\ud800",
        "__proto__",
      ),
    );
    fc.assert(
      fc.property(name, name, (process, check) => {
        const id = `h/${process}`;
        const graphs = siteGraphs({
          hosts: { h: { processes: [process] }, db: { services: ["1 x"] } },
          needs: [[id, "db:1"]],
          states: { "db:1": { state: "CRITICAL", checks: [check] }, [id]: { degree: "affected" } },
        });
        const impact = siteImpact(graphs, { host: "db", check, output: process }, ["db:1"]);
        const picture = selectPicture(graphs, { impact });
        parseXml(renderSvg(picture, layeredLayout(picture), options(impact)));
        parseXml(renderPopup(impact, { palette: "dotm", theme: "dark", freshness: process }));
        parseXml(renderSentence(check, { palette: "dotm", theme: "light", tone: "unknown", notes: [process] }));
      }),
      { numRuns: 200 },
    );
  });

  it("draws an empty picture as its verdict alone", () => {
    const { impact } = shop();
    const picture = selectOverview(new Map());
    expect(parseXml(renderSvg(picture, layeredLayout(picture), options(impact)))[0]?.name).toBe("svg");
  });
});

describe("renderPopup", () => {
  it("names the nearest of what is hit and counts the rest", () => {
    const svg = renderPopup(shop().impact, { palette: "dotm", theme: "light", freshness: "nagios 4 s ago" });
    parseXml(svg);
    expect(svg).toContain("app01:8080 java");
    expect(svg).toMatch(/and \d+ more/);
    expect(svg).toContain("affected, 1 hop");
  });
});
