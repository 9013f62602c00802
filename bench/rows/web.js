/** Pages, pictures and JSON as people and programs ask for them. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { cgiHost, writeCgiConfig } from "../peers.js";
import { keyIs, startDaemon } from "../running-daemon.js";
import { fineCheck } from "../status-difference.js";
import { isInstalled, perSecond, startBare } from "../web/load.js";

const SITE = { hosts: 500, services: 10, agents: 500 };
const LARGE = { hosts: 10_000, services: 10, agents: 0 };
const SHOP = { hosts: 20, services: 5, agents: 20, log: true };
const CHROMIUM = "/usr/bin/chromium";

/** The target for a change that is in Redis to be on the screen, milliseconds. */
const PROMISED_CHANGE = 200;

/** A daemon, what it answers at a path, and a bare server that answers the same. */
async function prepareLoad(context, pathOf, type) {
  const running = await startDaemon(context, SITE);
  const { items } = await (await fetch(`${running.url}api/v1/impacts?limit=1`)).json();
  const { host, check } = items[0].problem;
  const query = `host=${encodeURIComponent(host)}${check === null ? "" : `&srv=${encodeURIComponent(check)}`}`;
  const url = running.url + pathOf(query);
  const answer = await fetch(url);
  const file = join(context.folder, `answer-${process.hrtime.bigint()}`);
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  const bare = await startBare(file, type);
  const stop = async () => {
    await bare.stop();
    await running.stop();
  };
  return { url, bare: bare.url, tag: answer.headers.get("etag"), stop };
}

const load = (name, what, pathOf, type) => ({
  name,
  title: `${what} of a site of 5,000 service checks, the same again and again over 32 connections`,
  unit: "requests/s",
  moreIsBetter: true,
  rounds: 5,
  reference: "node:http",
  prepare: (context) => prepareLoad(context, pathOf, type),
  contenders: [
    { name: "node:http", run: ({ bare }) => perSecond(bare) },
    { name: "DOTM", run: ({ url }) => perSecond(url) },
  ],
  goals: [{ contender: "DOTM", floor: 0.5, moonshot: 0.85 }],
  cleanup: ({ stop }) => stop(),
  note: "`node:http` sends the same bytes from memory and does nothing else. The load generator shares the two cores.",
});

async function prepareLarge(context) {
  const running = await startDaemon(context, LARGE);
  const hosts = (await running.map.lrange("dotm::nodes", 0, 200)).sort();
  return { ...running, hosts, cgi: writeCgiConfig(running.folder, running) };
}

async function milliseconds(url) {
  const begun = performance.now();
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) {
    throw new Error(`${url} was answered ${answer.status}`);
  }
  return performance.now() - begun;
}

/** Milliseconds until Chromium shows something of a page. */
async function firstPaint(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url, { waitUntil: "load" });
  const paint = await page.evaluate(
    `new Promise((done) => new PerformanceObserver((list) => {
      const entry = list.getEntriesByName("first-contentful-paint")[0];
      if (entry !== undefined) done(entry.startTime);
    }).observe({ type: "paint", buffered: true }))`,
  );
  await page.close();
  return paint;
}

function startBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-proxy-server"] });
}

async function preparePaint(context) {
  const running = await startDaemon(context, SITE);
  const file = join(context.folder, "empty.html");
  writeFileSync(file, "<!doctype html><title>x</title><p>x");
  const bare = await startBare(file, "text/html");
  const browser = isInstalled(CHROMIUM) ? await startBrowser() : undefined;
  const stop = async () => {
    await browser?.close();
    await bare.stop();
    await running.stop();
  };
  return { url: running.url, bare: bare.url, browser, stop };
}

async function prepareLive(context) {
  const running = await startDaemon(context, SHOP);
  const browser = isInstalled(CHROMIUM) ? await startBrowser() : undefined;
  const page = await browser?.newPage({ viewport: { width: 1280, height: 900 } });
  await page?.goto(running.url, { waitUntil: "load" });
  const stop = async () => {
    await browser?.close();
    await running.stop();
  };
  return { ...running, ...(await fineCheck(running.status)), page, time: Math.floor(Date.now() / 1000), stop };
}

/** Milliseconds from an impact's being in Redis to its row's being painted in an open page; its recovery is waited for, not counted. */
async function changeOnScreen(state) {
  if (state.page === undefined) {
    return undefined;
  }
  await alert(state, "CRITICAL", true);
  const stored = Date.now();
  const painted = await paintedAt(state, true);
  await alert(state, "OK", false);
  await paintedAt(state, false);
  return Math.max(1, painted - stored);
}

async function alert(state, word, isImpact) {
  state.time += 1;
  appendFileSync(state.log, `[${state.time}] SERVICE ALERT: ${state.host};${state.check};${word};HARD;3;bench\n`);
  await keyIs(state.map, `dotm::impact::${state.host}::${state.check}`, isImpact);
}

/** When the page had the host's row or had it no more, as the page's own clock tells: asked before each frame. */
function paintedAt({ page, host }, there) {
  return page.evaluate(
    `new Promise((done) => {
      const look = () => (document.querySelector("#table").textContent.includes(${JSON.stringify(host)}) === ${there} ? done(Date.now()) : requestAnimationFrame(look));
      look();
    })`,
  );
}

export const rows = [
  load("http-picture", "`/image`", (query) => `image?${query}`, "image/svg+xml"),
  load("http-json", "`/api/v1/impact`", (query) => `api/v1/impact?${query}`, "application/json"),
  {
    name: "one-host-of-100k",
    title: "All service checks of one host, of 10,000 hosts with 100,000 service checks; another host each time",
    unit: "ms",
    rounds: 7,
    reference: "statusjson.cgi",
    prepare: prepareLarge,
    contenders: [
      { name: "statusjson.cgi", run: ({ cgi, hosts }, round) => cgiHost(cgi, hosts[round]) },
      {
        name: "DOTM",
        run: ({ url, hosts }, round) => milliseconds(`${url}api/v1/hosts/${encodeURIComponent(hosts[round])}`),
      },
    ],
    goals: [{ contender: "DOTM", floor: 0.01, moonshot: 0.0002 }],
    cleanup: ({ stop }) => stop(),
    note: "The CGI is run directly, without a web server; DOTM's answer comes over HTTP and also tells services and notes.",
  },
  {
    name: "first-paint",
    title: "Chromium's first contentful paint of the overview of 500 hosts with 5,000 service checks, 500 agents",
    unit: "ms",
    rounds: 7,
    reference: "an empty page",
    prepare: preparePaint,
    contenders: [
      { name: "an empty page", run: ({ browser, bare }) => browser && firstPaint(browser, bare) },
      { name: "DOTM", run: ({ browser, url }) => browser && firstPaint(browser, url) },
    ],
    cleanup: ({ stop }) => stop(),
  },
  {
    name: "live-change",
    title:
      "From an impact's being in Redis to its row's being painted in an open overview in Chromium (20 hosts, all with agents)",
    unit: "ms",
    rounds: 15,
    reference: "promised",
    prepare: prepareLive,
    contenders: [
      { name: "promised", run: async () => PROMISED_CHANGE },
      { name: "DOTM", run: changeOnScreen },
    ],
    goals: [{ contender: "DOTM", floor: 1 }],
    cleanup: ({ stop }) => stop(),
  },
];
