/** What differs between two texts, line by line, as `diff -u` prints it. */

interface Edit {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** Lines around a change. */
const CONTEXT = 3;

/** Edits looked for at most; texts that differ more are told as wholly replaced. */
const MOST_EDITS = 1_500;

/** The difference with its head; empty where there is none. `before` null where there was no file, `after` where none is left. */
export function lineDiff(name: string, before: string | null, after: string | null): string {
  if (before === after) {
    return "";
  }
  const edits = editsOf(linesOf(before ?? ""), linesOf(after ?? ""));
  const hunks = hunksOf(edits).map(({ from, to }) => hunkText(edits, from, to));
  const file = (text: string | null) => (text === null ? "/dev/null" : name);
  return `--- ${file(before)}\n+++ ${file(after)}\n${hunks.join("")}`;
}

/** How many lines are new, and how many are gone. */
export function countChanges(diff: string): { readonly added: number; readonly removed: number } {
  const lines = diff.split("\n").slice(2);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { added: count("+"), removed: count("-") };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The shortest row of edits (Myers 1986), after what both begin and end with. */
function editsOf(a: readonly string[], b: readonly string[]): Edit[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) {
    tail += 1;
  }
  const middle = shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same = (line: string): Edit => ({ sign: " ", line });
  return [...a.slice(0, head).map(same), ...middle, ...a.slice(a.length - tail).map(same)];
}

/** A way to a place, from its end to its beginning. */
interface Way {
  readonly x: number;
  readonly edits: Link | null;
}

interface Link {
  readonly edit: Edit;
  readonly before: Link | null;
}

function shortest(a: readonly string[], b: readonly string[]): Edit[] {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  // By diagonal, x - y, the farthest way with so many edits.
  let ways = new Map<number, Way>();
  for (let edits = 0; edits <= most; edits += 1) {
    const next = new Map<number, Way>();
    for (let k = -edits; k <= edits; k += 2) {
      const way = slid(a, b, k, edits === 0 ? { x: 0, edits: null } : longer(a, b, k, ways));
      next.set(k, way);
      if (way.x >= a.length && way.x - k >= b.length) {
        return inOrder(way.edits);
      }
    }
    ways = next;
  }
  return [...a.map((line): Edit => ({ sign: "-", line })), ...b.map((line): Edit => ({ sign: "+", line }))];
}

/** The farther of the two ways that come to diagonal `k` by one more edit. */
function longer(a: readonly string[], b: readonly string[], k: number, ways: ReadonlyMap<number, Way>): Way {
  const [left, above] = [ways.get(k - 1), ways.get(k + 1)];
  if (above !== undefined && (left === undefined || left.x < above.x)) {
    const line = b[above.x - k - 1] ?? "";
    return { x: above.x, edits: { edit: { sign: "+", line }, before: above.edits } };
  }
  const from = left ?? { x: 0, edits: null };
  return { x: from.x + 1, edits: { edit: { sign: "-", line: a[from.x] ?? "" }, before: from.edits } };
}

/** Goes on over equal lines. */
function slid(a: readonly string[], b: readonly string[], k: number, way: Way): Way {
  let { x, edits } = way;
  while (x < a.length && x - k < b.length && a[x] === b[x - k]) {
    edits = { edit: { sign: " ", line: a[x] ?? "" }, before: edits };
    x += 1;
  }
  return { x, edits };
}

function inOrder(last: Link | null): Edit[] {
  const edits: Edit[] = [];
  for (let link = last; link !== null; link = link.before) {
    edits.push(link.edit);
  }
  return edits.reverse();
}

/** Places of changes with the lines around them; those that touch are one. */
function hunksOf(edits: readonly Edit[]): { from: number; to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  for (const [at, { sign }] of edits.entries()) {
    const last = hunks.at(-1);
    if (sign === " ") {
      continue;
    }
    if (last !== undefined && at - CONTEXT <= last.to) {
      last.to = Math.min(edits.length, at + CONTEXT + 1);
    } else {
      hunks.push({ from: Math.max(0, at - CONTEXT), to: Math.min(edits.length, at + CONTEXT + 1) });
    }
  }
  return hunks;
}

function hunkText(edits: readonly Edit[], from: number, to: number): string {
  const lines = (part: readonly Edit[], other: "-" | "+") => part.filter(({ sign }) => sign !== other).length;
  const [before, within] = [edits.slice(0, from), edits.slice(from, to)];
  const place = (other: "-" | "+") => {
    const count = lines(within, other);
    const start = lines(before, other) + (count === 0 ? 0 : 1);
    return count === 1 ? `${start}` : `${start},${count}`;
  };
  const body = within.map(({ sign, line }) => `${sign}${line}\n`).join("");
  return `@@ -${place("+")} +${place("-")} @@\n${body}`;
}
