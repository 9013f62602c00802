/** Hosts on the map of the world: near ones share a marker, problems lie on top. */
import type { State } from "../model/state.ts";
import { badness } from "../model/state.ts";
import { type Paint, type PaletteName, paintOf, type ThemeName, toneOf } from "./palette.ts";
import { stateShape } from "./state-shape.ts";
import { WORLD, WORLD_PATH } from "./world-outline.ts";
import { element, escapeXml } from "./xml.ts";

/** A host at its place; degrees, north and east positive. */
export interface PlacedHost {
  readonly host: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly state: State | null;
  readonly href: string;
}

/** Hosts that share a marker. */
interface Marker {
  readonly x: number;
  readonly y: number;
  readonly hosts: readonly PlacedHost[];
}

/** Units of the outline within which hosts share a marker. */
const NEAR = 7;

/** Free room around what is shown, and the least that is shown, in units of the outline. */
const MARGIN = 40;
const LEAST = { width: 240, height: 120 } as const;

/** The map, cut to where hosts are. The worst comes first in reading order and is drawn last. */
export function renderPlaces(
  places: readonly PlacedHost[],
  { palette, theme }: { readonly palette: PaletteName; readonly theme: ThemeName },
): string {
  const paint = paintOf(palette, theme);
  const markers = gather(places);
  const { x, y, width, height } = window(markers);
  const scale = width / 900;
  const land = element("path", { d: WORLD_PATH, fill: paint.faint, stroke: paint.outline, "stroke-width": scale });
  const drawn = [...markers].reverse().map((marker) => markerSvg(marker, scale, paint));
  const text = `Map of the world with ${places.length === 1 ? "1 host" : `${places.length} hosts`}`;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `${x} ${y} ${width} ${height}`,
      width: 900,
      height: Math.round((900 * height) / width),
      role: "graphics-document document",
      "aria-label": text,
      "font-family": "system-ui, sans-serif",
    },
    element("title", {}, escapeXml(text)) +
      element("rect", { x, y, width, height, fill: paint.canvas }) +
      land +
      drawn.join(""),
  );
}

function gather(places: readonly PlacedHost[]): Marker[] {
  const markers: Marker[] = [];
  for (const place of [...places].sort((a, b) => badness(b.state ?? "OK") - badness(a.state ?? "OK"))) {
    const x = (place.longitude + 180) * 2;
    const y = (90 - place.latitude) * 2;
    const at = markers.findIndex((marker) => Math.hypot(marker.x - x, marker.y - y) < NEAR);
    const near = markers[at];
    if (near === undefined) {
      markers.push({ x, y, hosts: [place] });
    } else {
      markers[at] = { ...near, hosts: [...near.hosts, place] };
    }
  }
  return markers;
}

function window(markers: readonly Marker[]) {
  const [left, right] = span(
    markers.map(({ x }) => x),
    WORLD.width,
    LEAST.width,
  );
  const [top, bottom] = span(
    markers.map(({ y }) => y),
    WORLD.height,
    LEAST.height,
  );
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function span(values: readonly number[], most: number, least: number): [number, number] {
  const [low, high] = values.length === 0 ? [0, most] : [Math.min(...values) - MARGIN, Math.max(...values) + MARGIN];
  const missing = Math.max(0, least - (high - low)) / 2;
  return [Math.max(0, Math.floor(low - missing)), Math.min(most, Math.ceil(high + missing))];
}

function markerSvg({ x, y, hosts }: Marker, scale: number, paint: Paint): string {
  const [first] = hosts;
  const state = first?.state ?? null;
  const names = hosts.map(({ host }) => host);
  const label = names.length > 2 ? `${names[0]} +${names.length - 1}` : names.join(", ");
  const text = `${names.slice(0, 12).join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}: ${state ?? "not monitored"}`;
  const shape = element(
    "g",
    { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(4)})` },
    stateShape(toneOf(state), 0, 0, paint, false) +
      element(
        "text",
        {
          ...{ x: 13, y: 4, "font-size": 12, fill: paint.text, stroke: paint.canvas, "stroke-width": 3 },
          ...{ "paint-order": "stroke", "font-weight": state !== null && badness(state) > 1 ? 700 : 400 },
        },
        escapeXml(label),
      ),
  );
  return element("a", { href: first?.href, "aria-label": text }, element("title", {}, escapeXml(text)) + shape);
}
