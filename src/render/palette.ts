/**
 * State to colour, letter and shape, in three palettes and three themes. Colour never stands alone: every state has a
 * letter and a shape too. `auto` writes CSS variables with the light colours as their fallback, for pages that let the
 * browser choose; `paletteStylesheet` defines them.
 */
import type { State } from "../model/state.ts";
import { mix, readableOn, visibleOn } from "./colour.ts";

/** The palettes: ours, and those of people's habit. */
export const PALETTES = ["dotm", "nagios", "icinga"] as const;
export type PaletteName = (typeof PALETTES)[number];

/** The themes a picture can be painted in; `auto` leaves the choice between light and dark to the page. */
export const THEMES = ["auto", "light", "dark", "print"] as const;
export type ThemeName = (typeof THEMES)[number];

/** What a state looks like, whatever its name. */
export const TONES = ["ok", "warning", "critical", "unknown", "pending"] as const;
export type Tone = (typeof TONES)[number];

/** Colours that belong to no state. */
const PLAIN_ROLES = ["canvas", "surface", "outline", "text", "muted", "edge", "faint", "focus"] as const;

/** Colours of a state: a filled row and text on it; a handled or harmless one, text and stale text on it; lines. */
const TONE_ROLES = ["fill", "on", "tint", "onTint", "stale", "line"] as const;

type PlainRole = (typeof PLAIN_ROLES)[number];
type ToneRole = (typeof TONE_ROLES)[number];

/** Everything a picture is painted with. */
export type Paint = Readonly<Record<PlainRole, string>> & {
  readonly tone: Readonly<Record<Tone, Readonly<Record<ToneRole, string>>>>;
};

const FILLS: Readonly<Record<PaletteName, Readonly<Record<Tone, string>>>> = {
  dotm: { ok: "#58a67d", warning: "#f5c211", critical: "#b5172f", unknown: "#6d5bd0", pending: "#d3d7dc" },
  nagios: { ok: "#33ff00", warning: "#ffff00", critical: "#f83838", unknown: "#ff9900", pending: "#acacac" },
  icinga: { ok: "#44bb77", warning: "#ffaa44", critical: "#ff5566", unknown: "#aa44ff", pending: "#77aaff" },
};

const PLAIN: Readonly<Record<Exclude<ThemeName, "auto">, Readonly<Record<PlainRole, string>>>> = {
  light: {
    canvas: "#ffffff",
    surface: "#ffffff",
    outline: "#8b95a1",
    text: "#15191e",
    muted: "#59636e",
    edge: "#6b7682",
    faint: "#f1f3f6",
    focus: "#15191e",
  },
  dark: {
    canvas: "#12161b",
    surface: "#1c2229",
    outline: "#7c8792",
    text: "#eef1f4",
    muted: "#a3adb8",
    edge: "#8f9aa6",
    faint: "#262e37",
    focus: "#ffffff",
  },
  print: {
    canvas: "#ffffff",
    surface: "#ffffff",
    outline: "#000000",
    text: "#000000",
    muted: "#333333",
    edge: "#333333",
    faint: "#ffffff",
    focus: "#000000",
  },
};

/** How much of a state's colour a tinted row holds. */
const TINT = 0.33;
const OK_TINT = 0.14;

/** The tone of a state; undefined for none. */
export function toneOf(state: State | null): Tone | undefined {
  return state === null ? undefined : TONE_OF[state];
}

const TONE_OF: Readonly<Record<State, Tone>> = {
  OK: "ok",
  UP: "ok",
  WARNING: "warning",
  CRITICAL: "critical",
  DOWN: "critical",
  UNKNOWN: "unknown",
  UNREACHABLE: "unknown",
  PENDING: "pending",
};

/** The colours of a palette in a theme. */
export function paintOf(palette: PaletteName, theme: ThemeName): Paint {
  return theme === "auto" ? variables(solidPaint(palette, "light")) : solidPaint(palette, theme);
}

/** CSS that gives the variables of `auto` their values: by palette, by theme, and for paper. */
export function paletteStylesheet(): string {
  const rules: string[] = [];
  for (const palette of PALETTES) {
    const root = palette === "dotm" ? ":root" : `:root[data-palette="${palette}"]`;
    const dark = declarations(solidPaint(palette, "dark"));
    rules.push(`${root}{${declarations(solidPaint(palette, "light"))}}`);
    rules.push(
      `@media (prefers-color-scheme:dark){${root}:not([data-theme="light"]):not([data-theme="print"]){${dark}}}`,
    );
    rules.push(`${root}[data-theme="dark"]{${dark}}`);
    rules.push(`${root}[data-theme="print"]{${declarations(solidPaint(palette, "print"))}}`);
  }
  for (const palette of PALETTES) {
    // As many attributes as the rules above have conditions, so that paper wins over the dark.
    const root = `:root${palette === "dotm" ? "" : `[data-palette="${palette}"]`}[data-theme][data-palette]`;
    rules.push(`@media print{${root}{${declarations(solidPaint(palette, "print"))}}}`);
  }
  return `${rules.join("\n")}\n`;
}

function solidPaint(palette: PaletteName, theme: Exclude<ThemeName, "auto">): Paint {
  const plain = PLAIN[theme];
  const tone = Object.fromEntries(TONES.map((each) => [each, toneColours(FILLS[palette][each], each, plain)]));
  return { ...plain, tone: tone as Paint["tone"] };
}

function toneColours(fill: string, tone: Tone, plain: Readonly<Record<PlainRole, string>>): Record<ToneRole, string> {
  const tint = mix(plain.surface, fill, tone === "ok" ? OK_TINT : TINT);
  const onTint = readableOn(tint);
  return {
    fill,
    on: readableOn(fill),
    tint,
    onTint,
    stale: mix(onTint, tint, 0.15),
    // Edges run over the canvas, outlines lie on the surface: seen on both.
    line: visibleOn(visibleOn(fill, plain.canvas), plain.surface),
  };
}

function declarations(paint: Paint): string {
  return [...named(paint)].map(([name, value]) => `${name}:${value}`).join(";");
}

function variables(paint: Paint): Paint {
  const plain = Object.fromEntries(PLAIN_ROLES.map((role) => [role, `var(--dotm-${role},${paint[role]})`]));
  const tone = Object.fromEntries(
    TONES.map((each) => [
      each,
      Object.fromEntries(TONE_ROLES.map((role) => [role, `var(--dotm-${each}-${role},${paint.tone[each][role]})`])),
    ]),
  );
  return { ...(plain as Record<PlainRole, string>), tone: tone as Paint["tone"] };
}

function* named(paint: Paint): Generator<[string, string]> {
  for (const role of PLAIN_ROLES) {
    yield [`--dotm-${role}`, paint[role]];
  }
  for (const tone of TONES) {
    for (const role of TONE_ROLES) {
      yield [`--dotm-${tone}-${role}`, paint.tone[tone][role]];
    }
  }
}
