/** Elements of XML text. Every name and text of the outside world passes through here. */

/** Attributes of an element; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// What XML 1.0 forbids: controls, half surrogate pairs, U+FFFE, U+FFFF. Also C1 controls and the marks that turn the
// direction of writing, with which a name could make its neighbours read backwards.
const FORBIDDEN = /[^\P{Cc}\t\n\r]|\p{Cs}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Printable ASCII without markup: most of what a picture says needs no second look. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;

/** Text as XML content or attribute value. */
export function escapeXml(text: string): string {
  return PLAIN.test(text) ? text : escapeMarkup(text.replace(FORBIDDEN, ""));
}

/** A text in which nothing is markup, of XML or HTML; what XML forbids stays in it. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}

/** An element with its attributes escaped; `content` is XML already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  let text = `<${name}`;
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    if (value !== undefined) {
      text += ` ${key}="${typeof value === "number" ? numberText(value) : escapeXml(value)}"`;
    }
  }
  return content === "" ? `${text}/>` : `${text}>${content}</${name}>`;
}

/** A number with at most one decimal: finer is not seen. */
export function numberText(value: number): string {
  return String(Math.round(value * 10) / 10);
}
