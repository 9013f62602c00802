import { describe, expect, it } from "vitest";
import { contrast, mix, readableOn, visibleOn } from "../../src/render/colour.ts";
import { PALETTES, paintOf, paletteStylesheet, TONES, toneOf } from "../../src/render/palette.ts";

const SOLID = ["light", "dark", "print"] as const;

describe("contrast", () => {
  it("is WCAG's: 21 for black on white, 1 for the same", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#777777")).toBe(1);
    expect(contrast("#b5172f", "#ffffff")).toBeCloseTo(6.7, 1);
  });
});

describe("mix, readableOn, visibleOn", () => {
  it("mix by share", () => expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080"));
  it("choose dark or light text", () =>
    expect([readableOn("#ffff00"), readableOn("#b5172f")]).toEqual(["#15191e", "#ffffff"]));
  it("darken until seen", () => expect(contrast(visibleOn("#ffff00", "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(3));
});

describe.each(PALETTES)("palette %s", (palette) => {
  it.each(SOLID)("can be read in theme %s: text 4.5 : 1, lines and shapes 3 : 1", (theme) => {
    const paint = paintOf(palette, theme);
    for (const ground of [paint.canvas, paint.surface, paint.faint]) {
      expect(contrast(paint.text, ground)).toBeGreaterThanOrEqual(7);
      expect(contrast(paint.muted, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(paint.edge, paint.canvas)).toBeGreaterThanOrEqual(3);
    for (const tone of TONES) {
      const colours = paint.tone[tone];
      expect(contrast(colours.on, colours.fill), `${tone} text`).toBeGreaterThanOrEqual(4.2);
      expect(contrast(colours.onTint, colours.tint), `${tone} tint text`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours.line, paint.canvas), `${tone} line`).toBeGreaterThanOrEqual(3);
      expect(contrast(colours.line, paint.surface), `${tone} outline`).toBeGreaterThanOrEqual(3);
      expect(contrast(colours.stale, colours.tint), `${tone} stale text`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("for the colour-blind", () => {
  /** What the colours of two states differ by at least, to normal eyes and to those of the three kinds of colour-blindness. */
  const smallest = (palette: (typeof PALETTES)[number]) => {
    const { tone } = paintOf(palette, "light");
    const pairs = TONES.flatMap((a, i) => TONES.slice(i + 1).map((b) => [tone[a].fill, tone[b].fill] as const));
    return Math.min(...Object.values(EYES).flatMap((eyes) => pairs.map(([a, b]) => difference(a, b, eyes))));
  };

  it("our palette tells all states apart, far better than those of habit", () => {
    expect(smallest("dotm")).toBeGreaterThan(25);
    expect(smallest("nagios")).toBeLessThan(smallest("dotm") / 2);
    expect(smallest("icinga")).toBeLessThan(smallest("dotm") / 1.5);
  });
});

/** How eyes mix red, green and blue light (Machado, Oliveira and Fernandes 2009, full severity). */
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** CIE76 difference of two colours as the eyes see them. */
function difference(a: string, b: string, eyes: readonly number[]): number {
  const [one, other] = [lab(seen(linear(a), eyes)), lab(seen(linear(b), eyes))];
  return Math.hypot(...one.map((value, i) => value - (other[i] ?? 0)));
}

function linear(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

function seen([r = 0, g = 0, b = 0]: readonly number[], m: readonly number[]): number[] {
  const row = (at: number) => (m[at] ?? 0) * r + (m[at + 1] ?? 0) * g + (m[at + 2] ?? 0) * b;
  return [row(0), row(3), row(6)].map((value) => Math.min(1, Math.max(0, value)));
}

function lab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const root = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe("toneOf", () => {
  it("knows every state of hosts and checks", () => {
    expect(
      ["OK", "UP", "WARNING", "CRITICAL", "DOWN", "UNKNOWN", "UNREACHABLE", "PENDING"].map((state) =>
        toneOf(state as "OK"),
      ),
    ).toEqual(["ok", "ok", "warning", "critical", "critical", "unknown", "unknown", "pending"]);
    expect(toneOf(null)).toBeUndefined();
  });
});

describe("paletteStylesheet", () => {
  it("defines light, dark and paper for every palette", () => {
    const css = paletteStylesheet();
    expect(css).toContain("@media (prefers-color-scheme:dark)");
    expect(css).toContain("@media print");
    for (const palette of ["nagios", "icinga"]) {
      expect(css).toContain(`:root[data-palette="${palette}"]`);
    }
  });
});
