/** The pages in real Chromium: without script, on small screens, in the dark, on paper, and framed. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const GRAPH = "/graph?host=db01&srv=MySQL";

describeReal("pages in a browser", ["chromium"], () => {
  let app: ServedApp;
  let browser: Browser;

  beforeAll(async () => {
    app = await serveApp(depsOf(storedShop()));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it.each(["/", GRAPH, "/graph?host=mq01", "/host/db01", "/graph?host=db9"])(
    "%s breaks no policy and misses nothing",
    async (path) => {
      const { page, complaints } = await openPage(browser, app.url + path);
      expect(complaints).toEqual([]);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.evaluate<string>("getComputedStyle(document.body).fontFamily")).toContain("system-ui");
      await page.context().close();
    },
  );

  it("answers without script: the sentence, the picture with its links, the table", async () => {
    const { page, complaints } = await openPage(browser, app.url + GRAPH, { javaScript: false });
    expect(complaints).toEqual([]);
    expect(await page.locator("h1").textContent()).toContain("db01 / MySQL is CRITICAL");
    const failed = page.locator("svg a[data-focus]");
    expect((await failed.boundingBox())?.width).toBeGreaterThan(100);
    expect(await page.locator("tbody tr").count()).toBeGreaterThan(8);
    await page.locator('svg a[aria-label^="app02 :8080"]').click();
    await page.waitForURL(/host=app02&srv=Tomcat/);
    expect(await page.locator("h1").textContent()).toContain("app02 / Tomcat");
    await page.context().close();
  });

  it.each(["/", GRAPH, "/host/db01"])(
    "%s fits a screen of 320 pixels: only pictures and tables scroll sideways",
    async (path) => {
      const { page } = await openPage(browser, app.url + path, { width: 320, height: 640 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      await page.context().close();
    },
  );

  it("brings what the picture is about into sight on a small screen", async () => {
    const { page } = await openPage(browser, app.url + GRAPH, { width: 320, height: 640 });
    const box = await page.locator("svg a[data-focus]").boundingBox();
    expect(box?.x).toBeGreaterThan(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(320);
    await page.context().close();
  });

  it("follows the dark of the system, the theme asked for, and paper", async () => {
    const background = (page: Page) =>
      page.evaluate(
        '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("svg > rect")).fill]',
      );
    const dark = ["rgb(18, 22, 27)", "rgb(18, 22, 27)"];
    const light = ["rgb(255, 255, 255)", "rgb(255, 255, 255)"];
    const system = await openPage(browser, app.url + GRAPH, { colorScheme: "dark" });
    expect(await background(system.page)).toEqual(dark);
    await system.page.emulateMedia({ media: "print" });
    expect(await background(system.page)).toEqual(light);
    const asked = await openPage(browser, `${app.url}${GRAPH}&theme=dark`, { colorScheme: "light" });
    expect(await background(asked.page)).toEqual(dark);
    const bright = await openPage(browser, `${app.url}${GRAPH}&theme=light`, { colorScheme: "dark" });
    expect(await background(bright.page)).toEqual(light);
    for (const { page } of [system, asked, bright]) {
      await page.context().close();
    }
  });

  it("cuts no text: every label lies inside its row, every row inside its host", async () => {
    const { page } = await openPage(browser, `${app.url}/`);
    const outside = await page.evaluate(`
      [...document.querySelectorAll("svg a[aria-label]")].flatMap((link) => {
        const frame = link.querySelector("rect")?.getBoundingClientRect();
        return frame === undefined ? [] : [...link.querySelectorAll("text")]
          .map((text) => text.getBoundingClientRect())
          .filter((text) => text.left < frame.left || text.right > frame.right + 0.5)
          .map(() => link.getAttribute("aria-label"));
      })`);
    expect(outside).toEqual([]);
    await page.context().close();
  });

  it("can be used by keyboard: the search by /, the picture in reading order", async () => {
    const { page } = await openPage(browser, app.url + GRAPH);
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("search-host");
    const labels = await page
      .locator("svg a[aria-label]")
      .evaluateAll((links) => links.map((link) => link.getAttribute("aria-label")));
    const rows = labels.filter((label) => label !== null && !label.startsWith("host "));
    expect(rows[0]).toContain("db01 :3306 mysqld");
    await page.locator("svg a[data-focus]").focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(rows[1]);
    await page.context().close();
  });

  it("names every link, field and picture", async () => {
    const { page } = await openPage(browser, `${app.url}/`);
    const nameless = await page.evaluate(`
      [...document.querySelectorAll("a, button, input:not([type=hidden])")]
        .filter((each) => (each.getAttribute("aria-label") ?? each.textContent.trim()) === "" && each.labels?.length !== 1)
        .map((each) => each.outerHTML)`);
    expect(nameless).toEqual([]);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.context().close();
  });

  it("shows itself in a sandboxed frame of its own origin and as a picture of any other", async () => {
    const host = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(
        `<iframe sandbox="allow-same-origin allow-scripts allow-popups allow-forms" src="${app.url}${GRAPH}" width="900" height="600"></iframe>
         <img src="${app.url}/image?host=db01&srv=MySQL"><img src="${app.url}/popup?host=nobody">`,
      );
    });
    await new Promise<void>((listening) => host.listen(0, "127.0.0.1", listening));
    const outer = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    const framed = await serveApp(
      depsOf(storedShop(), { config: { basePath: "/", frameAncestors: [outer], version: "1" } }),
    );
    const { page } = await openPage(browser, outer);
    const widths = await page.evaluate<number[]>("[...document.images].map((image) => image.naturalWidth)");
    expect(widths.every((width) => width > 300)).toBe(true);
    // Another origin, not among the ancestors: the frame stays empty.
    expect(await page.frames()[1]?.content()).not.toContain("MySQL");
    await page.evaluate(`document.querySelector("iframe").src = ${JSON.stringify(framed.url + GRAPH)}`);
    await page.frameLocator("iframe").locator("h1").waitFor();
    await page.context().close();
    await framed.close();
    await new Promise((closed) => host.close(closed));
  });

  it("keeps itself current: a changed state appears without loading anew", async () => {
    let revision = { id: "1-0", at: storedShop().revision?.at ?? 0 };
    const site = storedShop();
    let impacts = site.impacts ?? [];
    const deps = depsOf(site);
    const reader = {
      ...deps.reader,
      revision: async () => revision,
      problems: async () => impacts.length,
      ranking: async () => impacts.map(({ problem }) => ({ host: problem.host, check: problem.check, affected: 1 })),
    };
    const live = await serveApp({ ...deps, reader });
    const { page } = await openPage(browser, `${live.url}/`);
    await page.evaluate("globalThis.kept = true");
    impacts = [];
    revision = { id: "2-0", at: revision.at };
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange")) && undefined');
    await page.locator("h1", { hasText: "No open problems." }).waitFor();
    expect(await page.evaluate("globalThis.kept")).toBe(true);
    await page.context().close();
    await live.close();
  });
});
