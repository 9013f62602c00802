/** The pages' templates, compiled once. Everything is escaped; only pictures of our own making go in as they are. */
import Handlebars from "handlebars";
import { readAsset } from "../asset.ts";

/** Pages there are templates for. */
const PAGES = [
  "overview",
  "graph",
  "host",
  "embed",
  "message",
  "error",
  "api",
  "map",
  "services",
  "hosts",
  "report",
  "geo",
  "health",
  "rules",
  "settings",
  "history",
] as const;
export type PageName = (typeof PAGES)[number];

/** Parts that pages share. */
const PARTS = ["layout", "rows", "problems", "notes", "empty", "flash", "changes"] as const;

/** Marks that turn the direction of writing: a name could make what stands around it read backwards. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Turns a page's data into HTML. */
export type RenderPage = (page: PageName, data: object) => string;

/** A picture as trusted markup: `renderSvg` escapes every text itself. */
export function trusted(svg: string): object {
  return new Handlebars.SafeString(svg);
}

/** Reads and compiles all templates. */
export function loadTemplates(): RenderPage {
  const engine = Handlebars.create();
  for (const part of PARTS) {
    engine.registerPartial(part, readAsset(`#templates/${part}.hbs`));
  }
  const templates = new Map(PAGES.map((page) => [page, engine.compile(readAsset(`#templates/${page}.hbs`))]));
  return (page, data) => {
    const template = templates.get(page);
    if (template === undefined) {
      throw new Error(`no template ${page}`);
    }
    return template(data, { allowProtoPropertiesByDefault: false }).replace(TURNING, "\ufffd");
  };
}
