/** Reads one configuration file: YAML text to values with their places. */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import type { Place, Placed, PlacedMap } from "./place.ts";

/** One complaint about the configuration. */
export interface ConfigProblem {
  readonly place: Place;
  /** What is wrong, without place, with a suggestion where there is one. */
  readonly text: string;
}

/** What a file says. */
export interface ParsedFile {
  readonly value: PlacedMap;
  readonly problems: readonly ConfigProblem[];
}

/** Nesting and number of values accepted; aliases could make endless ones of a few lines. */
const DEEPEST = 20;
const MOST_VALUES = 100_000;

interface Walk {
  readonly file: string;
  readonly lines: LineCounter;
  readonly aliased: ReadonlyMap<Alias, Node>;
  readonly problems: ConfigProblem[];
  values: number;
}

/** Takes a file's text apart. Never throws; what is not a mapping counts as an empty one with a problem. */
export function parseYamlFile(text: string, file: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
  const problems = document.errors.map((error) => ({
    place: placeOf({ file, lines }, error.pos[0]),
    text: `not YAML: ${error.message}`,
  }));
  const walk: Walk = { file, lines, aliased: aliasedIn(document), problems, values: 0 };
  const root = problems.length > 0 || document.contents === null ? undefined : placed(document.contents, walk, 0);
  const start: Place = { kind: "file", file, line: 1, column: 1 };
  const empty: PlacedMap = { kind: "map", place: start, entries: new Map() };
  if (root === undefined || (root.kind === "scalar" && root.value === null)) {
    return { value: empty, problems };
  }
  if (root.kind !== "map") {
    return {
      value: empty,
      problems: [...problems, { place: root.place, text: "the file must hold `key: value` lines" }],
    };
  }
  return { value: root, problems };
}

/** What each alias stands for, in one walk: asked for one by one, the library looks through the whole document for each. */
function aliasedIn(document: ReturnType<typeof parseDocument>): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const aliased = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      const target = isAlias(node) ? anchored.get(node.source) : undefined;
      if (isAlias(node)) {
        target === undefined || aliased.set(node, target);
      } else if (node.anchor !== undefined) {
        anchored.set(node.anchor, node);
      }
    },
  });
  return aliased;
}

function placed(node: Node, walk: Walk, depth: number): Placed {
  const place = placeOf(walk, node.range?.[0] ?? 0);
  walk.values += 1;
  if (depth > DEEPEST || walk.values > MOST_VALUES) {
    if (depth > DEEPEST || walk.values === MOST_VALUES + 1) {
      walk.problems.push({ place, text: "nested too deeply, or an alias (`*name`) that multiplies itself" });
    }
    return { kind: "scalar", place, value: null };
  }
  if (isMap(node)) {
    return {
      kind: "map",
      place,
      entries: new Map(node.items.map((pair) => entry(pair as Pair<Node, Node | null>, walk, depth))),
    };
  }
  if (isSeq(node)) {
    return { kind: "list", place, items: node.items.map((item) => placed(item as Node, walk, depth + 1)) };
  }
  if (isAlias(node)) {
    const target = walk.aliased.get(node);
    return target === undefined ? { kind: "scalar", place, value: null } : placed(target, walk, depth + 1);
  }
  return { kind: "scalar", place, value: isScalar(node) ? node.value : null };
}

function entry(pair: Pair<Node, Node | null>, walk: Walk, depth: number) {
  const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
  const place = placeOf(walk, pair.key.range?.[0] ?? 0);
  const value: Placed =
    pair.value === null ? { kind: "scalar", place, value: null } : placed(pair.value, walk, depth + 1);
  return [key, { key: place, value }] as const;
}

function placeOf({ file, lines }: Pick<Walk, "file" | "lines">, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { kind: "file", file, line: Math.max(line, 1), column: Math.max(col, 1) };
}
