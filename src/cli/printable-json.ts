/** JSON as commands print it. */

/** What steers a terminal and JSON leaves as it is: DEL, the second set of control characters, reversed writing. */
const STEERING = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f]/g;

/** A value as JSON for programs and for people: names come from elsewhere, and what they hold must not steer a terminal. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.replace(STEERING, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A text for a notation that has no such escapes, or keeps them to itself. */
export function printable(text: string): string {
  return text.replace(STEERING, "\ufffd");
}
