/** Our module in a real Icinga Web 2: the picture on the page of each host and service, in both of its modules. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { atDotmsPlace } from "../support/icinga-module.ts";
import { ICINGA_WEB_PROGRAMS, type RunningIcingaWeb, startIcingaWeb } from "../support/icinga-web.ts";
import { siteGraphs } from "../support/picture.ts";
import { describeAsRoot } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp } from "../support/web.ts";

const ODD = "Füll/Disk C: + 50 #1";

describeAsRoot("pages of Icinga Web with our module", [...ICINGA_WEB_PROGRAMS, "chromium"], () => {
  let app: ServedApp;
  let web: RunningIcingaWeb;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    web = await startIcingaWeb({
      hosts: [
        { name: "db 1", check: "check_state!ok" },
        { name: "web01", check: "check_state!ok" },
      ],
      services: [
        { host: "db 1", name: ODD, check: "check_state!bad" },
        { host: "web01", name: "HTTP", check: "check_state!ok" },
      ],
      states: { ok: [0, "fine"], bad: [2, "no answer"] },
    });
    const graphs = siteGraphs({
      hosts: { "db 1": { services: ["3306 mysqld"] }, web01: { services: ["80 nginx"], processes: ["php-fpm"] } },
      needs: [["web01/php-fpm", "db 1:3306"]],
      states: { "db 1:3306": { state: "CRITICAL", checks: [ODD] }, "web01:80": { state: "OK", checks: ["HTTP"] } },
    });
    const plain = depsOf({ graphs });
    app = await serveApp({ ...plain, config: { ...plain.config, frameAncestors: [new URL(web.url).origin] } });
    browser = await startChromium();
    ({ page, complaints } = await openPage(browser, "about:blank"));
    await web.logIn(page);
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await app?.close();
  });
  beforeEach(() => web.configure({ url: app.url }));

  const service = (name: string, host: string) =>
    `/icingadb/service?name=${encodeURIComponent(name)}&host.name=${encodeURIComponent(host)}`;

  it("shows the picture of a service, whatever it is called, with links that open DOTM beside it", async () => {
    await page.goto(`${web.url}${service(ODD, "db 1")}`);
    const picture = page.locator(".dotm-picture svg");
    await picture.waitFor();
    expect(await picture.textContent()).toContain("mysqld");
    const links = await picture.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((href) => !href?.startsWith(`${app.url}/`))).toEqual([]);
    const [opened] = await Promise.all([page.context().waitForEvent("page"), picture.locator("a").first().click()]);
    await opened.waitForLoadState();
    expect(new URL(opened.url()).origin).toBe(app.url);
    await opened.close();
    const out = page.getByRole("link", { name: "Open in DOTM" });
    const answer = await fetch((await out.getAttribute("href")) ?? "");
    expect(await answer.text()).toContain("Füll/Disk C: + 50 #1");
  });

  it("shows the picture of a host, in the module Icinga DB and in the module monitoring", async () => {
    for (const path of ["/icingadb/host?name=db%201", "/monitoring/host/show?host=db%201"]) {
      await page.goto(`${web.url}${path}`);
      await page.locator(".dotm-picture svg").waitFor();
      expect(await page.locator(".dotm-picture").textContent()).toContain("db 1");
    }
    await page.goto(`${web.url}/monitoring/service/show?host=web01&service=HTTP`);
    await page.locator(".dotm-picture svg").waitFor();
  });

  it("shows the whole site behind its item of the menu", async () => {
    await page.goto(`${web.url}/icingadb/hosts`);
    await page.locator("#menu").getByRole("link", { name: "Trouble Map" }).click();
    await page.locator(".dotm-picture svg").waitFor();
    expect(page.url()).toContain("/dotm/map");
    const image = await page.request.get(`${web.url}/dotm/image`);
    expect(image.headers()["content-type"]).toBe("image/svg+xml");
    expect(await image.text()).toMatch(/^<svg /);
  });

  it("shows a frame where that is wanted", async () => {
    web.configure({ url: app.url, mode: "iframe" });
    await page.goto(`${web.url}${service("HTTP", "web01")}`);
    const frame = page.frameLocator("iframe.dotm-frame");
    await frame.locator("svg").first().waitFor();
    expect(await frame.locator("body").textContent()).toContain("nginx");
  });

  it("leaves the page as it is, with one quiet line, where DOTM is away", async () => {
    const hung = await atDotmsPlace();
    onTestFinished(() => hung.close());
    web.configure({ url: hung.url });
    for (const said of [/^DOTM did not answer within 2 s at http:/, /^DOTM did not answer at http:\S+ a moment ago/]) {
      await page.goto(`${web.url}${service("HTTP", "web01")}`);
      await page.locator(".dotm-missing").waitFor();
      expect(await page.locator(".dotm-missing").textContent()).toMatch(said);
      expect(await page.locator("body").textContent()).toContain("fine");
      expect(await page.getByRole("link", { name: "Open in DOTM" }).getAttribute("href")).toContain(hung.url);
    }
    // Workers of Apache know it of each other.
    expect(hung.asked).toHaveLength(1);
  });

  it("takes an address only where DOTM answers there", async () => {
    await page.goto(`${web.url}/dotm/config`);
    await page.fill("input[name=dotm_url]", "localhost");
    await page.click("input[name=btn_submit]");
    await page.getByText("is no http or https address").waitFor();
    await page.fill("input[name=dotm_url]", `${web.url}`);
    await page.click("input[name=btn_submit]");
    await page.getByText("is not DOTM").waitFor();
    await page.fill("input[name=dotm_url]", app.url);
    await page.fill("input[name=dotm_timeout]", "3");
    await page.click("input[name=btn_submit]");
    await expect.poll(() => web.settings()).toContain('timeout = "3"');
    expect(web.settings()).toContain(`url = "${app.url}"`);
  });

  it("made no page complain", () => {
    // What a page still asked for when the next was opened.
    expect(complaints.filter((complaint) => !complaint.endsWith("net::ERR_ABORTED"))).toEqual([]);
  });
});
