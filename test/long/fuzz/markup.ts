/** Whether a page or a picture is whole: every tag as it should be, every element closed, nothing of a stranger among them. */

const VOID = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);
/** Elements whose content is no markup. */
const RAW = new Set(["script", "style", "textarea", "title"]);
const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'=<>`]+))?)*)\s*(\/?)>/y;

/** The element that strangers try to bring in. */
export const CANARY = "canary";

/** What is wrong with a text of HTML or SVG; undefined where nothing is. */
export function brokenMarkup(text: string, kind: "html" | "svg"): string | undefined {
  const open: string[] = [];
  let at = 0;
  for (let next = text.indexOf("<"); next >= 0; next = text.indexOf("<", at)) {
    at = next + 1;
    const skipped = /^<(?:!--[\s\S]*?-->|!doctype [^>]*>|\?xml [^>]*\?>)/i.exec(text.slice(next, next + 4_000))?.[0];
    if (skipped !== undefined) {
      at = next + skipped.length;
      continue;
    }
    TAG.lastIndex = next;
    const [tag, closing, name = "", , selfClosed] = TAG.exec(text) ?? [];
    if (tag === undefined) {
      return `no tag: ${text.slice(next, next + 80)}`;
    }
    at = next + tag.length;
    const element = name.toLowerCase();
    if (element === CANARY) {
      return `a stranger's element: ${text.slice(Math.max(0, next - 80), at)}`;
    }
    if (closing === "/") {
      const last = open.pop();
      if (last !== element) {
        return `</${element}> closes <${last}>: ${text.slice(Math.max(0, next - 120), at)}`;
      }
    } else if (!(kind === "html" && VOID.has(element)) && selfClosed !== "/") {
      open.push(element);
      const end = RAW.has(element) ? text.indexOf(`</${name}`, at) : at;
      at = end < 0 ? text.length : end;
    }
  }
  return open.length === 0 ? undefined : `<${open.at(-1)}> is not closed`;
}
