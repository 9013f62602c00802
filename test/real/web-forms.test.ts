/** All pages in real Chromium: with script and without, small, dark, on paper, by keyboard, and for those who do not see. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AppDeps } from "../../src/web/app-deps.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { fullDeps, notesAt, PAGES, PLACES } from "../support/full-site.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const FORMS = ["/hosts", "/rules", "/settings"];

describeReal("all pages in a browser", ["chromium"], () => {
  let app: ServedApp;
  let browser: Browser;

  beforeAll(async () => {
    const notes = new Map(PLACES.map(([host, value]) => [host, notesAt(host, value)]));
    app = await serveApp(await fullDeps({ ...storedShop(), notes }));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const open = (path: string, window: Parameters<typeof openPage>[2] = {}) => openPage(browser, app.url + path, window);

  it.each(PAGES)(
    "%s breaks no policy, misses nothing, and is reached from the navigation or leads there",
    async (path) => {
      const { page, complaints } = await open(path);
      expect(complaints).toEqual([]);
      expect(await page.locator("h1").count()).toBe(1);
      const links = await page.locator("nav.site a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      expect(links.length).toBeGreaterThan(8);
      const current = await page.locator('nav.site [aria-current="page"]').count();
      expect(current).toBe(path.startsWith("/graph") ? 0 : 1);
      await page.context().close();
    },
  );

  it.each(PAGES)("%s is whole without script", async (path) => {
    const { page, complaints } = await open(path, { javaScript: false });
    expect(complaints).toEqual([]);
    expect(await page.locator("h1").textContent()).not.toBe("");
    const refreshes = await page.locator("noscript").evaluateAll((all) => all.length);
    expect(refreshes).toBe(FORMS.some((form) => path.startsWith(form)) ? 0 : 1);
    await page.context().close();
  });

  it.each(PAGES)("%s fits 320 pixels, dark as well as light", async (path) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open(path, { width: 320, height: 640, colorScheme });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      await page.context().close();
    }
  });

  it.each(PAGES)("%s has names, roles, order and contrast for everybody, in both themes", async (path) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open(path, { colorScheme });
      await page.evaluate(axe.source);
      const found =
        await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(VIOLATIONS);
      const told = found.map(({ id, nodes }) => [id, nodes[0]?.html.slice(0, 200), nodes[0]?.failureSummary]);
      expect([colorScheme, told]).toEqual([colorScheme, []]);
      await page.context().close();
    }
  });

  it.each(PAGES)("%s is used by keyboard in the order it is read, and shows where one is", async (path) => {
    const { page } = await open(path);
    const order = await tabOrder(page, 60);
    expect(order[0]?.text).toBe("Skip to the table");
    expect(order.length).toBeGreaterThan(10);
    // In the order of the document, nothing skipped over backwards, every stop visible.
    const places = order.map(({ place }) => place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(order.filter(({ outline }) => outline === "none").map(({ text }) => text)).toEqual([]);
    await page.context().close();
  });

  it.each(["/services", "/report", "/host/db01", "/map"])(
    "%s prints without navigation and cuts no table",
    async (path) => {
      const { page } = await open(path, { colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("nav.site").isVisible()).toBe(false);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.length).toBeGreaterThan(5_000);
      await page.context().close();
    },
  );

  it("changes settings without script: adds, refuses with the reason, removes", async () => {
    const { page, complaints } = await open("/settings", { javaScript: false });
    const card = page.locator("#other_internal_networks");
    await card.locator('input[name="value"]').fill("nonsense");
    await card.getByRole("button", { name: "Add" }).click();
    await page.locator('[role="alert"]').waitFor();
    expect(await page.locator('[role="alert"]').textContent()).toContain("is not a network");
    await card.locator('input[name="value"]').fill("198.51.100.0/24");
    await card.getByRole("button", { name: "Add" }).click();
    await page.waitForURL(/done=other_internal_networks/);
    expect(await page.locator("#other_internal_networks").textContent()).toContain("198.51.100.0/24");
    await page.getByRole("button", { name: "Remove 198.51.100.0/24" }).click();
    await page.waitForURL(/done=other_internal_networks/);
    expect(await page.locator("#other_internal_networks").textContent()).toContain("Nothing yet.");
    await page.locator('input[name="field.Services"]').first().fill("600");
    await page.locator("#aging").getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/done=aging/);
    expect(await page.locator("#aging input").nth(2).inputValue()).toBe("600");
    expect(complaints.filter((each) => !each.startsWith("HTTP 400") && !each.includes("status of 400"))).toEqual([]);
    await page.context().close();
  });

  it("shows while one writes what a rule would match, and takes it", async () => {
    const { page } = await open("/rules");
    await page.getByLabel("Check").fill("MySQL");
    await page.getByLabel("Process").pressSequentially("mysqld$");
    await page.locator("#preview", { hasText: "It matches 2 checks" }).waitFor();
    expect(await page.getByLabel("Process").inputValue()).toBe("mysqld$");
    await page.getByRole("button", { name: "Take this rule" }).click();
    await page.waitForURL(/done=taken/);
    expect(await page.locator("#table").textContent()).toContain("mysqld$");
    await page.getByRole("button", { name: "Remove MySQL" }).click();
    await page.waitForURL(/done=removed/);
    await page.context().close();
  });

  it("says to who may not write what it would take, and shows no buttons", async () => {
    const access: AppDeps["access"] = {
      ...depsOf(storedShop()).access,
      proxy: {
        isTrusted: () => true,
        isSecret: () => true,
        userHeader: "x-user",
        groupsHeader: "x-groups",
        editors: [],
        admins: [],
      },
    };
    const viewer = await serveApp(await fullDeps(storedShop(), ["^Shop"], { access }));
    const context = await browser.newContext({ extraHTTPHeaders: { "x-user": "ann" } });
    const page = await context.newPage();
    for (const path of FORMS) {
      await page.goto(viewer.url + path);
      expect(await page.locator("main").textContent()).toContain("You may look here; changing needs");
      expect(await page.locator('main form[method="post"] button').count()).toBe(0);
    }
    await context.close();
    await viewer.close();
  });
});

/**
 * In pictures, letters and titles of shapes are no labels: a link's name says there in words what the shapes mean, so that
 * the name need not hold them.
 */
const VIOLATIONS = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
  .then(({ violations }) => violations
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.filter(({ target }) =>
        id !== 'label-content-name-mismatch' || document.querySelector(target[0])?.closest('svg') == null),
    }))
    .filter(({ nodes }) => nodes.length > 0))`;

/** What the tabulator key stops at, with its place in the document and the outline it shows. */
async function tabOrder(page: Page, most: number) {
  const stops: { text: string; place: number; outline: string }[] = [];
  for (let at = 0; at < most; at += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate<{ text: string; place: number; outline: string } | null>(`(() => {
      const each = document.activeElement;
      if (each === null || each === document.body) return null;
      const style = getComputedStyle(each);
      return {
        text: (each.getAttribute("aria-label") ?? each.textContent ?? "").trim().slice(0, 60),
        place: [...document.querySelectorAll("*")].indexOf(each),
        outline: style.outlineStyle,
      };
    })()`);
    if (stop === null) {
      return stops;
    }
    stops.push(stop);
  }
  return stops;
}
