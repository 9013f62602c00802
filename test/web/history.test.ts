import { afterEach, describe, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import type { History, Past } from "../../src/store/history-reader.ts";
import { NOW } from "../support/picture.ts";
import { depsOf, readerOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const THEN = NOW - 3_600;

/** The shop an hour ago: nothing was wrong, and one host was missing. */
function before(exact: boolean, at: number): Past {
  const shop = storedShop();
  const graphs = new Map([...shop.graphs].filter(([host]) => host !== "app02"));
  const revision = { id: `past-${at}`, at };
  return { reader: readerOf({ ...shop, graphs, impacts: [], revision }), at, asOf: exact ? at : THEN, exact };
}

const history = (exact = true): History => ({
  list: async () => [
    { at: THEN, bytes: 40_960, hosts: 7, problems: 0, fault: null },
    { at: THEN + 60, bytes: 0, hosts: 0, problems: 0, fault: "it is being written, or was lost" },
  ],
  at: async (at) => {
    if (at < THEN) {
      throw new DotmError("DOTM_NOT_FOUND", "Nothing is known of then.", "dotm history list");
    }
    return before(exact, at);
  },
});

let served: ServedApp | undefined;
afterEach(() => served?.close());

async function get(path: string, past: History = history(), extra: Parameters<typeof depsOf>[1] = {}) {
  served = await serveApp(depsOf(storedShop(), { history: past, ...extra }));
  const response = await fetch(served.url + path, { redirect: "manual" });
  return { response, text: (await response.text()).replaceAll("&#x3D;", "=").replaceAll("&amp;", "&") };
}

describe("pages of the past", () => {
  it.each(["/", "/graph?host=db01", "/host/db01", "/graph?host=db01&srv=MySQL"])(
    "%s shows it as it was, and says so",
    async (path) => {
      const { response, text } = await get(`${path}${path.includes("?") ? "&" : "?"}at=${THEN + 600}`);
      expect(response.status).toBe(200);
      expect(text).toContain("As it was at 2026-11-23T02:10:00Z.");
      expect(text).toContain("exactly as it was stored then");
      expect(text).toMatch(/<html[^>]* data-past>/);
      expect(text).not.toContain("http-equiv");
      expect(text).toMatch(/<a href="\?[^"]*" data-live>Back to now<\/a>/);
      expect(text).not.toMatch(/<a href="\?[^"]*\bat=[^"]*" data-live>Back to now/);
      expect(response.headers.get("x-dotm-exact")).toBe("true");
    },
  );

  it("links of a past page stay in the past", async () => {
    const { text } = await get(`/graph?host=db01&at=${THEN}`);
    const links = [...text.matchAll(/href="((?:\.\.?\/)?(?:graph|host\/)[^"]*)"/g)].map(([, href]) => href ?? "");
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((href) => !href.includes(`at=${THEN}`))).toEqual([]);
    expect(text).toContain(`<input type="hidden" name="at" value="${THEN}">`);
  });

  /** Pages that are always about now, and what is the same at all times. */
  const OF_NOW = /^(?:\.\.?\/)*(?:(?:hosts|history|health|rules|settings|api)(?:[?#]|$)|assets\/|api\/v1\/openapi)|^#/;

  it.each([
    ...["/", "/map", "/map?fold=0", "/services", "/services?name=mysqld", "/report", "/geo", "/host/db01"],
    ...[
      "/host/db01?sort=host",
      "/graph?host=db01&srv=MySQL",
      "/graph?host=nobody",
      "/graph",
      "/embed/map",
      "/embed/graph?host=db01",
    ],
  ])("all links, exports and forms of %s stay in the past, but for the one back to now", async (path) => {
    for (const name of ["at", "history"]) {
      const { text } = await get(`${path}${path.includes("?") ? "&" : "?"}${name}=${THEN}`);
      const links = [...text.matchAll(/ (?:href|src|action|content)="([^"]*)"([^>]*>[^<]*)/g)]
        .filter(([, href = "", rest = ""]) => !OF_NOW.test(href) && !rest.endsWith(">Back to now"))
        .filter(([whole]) => !/^ content=/.test(whole));
      const lost = links.map(([, href = ""]) => href).filter((href) => !/[?&](?:at|history)=/.test(href));
      const forms = [...text.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([form]) => form);
      expect(lost.filter((href) => !forms.some((form) => form.includes(`action="${href}"`)))).toEqual([]);
      for (const form of forms) {
        expect(form).toContain(`name="at" value="${THEN}"`);
      }
      await served?.close();
    }
  });

  it("steps lead to a while earlier and later, as far as it has come yet", async () => {
    const { text } = await get(`/graph?host=db01&history=${THEN + 600}&theme=dark`);
    const stepsIn = (page: string) =>
      [...page.matchAll(/<a href="([^"]*)" aria-label="([^"]* (?:earlier|later))"/g)].map(([, href, name]) => [
        name,
        href,
      ]);
    const there = (at: number) => `?host=db01&theme=dark&at=${at}`;
    expect(stepsIn(text)).toEqual([
      ["1 h earlier", there(THEN - 3000)],
      ["5 min earlier", there(THEN + 300)],
      ["1 min earlier", there(THEN + 540)],
      ["1 min later", there(THEN + 660)],
      ["5 min later", there(THEN + 900)],
    ]);
    const last = await get(`/?at=${NOW - 30}`);
    expect(stepsIn(last.text).map(([name]) => name)).toEqual(["1 h earlier", "5 min earlier", "1 min earlier"]);
  });

  it("the original's history= is the same", async () => {
    const { text } = await get(`/?history=${THEN}`);
    expect(text).toContain("As it was at 2026-11-23T02:00:00Z.");
    expect(text).toContain("No open problems.");
  });

  it("says where it is not exact", async () => {
    const { text, response } = await get(`/?at=${THEN + 600}`, history(false));
    expect(text).toContain("As it was at 2026-11-23T02:00:00Z.");
    expect(text).toContain("What changed from there to 2026-11-23T02:10:00Z is not known.");
    expect(response.headers.get("x-dotm-exact")).toBe("false");
  });

  it("pictures tell the time they show, and draw what goes wrong", async () => {
    const { text, response } = await get(`/image?host=db01&at=${THEN}`);
    expect(response.headers.get("content-type")).toContain("image/svg+xml");
    expect(text).toContain("As it was at 2026-11-23T02:00:00Z.");
    const wrong = await get("/image?host=db01&at=soon");
    expect(wrong.response.status).toBe(200);
    expect(wrong.text).toContain("is not a time");
    const unknown = await get(`/popup?host=db01&at=${THEN - 60}`);
    expect(unknown.text).toContain("Nothing is known of then.");
  });

  it("the API answers as it was", async () => {
    const { text } = await get(`/api/v1/impacts?at=${THEN}`);
    expect(JSON.parse(text)).toMatchObject({ kind: "ImpactList", items: [] });
    const wrong = await get("/api/v1/impacts?at=soon");
    expect(wrong.response.status).toBe(400);
    expect(JSON.parse(wrong.text).detail).toContain("is not a time");
    const unknown = await get(`/api/v1/impacts?at=${THEN - 60}`);
    expect(unknown.response.status).toBe(404);
    const hypothetical = await get(`/api/v1/impact?host=db01&srv=MySQL&at=${THEN}`);
    expect(JSON.parse(hypothetical.text)).toMatchObject({ kind: "Impact", hypothetical: true });
  });

  it("the original's front end finds the snapshots, and what was then", async () => {
    expect(JSON.parse((await get("/backend/history")).text)).toEqual([`${THEN}`]);
    expect(JSON.parse((await get("/backend/nodes")).text).nodes).toContain("app02");
    expect(JSON.parse((await get(`/backend/nodes?history=${THEN}`)).text).nodes).not.toContain("app02");
    expect((await get(`/backend/nodes?history=${THEN - 60}`)).response.status).toBe(404);
    expect((await get("/backend/nodes?history=../x")).response.status).toBe(404);
  });

  it("refuses what is no time with words", async () => {
    const { response, text } = await get("/?at=%3Cscript%3E");
    expect(response.status).toBe(400);
    expect(text).toContain("is not a time");
    expect(text).not.toContain("<script>");
    // What leads on does not lead to the same failure.
    expect([...text.matchAll(/<a [^>]*href="(?!\?)[^"]*\bat=/g)]).toEqual([]);
    expect(text).not.toContain('name="at"');
    expect((await get(`/?at=${THEN - 60}`)).response.status).toBe(404);
  });
});

describe("/history", () => {
  it("lists snapshots, what is wrong with one, and ways to look back", async () => {
    const { response, text } = await get("/history");
    expect(response.status).toBe(200);
    expect(text).toContain(`<input id="slider" type="range" name="at" min="${THEN}" max="${NOW}"`);
    expect(text).toContain(`<option value="${THEN}">2026-11-23T02:00:00Z</option>`);
    expect(text).toContain("Cannot be read: it is being written, or was lost.");
    expect(text).toContain(`href="./?at=${THEN}"`);
    expect(text).toContain("before the open problems began");
  });

  it("compares two times, what lies around problems first", async () => {
    const { text } = await get(`/history?from=${THEN}`);
    expect(text).toContain("What changed from 2026-11-23T02:00:00Z to 2026-11-23T03:00:00Z");
    expect(text.indexOf("Around the problems")).toBeLessThan(text.indexOf("Elsewhere"));
    expect(text).toContain("db01 / MySQL");
    expect(text).toContain("app02");
    const same = await get(`/history?from=${THEN}&to=${THEN + 5}`);
    expect(same.text).toContain("Nothing: no problem");
    const wrong = await get("/history?from=soon");
    expect(wrong.response.status).toBe(400);
  });

  it("without snapshots names the reason and the next command", async () => {
    const none: History = { ...history(), list: async () => [] };
    expect((await get("/history", none)).text).toContain("dotm doctor");
    const off = { ...DEFAULT_SETTINGS, history: { ...DEFAULT_SETTINGS.history, enabled: false } };
    const reader = { ...readerOf(storedShop()), settings: async () => off };
    const { text } = await get("/history", none, { reader });
    expect(text).toContain("History is switched off");
    expect(text).toContain("dotm settings set history enabled 1");
  });

  it("the API tells the same", async () => {
    const list = JSON.parse((await get("/api/v1/history")).text);
    expect(list).toMatchObject({ kind: "SnapshotList", items: [{ at: THEN, time: "2026-11-23T02:00:00Z" }, {}] });
    const diff = JSON.parse((await get(`/api/v1/history/diff?from=${THEN}`)).text);
    expect(diff).toMatchObject({ kind: "PictureDifference", from: { exact: true, at: "2026-11-23T02:00:00Z" } });
    expect(diff.items).toContainEqual(
      expect.objectContaining({ kind: "problem", change: "added", host: "db01", subject: "MySQL", nearProblem: true }),
    );
    expect((await get("/api/v1/history/diff")).response.status).toBe(400);
  });
});
