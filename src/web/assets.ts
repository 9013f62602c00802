/**
 * Style, scripts and icon under names that hold their hash, so that they are fetched once; and the script for the pages
 * of Nagios under a name that stays.
 */
import { createHash } from "node:crypto";
import type { Request, Response, Router } from "express";
import { readAsset } from "../asset.ts";
import { paletteStylesheet } from "../render/palette.ts";
import { pathOf } from "./base-path.ts";
import { exactRouter } from "./exact-router.ts";

/** One file as it is sent. */
interface Asset {
  readonly type: string;
  readonly text: string;
}

/** All assets, and the hashed name of each. */
export interface Assets {
  readonly router: Router;
  /** `assets/dotm.1a2b3c4d.css` by `dotm.css`. */
  readonly paths: Readonly<Record<"css" | "palette" | "script" | "icon", string>>;
}

/** A year: the name changes with the content. */
const FOREVER = "public, max-age=31536000, immutable";

/** The script of our pages, in modules that find each other beside them; the first loads the others. */
const MODULES = [
  "main",
  "copy",
  "filter",
  "keys",
  "live",
  "live-worker",
  "paths",
  "picture",
  "preview",
  "refresh",
  "slider",
] as const;

/** Seconds after which pages of Nagios, which cannot know our hashes, ask for their script again. */
const A_WHILE = "public, max-age=300";

/** Reads the assets. */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  const add = (name: string, type: string, text: string) => {
    const hashed = name.replace(/\.(\w+)$/, `.${hashOf(text)}.$1`);
    files.set(hashed, { type, text });
    return `assets/${hashed}`;
  };
  const paths = {
    css: add("dotm.css", "text/css", readAsset("#assets/dotm.css")),
    palette: add("palette.css", "text/css", paletteStylesheet()),
    script: addModules(files),
    icon: add("icon.svg", "image/svg+xml", readAsset("#assets/icon.svg")),
  };
  const nagios = readAsset("#assets/nagios.js");
  const router = exactRouter();
  router.get("/assets/nagios.js", (_request: Request, response: Response) => {
    response.set({ "Cache-Control": A_WHILE, "Cross-Origin-Resource-Policy": "cross-origin" });
    response.type("text/javascript").send(nagios);
  });
  router.get(["/assets/:name", "/assets/:folder/:name"], (request: Request, response: Response, next) => {
    const file = files.get(pathOf(request.url).slice("/assets/".length));
    if (file === undefined) {
      next();
      return;
    }
    response.set({ "Cache-Control": FOREVER, "Cross-Origin-Resource-Policy": "cross-origin" });
    response.type(file.type).send(file.text);
  });
  return { router, paths };
}

/** All modules in one folder, whose name is the hash of them all: they name each other without it. */
function addModules(files: Map<string, Asset>): string {
  const texts = MODULES.map((name) => ({ name, text: readAsset(`#assets/app/${name}.js`) }));
  const folder = hashOf(texts.map(({ text }) => text).join(""));
  for (const { name, text } of texts) {
    files.set(`${folder}/${name}.js`, { type: "text/javascript", text });
  }
  return `assets/${folder}/main.js`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
