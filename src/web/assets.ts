/** Style, script and icon under names that hold their hash, so that they are fetched once. */
import { createHash } from "node:crypto";
import { type Request, type Response, Router } from "express";
import { readAsset } from "../asset.ts";
import { paletteStylesheet } from "../render/palette.ts";

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

/** Reads the assets. */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  const add = (name: string, type: string, text: string) => {
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const hashed = name.replace(/\.(\w+)$/, `.${hash}.$1`);
    files.set(hashed, { type, text });
    return `assets/${hashed}`;
  };
  const paths = {
    css: add("dotm.css", "text/css", readAsset("#assets/dotm.css")),
    palette: add("palette.css", "text/css", paletteStylesheet()),
    script: add("app.js", "text/javascript", readAsset("#assets/app.js")),
    icon: add("icon.svg", "image/svg+xml", readAsset("#assets/icon.svg")),
  };
  const router = Router();
  router.get("/assets/:name", (request: Request<{ name: string }>, response: Response, next) => {
    const file = files.get(request.params.name);
    if (file === undefined) {
      next();
      return;
    }
    response.set({ "Cache-Control": FOREVER, "Cross-Origin-Resource-Policy": "cross-origin" });
    response.type(file.type).send(file.text);
  });
  return { router, paths };
}
