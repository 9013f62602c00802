/** Looking back in real Chromium: the time slider, and steps by keys that keep page and moment. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { NOW } from "../support/picture.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, readerOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const BEGIN = NOW - 7_200;

describeReal("pages of the past", ["chromium"], () => {
  let app: ServedApp;
  let browser: Browser;

  beforeAll(async () => {
    const shop = storedShop();
    const reader = readerOf({ ...shop, impacts: [] });
    const list = async () => [{ at: BEGIN, bytes: 40_960, hosts: 8, problems: 0, fault: null }];
    const at = async (moment: number) => ({ reader, at: moment, asOf: moment, exact: true });
    app = await serveApp(depsOf(shop, { history: { list, at } }));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it("are reached by the slider, which says its time as it is moved, and left again", async () => {
    const { page, complaints } = await openPage(browser, `${app.url}/history`);
    const slider = page.locator("#slider");
    const told = page.locator("#slider-time");
    const before = await told.textContent();
    await slider.focus();
    for (let i = 0; i < 5; i += 1) {
      await page.keyboard.press("PageUp");
    }
    const moment = Number(await slider.inputValue());
    expect(moment).toBeGreaterThan(BEGIN + 1_800);
    expect(await told.textContent()).not.toBe(before);
    expect(await slider.getAttribute("aria-valuetext")).toBe(await told.textContent());
    await page.locator(".lookback form", { has: slider }).locator("button").click();
    await page.waitForURL(`${app.url}/?at=${moment}`);
    expect(await page.locator(".past strong").textContent()).toContain(`As it was at ${iso(moment)}`);
    expect(await page.locator("h1").textContent()).toContain("No open problems.");
    await page.locator("nav.site a", { hasText: "Services" }).click();
    await page.waitForURL(`${app.url}/services?at=${moment}`);
    await page.keyboard.press("[");
    await page.waitForURL((url) => url.search === `?at=${moment - 60}`);
    await page.keyboard.press("]");
    await page.waitForURL((url) => url.search === `?at=${moment}`);
    await page.keyboard.press("l");
    await page.waitForURL((url) => url.search === "");
    expect(await page.locator(".past").count()).toBe(0);
    // A page that is left takes its worker along while that still loads.
    expect(complaints.filter((each) => !each.includes("ERR_ABORTED"))).toEqual([]);
  });
});

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
