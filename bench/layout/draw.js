/** A placed picture as SVG, as pages have it. */
import { renderSvg } from "../../dist/src/render/svg.js";

const VERDICT = { sentence: "Nothing is wrong.", tone: "ok", notes: [] };

/** The SVG text. */
export function draw(picture, positions) {
  return renderSvg(picture, positions, {
    palette: "dotm",
    theme: "light",
    verdict: VERDICT,
    withVerdict: false,
    freshness: "",
    hrefOf: ({ host }) => `graph?host=${host}`,
  });
}
