/** Answers of a real Icinga 2, taken apart as the source does it. */
import { readFileSync } from "node:fs";
import { type Attrs, attrsOf, parseAttrs } from "../../nagios/icinga2-attrs.ts";
import { Icinga2Results } from "../../nagios/icinga2-results.ts";

/** Bytes of one file of `test/fixtures/icinga2`. */
export function icinga2Fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/icinga2/${name}`, import.meta.url));
}

/** Attributes of all objects of an answer. */
export function objectsOf(name: string): Attrs[] {
  const texts = new Icinga2Results().take(icinga2Fixture(name));
  return texts.map((text) => attrsOf(parseAttrs(text)?.["attrs"]) ?? {});
}

/** Attributes of the one object of that name. */
export function objectOf(file: string, name: string): Attrs {
  const found = objectsOf(file).find((attrs) => attrs["name"] === name);
  if (found === undefined) {
    throw new Error(`${file} has no ${name}`);
  }
  return found;
}

/** The lines of the captured event stream. */
export function eventLines(): string[] {
  return icinga2Fixture("events.ndjson").toString("utf8").trimEnd().split("\n");
}
