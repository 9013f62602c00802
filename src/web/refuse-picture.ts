/** Refusals of pictures: drawn, as an `<img>` shows nothing else. */
import type { Request, Response } from "express";
import { renderSentence } from "../render/sentence-svg.ts";
import { pathOf } from "./base-path.ts";
import { asPicture } from "./response-headers.ts";

/** Draws why a picture is refused; false where no picture was asked for, so that nothing was sent. */
export function refusePicture(request: Request, response: Response, sentence: string): boolean {
  if (!/\/(?:image|popup)$/.test(pathOf(request.url))) {
    return false;
  }
  asPicture(response);
  // Browsers show an SVG of an answer 200 only.
  response.set("Cache-Control", "no-store");
  response.send(renderSentence(sentence, { palette: "dotm", theme: "light", tone: "unknown", notes: [] }));
  return true;
}
