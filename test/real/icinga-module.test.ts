/** What the module of Icinga Web makes of answers by somebody who is not DOTM, or is DOTM no more. */
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { type AtDotmsPlace, atDotmsPlace, ICINGA_MODULE_PROGRAMS, pageOfHost } from "../support/icinga-module.ts";
import { describeReal } from "../support/real.ts";

/** Makes `ran` of the page true where it is run. */
const RUN = "window.ran=true";
const svg = (inner: string, more = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${more}><text>fine</text>${inner}</svg>`;

const HOSTILE: readonly string[] = [
  svg(`<script>${RUN}</script>`),
  svg(`<SCRIPT>${RUN}</SCRIPT>`),
  svg(`<x:script xmlns:x="http://www.w3.org/1999/xhtml">${RUN}</x:script>`),
  svg("", `onload="${RUN}"`),
  svg("", `ONLOAD="${RUN}"`),
  svg(`<p><IMG src="x:" ONERROR="${RUN}"/></p>`),
  svg(`<p><iframe srcdoc="&lt;script&gt;parent.ran=true&lt;/script&gt;"/></p>`),
  svg(`<p><object data="data:text/html,x"/><embed src="javascript:${RUN}"/></p>`),
  svg(`<foreignObject><body onload="${RUN}"/></foreignObject>`),
  svg(`<!--><img src="x:" onerror="${RUN}"/> -->`),
  svg(`<?x ><img src="x:" onerror="${RUN}"/>?>`),
  svg(`<title><text><![CDATA[><img src="x:" onerror="${RUN}">]]></text></title>`),
  svg(`<title><style><![CDATA[</style><img src="x:" onerror="${RUN}">]]></style></title>`),
  svg(`<a href="javascript:${RUN}" id="link"><text>here</text></a>`),
  svg(`<a id="link"><set attributeName="href" to="javascript:${RUN}"/><text>here</text></a>`),
  svg(`<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:${RUN}" id="link"><text>here</text></a>`),
];

/** A drawing in UTF-16 of which the bytes of its letters are markup where they are read as UTF-8. */
function wide(): Buffer {
  const markup = `<img src=x: onerror=${RUN}>`;
  const letters = Buffer.from(markup.length % 2 === 0 ? markup : `${markup} `, "latin1").toString("utf16le");
  const xml = `\ufeff<?xml version="1.0" encoding="UTF-16LE"?>${svg(`<text>${letters}</text>`)}`;
  return Buffer.from(xml, "utf16le");
}

describeReal("the module of Icinga Web", [...ICINGA_MODULE_PROGRAMS, "chromium"], () => {
  let dotm: AtDotmsPlace;

  beforeAll(async () => {
    dotm = await atDotmsPlace();
  });
  afterAll(() => dotm.close());

  /** The HTML on the page of the host web01, in an Icinga Web that knows nothing yet. */
  async function shown(more: object = {}): Promise<string> {
    dotm.asked.length = 0;
    const shared = mkdtempSync(join(tmpdir(), "dotm-module-"));
    try {
      return await pageOfHost(shared, { settings: { url: dotm.url }, ...more });
    } finally {
      rmSync(shared, { recursive: true, force: true });
    }
  }

  const send =
    (body: string | Buffer, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      response.writeHead(200, { "Content-Type": "image/svg+xml", ...headers }).end(body);

  it("lets nothing of a picture run in the page, whoever drew it", async () => {
    const { page } = await openPage(await startChromium(), "about:blank");
    for (const body of [...HOSTILE, wide()]) {
      dotm.answer = send(body);
      const html = await shown();
      await page.setContent(`<!doctype html><meta charset="utf-8"><body>${html}</body>`);
      await page.evaluate('document.getElementById("link")?.dispatchEvent(new MouseEvent("click"))');
      await page.waitForTimeout(50);
      expect(await page.evaluate('({ ran: "ran" in window, here: location.href })'), `${body}`).toEqual({
        ran: false,
        here: "about:blank",
      });
      expect(html).toContain("fine");
    }
  });

  it("is there in time and small where DOTM hangs, trickles, or never ends", async () => {
    const drip = (response: ServerResponse) => {
      response.writeHead(200, { "Content-Type": "image/svg+xml" });
      const timer = setInterval(() => response.write("<g>"), 50);
      response.on("close", () => clearInterval(timer));
    };
    const flood = (response: ServerResponse) => {
      response.writeHead(200, { "Content-Type": "image/svg+xml" });
      const more = () => {
        while (response.write("<g>".repeat(100_000))) {
          // As much as the other end takes.
        }
      };
      response.on("drain", more);
      more();
    };
    for (const act of [() => undefined, drip, flood]) {
      dotm.answer = act;
      const settings = { url: dotm.url, timeout: "1" };
      expect(await shown({ settings })).toContain("did not answer within 1 s");
    }
    const bomb = gzipSync(Buffer.alloc(200_000_000, " "));
    for (const body of ["", "<svg", svg("<g/>".repeat(100_000)), svg("<g>".repeat(5_000)), "<!DOCTYPE svg><svg/>"]) {
      dotm.answer = send(body);
      expect(await shown()).toContain("something that is no picture");
    }
    dotm.answer = send(bomb, { "Content-Encoding": "gzip" });
    expect(await shown()).toContain("something that is no picture");
  });

  it("shows restricted users no other hosts, unless they may see the whole map", async () => {
    dotm.answer = send(svg(""));
    const restrictions = { "icingadb/filter/objects": ["host.name=web*"] };
    expect(await shown({ restrictions })).toContain("hosts that you may not see");
    expect(dotm.asked).toEqual([]);
    expect(await shown({ restrictions, permissions: ["dotm/view", "dotm/map"] })).toContain("fine");
    expect(await shown({ restrictions: { "monitoring/filter/objects": ["*"] } })).toContain("fine");
    expect(await shown({ permissions: [] })).toBe("");
  });
});
