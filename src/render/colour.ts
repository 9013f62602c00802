/** Colours `#rrggbb`: mixed, and made readable by the contrast of WCAG 2. */

/** Contrast that lines and shapes need against what they lie on (WCAG 1.4.11). */
const LINE_CONTRAST = 3;

/** `share` of the second colour in the first. */
export function mix(base: string, other: string, share: number): string {
  const from = channels(base);
  const to = channels(other);
  return hex(from.map((value, i) => value + ((to[i] ?? 0) - value) * share));
}

/** Contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Near black or white, whichever is easier to read on the colour. */
export function readableOn(colour: string): string {
  return contrast("#15191e", colour) >= contrast("#ffffff", colour) ? "#15191e" : "#ffffff";
}

/** The colour, darkened or lightened until a line of it can be seen on the background. */
export function visibleOn(colour: string, background: string): string {
  const towards = luminance(background) > 0.18 ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, background) >= LINE_CONTRAST) {
      return mixed;
    }
  }
  return towards;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
