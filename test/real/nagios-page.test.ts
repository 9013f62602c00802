/** `assets/nagios.js` on the page a real Nagios serves: links repaired, icons added, what else is hit beside the row. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { type RunningNagios, startNagios } from "../support/nagios.ts";
import { CGI_PROGRAMS, type NagiosCgis, startNagiosCgis } from "../support/nagios-cgis.ts";
import { siteGraphs, siteImpact } from "../support/picture.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp } from "../support/web.ts";

const ODD = "Füll/Disk C: + 50 #1";

describeReal("pages of Nagios with our script", [...CGI_PROGRAMS, "chromium"], () => {
  let app: ServedApp;
  let away: Server;
  let nagios: RunningNagios;
  let cgis: NagiosCgis;
  let withoutDotm: NagiosCgis;
  let browser: Browser;
  let opened: Page | undefined;
  let complained: () => string[] = () => [];

  beforeAll(async () => {
    const graphs = siteGraphs({
      hosts: { "db 1": { services: ["3306 mysqld"] }, web01: { services: ["80 nginx"], processes: ["php-fpm"] } },
      needs: [
        ["web01/nginx", "web01/php-fpm"],
        ["web01/php-fpm", "db 1:3306"],
      ],
      states: { "db 1:3306": { state: "CRITICAL", checks: [ODD] }, "web01:80": { state: "OK", checks: ["HTTP"] } },
    });
    const impacts = [siteImpact(graphs, { host: "db 1", check: ODD }, ["db 1:3306"])];
    const origins: string[] = [];
    const config = { basePath: "/", frameAncestors: [], corsOrigins: origins, version: "1" };
    app = await serveApp(depsOf({ graphs, impacts }, { config }));
    const actionUrl = `${app.url}/graph?host=$HOSTNAME$&srv=$SERVICEDESC$`;
    nagios = await startNagios({
      hosts: [
        { name: "db 1", check: "check_state!ok", groups: ["linux"] },
        { name: "web01", check: "check_state!ok", groups: ["linux"] },
      ],
      services: [
        { host: "db 1", name: ODD, check: "check_state!bad", actionUrl },
        { host: "web01", name: "HTTP", check: "check_state!ok", groups: ["shop"] },
        { host: "web01", name: "Load", check: "check_state!ok" },
      ],
      states: { ok: [0, "fine"], bad: [2, "no answer"] },
    });
    const script = (url: string) =>
      `<script src="${url}/assets/nagios.js" defer data-icons="missing" data-badges="1"></script>\n`;
    cgis = await startNagiosCgis(nagios, script(app.url));
    origins.push(new URL(cgis.url).origin);
    // An address at which nobody answers: a port that was just given up.
    away = createServer();
    await new Promise<void>((listening) => away.listen(0, "127.0.0.1", listening));
    const { port } = away.address() as AddressInfo;
    await new Promise((closed) => away.close(closed));
    withoutDotm = await startNagiosCgis(nagios, script(`http://127.0.0.1:${port}`));
    browser = await startChromium();
    await nagios.waitFor("db 1", ODD, (fields) => fields.get("current_state") === "2");
  });
  afterAll(async () => {
    await browser?.close();
    await cgis?.stop();
    await withoutDotm?.stop();
    await nagios?.stop();
    await app?.close();
  });

  async function open(from: NagiosCgis = cgis, path = "status.cgi?host=all"): Promise<Page> {
    await opened?.context().close();
    const { page, complaints } = await openPage(browser, `${from.url}/${path}`);
    opened = page;
    // Nagios itself asks for pictures that the test's folder does not have.
    complained = () => complaints.filter((each) => !/\/nagios4\/|status of 404/.test(each));
    return page;
  }

  it("repairs links that Nagios wrote without encoding, so that the page behind them is the right one", async () => {
    const page = await open();
    const link = page.locator(`a[href^="${app.url}/graph"]`).filter({ has: page.locator("img") });
    const address = await link.getAttribute("href");
    expect(address).toBe(`${app.url}/graph?host=db%201&srv=${encodeURIComponent(ODD)}`);
    await page.goto(address ?? "");
    expect(await page.locator("h1").textContent()).toContain(`db 1 / ${ODD}`);
  });

  it("adds one icon to each host and check that has no link, with a name for those who hear the page", async () => {
    const page = await open();
    const icons = page.locator('a[aria-label^="Trouble map of"]');
    expect(await icons.evaluateAll((links) => links.map((each) => each.getAttribute("aria-label")))).toEqual([
      "Trouble map of db 1",
      "Trouble map of web01",
      "Trouble map of web01 / HTTP",
      "Trouble map of web01 / Load",
    ]);
    await page.goto((await icons.nth(2).getAttribute("href")) ?? "");
    expect(await page.locator("h1").textContent()).toContain("web01 / HTTP");
  });

  it.each(["pointer", "keyboard"])("shows what else is hit beside the row, by %s, within the window", async (how) => {
    const page = await open();
    const link = page.locator(`a[href*="srv="][href^="${app.url}"]`).first();
    await (how === "pointer" ? link.hover() : link.focus());
    const popup = page.locator("#dotm-popup");
    await popup.locator("img").waitFor({ state: "visible" });
    const box = await popup.boundingBox();
    expect(box?.width).toBeGreaterThan(300);
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 1280).toBe(true);
    expect(await link.getAttribute("aria-describedby")).toBe("dotm-popup");
    expect(await page.evaluate('getComputedStyle(document.getElementById("dotm-popup")).pointerEvents')).toBe("none");
    await page.keyboard.press("Escape");
    expect(await popup.count()).toBe(0);
  });

  /** What links to DOTM say beside the things of a page, and the numbers beside them. */
  async function said(page: Page): Promise<{ things: string[]; badges: string[] }> {
    const links = page.locator(`a[href^="${app.url}/graph"]`);
    const things = await links.evaluateAll((all) =>
      all.map((link) => decodeURIComponent((link as unknown as { search: string }).search.slice("?host=".length))),
    );
    return { things, badges: await page.locator(".dotm-badge").allTextContents() };
  }

  const DB = `db 1&srv=${ODD}`;
  const WEB = ["web01&srv=HTTP", "web01&srv=Load"];

  it.each([
    ["status.cgi?host=all", ["db 1", DB, "web01", ...WEB], 1],
    ["status.cgi?host=web01", ["web01", ...WEB], 0],
    ["status.cgi?host=all&servicestatustypes=28", ["db 1", DB], 1],
    ["status.cgi?servicegroup=shop&style=detail", ["web01", "web01&srv=HTTP"], 0],
    ["status.cgi?hostgroup=all&style=hostdetail", ["db 1", "web01"], 0],
    ["status.cgi?hostgroup=all&style=overview", ["db 1", "web01"], 0],
    ["status.cgi?hostgroup=all&style=grid", ["db 1", DB, "web01", ...WEB], 1],
    ["status.cgi?hostgroup=all&style=summary", [], 0],
    ["status.cgi?servicegroup=all&style=grid", ["web01", "web01&srv=HTTP"], 0],
    ["extinfo.cgi?type=1&host=web01", ["web01"], 0],
    ["extinfo.cgi?type=2&host=web01&service=HTTP", ["web01", "web01&srv=HTTP"], 0],
    [`extinfo.cgi?type=2&host=db+1&service=${encodeURIComponent(ODD)}`, ["db 1", DB], 1],
    ["extinfo.cgi?type=7", ["db 1", DB, "web01", ...WEB], 1],
    ["tac.cgi", [], 0],
  ])(
    "leads from %s to each thing on it, and counts beside its problems what they take with them",
    async (path, things, badges) => {
      const page = await open(cgis, path);
      if (badges > 0) {
        await page.locator(".dotm-badge").first().waitFor();
      }
      const found = await said(page);
      expect([...new Set(found.things)].sort()).toEqual([...things].sort());
      expect(found.badges).toEqual(Array.from({ length: badges }, () => "1"));
      for (const how of things.length > 0 ? (["hover", "focus"] as const) : []) {
        const link = page.locator(`a[href^="${app.url}/graph"]`).last();
        await link[how]();
        await page.locator("#dotm-popup img").waitFor({ state: "visible" });
        await page.keyboard.press("Escape");
        expect(await page.locator("#dotm-popup").count()).toBe(0);
      }
      expect(complained()).toEqual([]);
    },
  );

  it("says the number to those who hear the page, too", async () => {
    const page = await open();
    await page.locator(".dotm-badge").waitFor();
    const link = page.locator(`a[href^="${app.url}/graph"]`).filter({ has: page.locator(".dotm-badge") });
    expect(await link.getAttribute("aria-label")).toContain("1 service may be affected");
  });

  it("leaves the page as it is where DOTM is away", async () => {
    const page = await open(withoutDotm);
    expect(await page.locator("table.status").count()).toBe(1);
    expect(await page.locator('a[aria-label^="Trouble map"]').count()).toBe(0);
    // It ended after the page was loaded: a popup that cannot be fetched leaves no empty box.
    const late = await open();
    await late.route("**/popup?*", (route) => route.abort());
    await late.locator('a[aria-label="Trouble map of web01"]').hover();
    await late.waitForEvent("requestfailed");
    await expect.poll(() => late.locator("#dotm-popup").count()).toBe(0);
    await late.route("**/badges", (route) => route.abort());
    await late.reload();
    expect(await late.locator('a[aria-label="Trouble map of web01"]').count()).toBe(1);
    expect(await late.locator(".dotm-badge").count()).toBe(0);
  });
});
