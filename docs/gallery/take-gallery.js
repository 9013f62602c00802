/**
 * `npm run gallery`: starts the demo, waits for its trouble, and photographs the pages into this folder. Needs Chromium
 * (Debian's package `chromium`) and a built DOTM.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TROUBLE = "graph?host=db01&srv=MySQL";

/** Milliseconds after the first CRITICAL until what follows from it has followed, too. */
const SETTLE = 25_000;

/** A page as an old monitoring page looks: Latin-1, links written raw, our script in its head. */
const latin1 = (base) =>
  `<html><head><title>Dienste</title><style>body{font-family:sans-serif}td{padding:4px 12px;border:1px solid #999}</style>
<script src="${base}assets/nagios.js" defer data-icons="missing"></script></head><body><h2>Aktueller Zustand für alle Rechner</h2>
<table class="status"><tr><td>Rechner</td><td>Dienst</td><td>Zustand</td></tr>
<tr><td>db01</td><td><a href='extinfo.cgi?type=2&host=db01&service=MySQL'>MySQL</a></td><td style="background:#f88">CRITICAL</td></tr>
<tr><td>web01</td><td><a href='extinfo.cgi?type=2&host=web01&service=HTTP'>HTTP</a> für Kunden</td><td style="background:#f88">CRITICAL</td></tr>
</table></body></html>`;

/** A page that embeds the map as Icinga Web does: sandboxed, under a strict content policy. */
const framing = (base) =>
  `<!doctype html><meta charset="utf-8"><title>A monitoring page with the map in a frame</title><h2>A monitoring page</h2>
<iframe sandbox="allow-same-origin allow-scripts allow-popups allow-forms" width="1200" height="720" src="${base}embed/${TROUBLE}"></iframe>`;

const PICTURES = [
  { name: "overview", path: "" },
  { name: "graph", path: TROUBLE },
  { name: "dark", path: `${TROUBLE}&theme=dark` },
  { name: "host", path: "host/db01" },
  { name: "small", path: TROUBLE, width: 320, height: 900 },
  { name: "print", path: `${TROUBLE}&theme=print`, media: "print", width: 1000, whole: true },
];

const folder = mkdtempSync(join(tmpdir(), "dotm-gallery-"));
const demo = spawn(process.execPath, [join(HERE, "../../bin/dotm.js"), "demo", "--data-dir", folder, "--port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu", "--no-proxy-server"],
});
try {
  const base = await addressOf(demo);
  await trouble(base);
  for (const picture of PICTURES) {
    await take(picture, base + picture.path);
  }
  await foreign("latin1", latin1(base), "text/html; charset=iso-8859-1", async (page) => {
    await page.locator('a[aria-label="Trouble map of db01 / MySQL"]').hover();
    await page.locator("#dotm-popup img").waitFor({ state: "visible" });
  });
  const inFrame = (page) => page.frameLocator("iframe").locator("svg").first().waitFor();
  await foreign("frame", framing(base), "text/html", inFrame, base);
} finally {
  await browser.close();
  demo.kill();
  await once(demo, "exit");
  rmSync(folder, { recursive: true, force: true });
}

async function addressOf(program) {
  for await (const line of createInterface({ input: program.stdout })) {
    const [, url] = /^Open (http\S+)/.exec(line) ?? [];
    if (url !== undefined) {
      return url;
    }
  }
  throw new Error("the demo did not start");
}

async function trouble(base) {
  for (;;) {
    const { items } = await (await fetch(`${base}api/v1/impacts`)).json();
    if (items.some(({ problem }) => problem.host === "db01" && problem.state === "CRITICAL")) {
      break;
    }
    await new Promise((later) => setTimeout(later, 500));
  }
  await new Promise((later) => setTimeout(later, SETTLE));
}

async function take({ name, width = 1280, height = 900, media, whole = false }, url) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.emulateMedia({ media: media ?? null });
  await page.goto(url, { waitUntil: "load" });
  await page.locator("svg").first().waitFor();
  await page.screenshot({ path: join(HERE, `${name}.png`), fullPage: whole });
  await context.close();
}

/** Photographs a page that is not ours; the demo lets nobody but itself frame it, so that page seems to be of its origin. */
async function foreign(name, html, type, act, origin) {
  const body = Buffer.from(html, type.includes("8859") ? "latin1" : "utf8");
  const headers = {
    "Content-Type": type,
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; script-src http:; img-src http:; frame-src http:",
  };
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const page = await browser.newPage({ viewport: { width: 1240, height: origin === undefined ? 480 : 820 } });
  const url = origin === undefined ? `http://127.0.0.1:${server.address().port}/` : `${origin}framing`;
  if (origin !== undefined) {
    await page.route(url, (route) => route.fulfill({ status: 200, headers, body }));
  }
  await page.goto(url);
  await act(page);
  await page.screenshot({ path: join(HERE, `${name}.png`) });
  await page.close();
  server.closeAllConnections();
  server.close();
}
