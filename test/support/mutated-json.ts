/** JSON in which one value was changed, taken out or doubled, as somebody else's hand would. */
import { oneOf, type Random } from "./random.ts";

const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 8.64e15, 1e308, "", "x", "CRITICAL", "__proto__", "db01:3306", "2026-99-99T"],
  ...[[], [[]], [null], ["x", "x"], {}, { a: null }],
];

/** The value with one change somewhere in it. */
export function mutatedJson(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random() < 0.1) {
    return oneOf(random, ODD);
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? [oneOf(random, ODD)] : mutatedItems(value, random);
  }
  const name = oneOf(random, Object.keys(value)) ?? "a";
  const { [name]: changed, ...others } = value as Readonly<Record<string, unknown>>;
  return random() < 0.2 ? others : { ...others, [name]: mutatedJson(changed, random) };
}

function mutatedItems(items: readonly unknown[], random: Random): unknown[] {
  const at = Math.floor(random() * items.length);
  return random() < 0.1 ? [...items, items[at]] : items.map((item, i) => (i === at ? mutatedJson(item, random) : item));
}
