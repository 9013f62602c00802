/** Hostile names, texts and settings on every page, in a real browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../../support/chromium.ts";
import { fullDeps, notesAt, PAGES } from "../../support/full-site.ts";
import { siteGraphs, siteImpact } from "../../support/picture.ts";
import { describeReal } from "../../support/real.ts";
import { type ServedApp, SOURCE, serveApp } from "../../support/web.ts";

/** What would show that something ran. */
const RAN = "document.title='pwned'";

/** Ways out of where a text may stand: elements, attributes, comments, scripts, styles, templates. */
const WAYS_OUT = [
  ...["", '"', "'", "`", ">", '">', "'>", "</title>", "</svg>", "</text>", "</textarea>", "</script>", "</style>"],
  ...["--><", "]]>", "&quot;>", '\\"', "\u2028", "a\u0000", "\u202e"],
];

/** What then wants to run. */
const ATTACKS = [
  `<script>${RAN}</script>`,
  `<img src=x onerror="${RAN}">`,
  `<svg onload=${RAN}>`,
  `<svg><a xlink:href="javascript:${RAN}"><text>x</text></a></svg>`,
  `<iframe srcdoc="<script>parent.${RAN}</script>">`,
  `<a href="javascript:${RAN}" autofocus onfocus=${RAN}>x</a>`,
  `<math><mtext><style><img src=x onerror=${RAN}></style></mtext></math>`,
  `<form action="javascript:${RAN}"><input autofocus onfocus=${RAN}></form>`,
  ` onmouseover=${RAN} autofocus onfocus=${RAN} x=`,
  `javascript:${RAN}`,
  `data:text/html,<script>${RAN}</script>`,
  `{{constructor.constructor("${RAN}")()}}`,
  `\${${RAN}}`,
  `&lt;script&gt;${RAN}&lt;/script&gt;`,
  `<meta http-equiv=refresh content="0;url=javascript:${RAN}">`,
  `<base href="https://evil.example/">`,
];

const CORPUS = WAYS_OUT.flatMap((way) => ATTACKS.map((attack) => way + attack));

/** Elements that none of our pages has, and no text may make. */
const FOREIGN =
  'script:not([src]), [onerror], [onload], [onfocus], [onmouseover], [srcdoc], img, iframe, base, meta[http-equiv], a[href^="javascript:"], a[href^="data:"], form[action^="javascript:"]';

describeReal("hostile texts in a browser", ["chromium"], () => {
  let app: ServedApp;
  let browser: Browser;

  beforeAll(async () => {
    app = await serveHostile(CORPUS);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it("G01 nothing of it runs or becomes markup, on any page, in any picture, and no content policy is needed for that", async ({
    annotate,
  }) => {
    const { page, complaints } = await openPage(browser, `${app.url}/`);
    const named = CORPUS.filter((_, at) => at % 16 === Math.trunc(at / 16) % 16).slice(0, 3);
    const paths = [...PAGES, ...named.flatMap(pathsOf)];
    for (const path of paths) {
      await page.goto(app.url + path);
      // What the page before was still fetching ends when it is left.
      expect([path, complaints.filter((each) => !each.includes("net::ERR_ABORTED"))]).toEqual([path, []]);
      expect([path, await foreignOn(page)]).toEqual([path, 0]);
      expect(await page.title()).not.toBe("pwned");
    }
    await annotate(`${CORPUS.length} texts in every field, ${paths.length} pages, 0 executed`, "figure");
    await page.context().close();
  }, 240_000);
});

function foreignOn(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelectorAll(${JSON.stringify(FOREIGN)}).length`);
}

/** Pages that show one of them for itself, or repeat what was asked. */
function pathsOf(text: string): string[] {
  const word = encodeURIComponent(text);
  return [
    ...[`/graph?host=${word}&srv=${word}`, `/host/${word}`, `/graph?host=zz${word}`, `/image?host=${word}`],
    ...[`/services?q=${word}`, `/hosts?q=${word}`, `/rules?check=${word}&process=${word}`, `/settings?done=${word}`],
  ];
}

/** A site in which everything is called so: hosts, services, processes, checks, outputs, sources, settings, alarms. */
async function serveHostile(texts: readonly string[]): Promise<ServedApp> {
  const port = (at: number) => 1_000 + at;
  const graphs = siteGraphs({
    hosts: Object.fromEntries(
      texts.map((text, at) => [text, { services: [`${port(at)} ${text}`], processes: [`p${text}`] }]),
    ),
    needs: texts.slice(1).map((text) => [`${text}/p${text}`, `${texts[0]}:${port(0)}`]),
    states: Object.fromEntries(
      texts.map((text, at) => [`${text}:${port(at)}`, { state: "CRITICAL" as const, checks: [text] }]),
    ),
  });
  const impacts = texts
    .slice(0, 40)
    .map((text, at) => siteImpact(graphs, { host: text, check: text, output: text }, [`${text}:${port(at)}`]));
  const sources = texts.slice(0, 40).map((source) => ({ ...SOURCE, source, error: source }));
  const notes = new Map(texts.map((host) => [host, notesAt(host, "1,2")]));
  return serveApp(await fullDeps({ graphs, impacts, sources, notes }, texts));
}
