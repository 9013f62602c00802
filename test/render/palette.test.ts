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
