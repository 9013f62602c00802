/** `dotm nagios install` on a real Nagios behind a real Apache, looked at in a real Chromium: no object was changed. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dotm } from "../cli/run-command.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { type RunningNagios, startNagios } from "../support/nagios.ts";
import { CGI_PROGRAMS, type NagiosCgis, startNagiosCgis } from "../support/nagios-cgis.ts";
import { siteGraphs } from "../support/picture.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp } from "../support/web.ts";

const HOST = "db 1";
const CHECKS = ["Füll/Disk C: + 50 #1", "MySQL", "100 % sure? yes & no"];

describeReal("dotm nagios install", [...CGI_PROGRAMS, "chromium"], () => {
  let folder: string;
  let app: ServedApp;
  let nagios: RunningNagios;
  let cgis: NagiosCgis;
  let browser: Browser;
  let opened: Page | undefined;
  let before: string;

  const install = (...words: string[]) =>
    dotm([
      ...["nagios", "install", "--nagios-cfg", nagios.config, "--html", join(folder, "html")],
      ...["--plugins", join(folder, "plugins"), "--web-server", "apache", "--web-conf", join(folder, "dotm.conf")],
      ...["--config", join(folder, "dotm.yaml"), ...words],
    ]);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-nagios-install-"));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "plugins"));
    const services = CHECKS.map((_, at) => `${3306 + at} mysqld${at}`);
    const graphs = siteGraphs({
      hosts: { [HOST]: { services }, web01: { services: ["80 nginx"] } },
      needs: [["web01/nginx", `${HOST}:3306`]],
      states: Object.fromEntries(CHECKS.map((name, at) => [`${HOST}:${3306 + at}`, { state: "OK", checks: [name] }])),
    });
    app = await serveApp(depsOf({ graphs }));
    writeFileSync(join(folder, "dotm.yaml"), `web: { listen: "${new URL(app.url).host}" }\n`);
    nagios = await startNagios({
      hosts: [{ name: HOST, check: "check_state!ok" }],
      services: CHECKS.map((name) => ({ host: HOST, name, check: "check_state!ok" })),
      states: { ok: [0, "fine"] },
      config: ["illegal_object_name_chars=~"],
    });
    before = readFileSync(nagios.config, "utf8");
  });
  afterAll(async () => {
    await browser?.close();
    await cgis?.stop();
    await nagios?.stop();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<Page> {
    await opened?.context().close();
    const { page } = await openPage(browser, `${cgis.url}/status.cgi?host=all`);
    opened = page;
    return page;
  }

  it("shows first, then writes what the real Nagios accepts", async () => {
    const shown = await install("--dry-run");
    expect(shown).toMatchObject({ code: 0, err: expect.stringContaining("Nothing is written") });
    expect(readFileSync(nagios.config, "utf8")).toBe(before);
    const done = await install();
    expect([done.code, done.out]).toEqual([0, shown.out]);
    expect(done.err).toContain("systemctl reload nagios");
    expect((await install()).err).toContain("Nothing to change");
    cgis = await startNagiosCgis(
      nagios,
      readFileSync(join(folder, "html/ssi/common-header.ssi"), "utf8"),
      readFileSync(join(folder, "dotm.conf"), "utf8"),
    );
    browser = await startChromium();
    await nagios.waitFor(HOST, CHECKS[0] ?? "", (fields) => fields.get("has_been_checked") === "1");
  });

  it("puts an icon into every row, whose link opens the right host or check, whatever it is called", async () => {
    for (const name of [null, ...CHECKS]) {
      const page = await open();
      const label = `Trouble map of ${HOST}${name === null ? "" : ` / ${name}`}`;
      const link = page.locator(`a[aria-label="${label}"]`);
      expect(await link.count()).toBe(1);
      await page.goto(new URL((await link.getAttribute("href")) ?? "", page.url()).href);
      expect(await page.locator("h1").textContent()).toContain(name === null ? HOST : `${HOST} / ${name}`);
      expect(new URL(page.url()).pathname).toBe("/dotm/graph");
    }
  });

  it.each(["pointer", "keyboard"])("shows the picture beside any row, by %s", async (how) => {
    const page = await open();
    for (const name of CHECKS) {
      const link = page.locator(`a[aria-label="Trouble map of ${HOST} / ${name}"]`);
      await (how === "pointer" ? link.hover() : link.focus());
      const image = page.locator("#dotm-popup img");
      await image.waitFor({ state: "visible" });
      expect(
        await image.evaluate((each) => (each as unknown as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(0);
      await page.keyboard.press("Escape");
      await page.mouse.move(0, 0);
    }
  });

  it("keeps the password for Nagios to itself, and says through the proxy who asks", async () => {
    const { reader } = cgis.users;
    const basic = `Basic ${Buffer.from(`${reader.name}:${reader.password}`).toString("base64")}`;
    const answer = await fetch(new URL("/dotm/graph?host=db%201", cgis.url), { headers: { authorization: basic } });
    expect(answer.status).toBe(200);
    // Who comes through a proxy is not at this machine, and may not write.
    const write = await fetch(new URL("/dotm/api/v1/settings/aging", cgis.url), {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(write.status).toBe(401);
  });

  it("breaks nothing while DOTM is down", async () => {
    await app.close();
    const page = await open();
    expect(await page.locator("table.status").count()).toBe(1);
    expect(await page.locator('a[aria-label^="Trouble map"]').count()).toBe(0);
  });

  it("undoes all of it, and undoes it by itself where Nagios refuses its configuration", async () => {
    const gone = await install("--uninstall");
    expect(gone.code).toBe(0);
    expect(readFileSync(nagios.config, "utf8")).toBe(before);
    const broken = `${before}cfg_file=/nonexistent/objects.cfg\n`;
    writeFileSync(nagios.config, broken);
    const refused = await install();
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("so all is undone") });
    expect(readFileSync(nagios.config, "utf8")).toBe(broken);
    writeFileSync(nagios.config, before);
  });
});
