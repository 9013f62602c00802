/** Turns what the schema refuses into complaints with a place and a suggestion. */
import type { z } from "zod";
import { didYouMean } from "../nearest.ts";
import { keyPlace, type Path, type Placed, pathText, placeAt, valueAt } from "./place.ts";
import { configJsonSchema, type JsonSchema } from "./schema.ts";
import { fitToShow } from "./shown.ts";
import type { ConfigProblem } from "./yaml-file.ts";

type Issue = z.core.$ZodIssue;

const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["object", "a mapping (`key: value` lines)"],
  ["array", "a list (lines beginning with `- `)"],
]);

/** Complaints for all issues, in the order of the file where places tell it. */
export function problemsOf(issues: readonly Issue[], written: Placed): ConfigProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, written));
}

function problemsOfIssue(issue: Issue, written: Placed): ConfigProblem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    const schema = configJsonSchema();
    const known = keysAt(schema, path);
    const nothing = `there is nothing to set here: ${schemaAt(schema, path)[0]?.description ?? ""}`;
    return issue.keys.map((key) => ({
      place: keyPlace(written, path, key),
      text: `unknown key \`${pathText([...path, key])}\`; ${known.length === 0 ? nothing : suggestion(key, known)}`,
    }));
  }
  return [
    { place: placeAt(written, path), text: `${pathText(path)}: ${sentence(issue, path, valueAt(written, path))}` },
  ];
}

function sentence(issue: Issue, path: Path, value: Placed | undefined): string {
  const told = shown(value, path);
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    return oneOf((issue as { options?: readonly unknown[] }).options, value, told);
  }
  if (issue.code === "invalid_value") {
    return oneOf(issue.values, value, told);
  }
  if (issue.code === "invalid_type") {
    const kind = KINDS.get(issue.expected) ?? issue.expected;
    return value === undefined ? `missing; must be ${kind}` : `must be ${kind}, not ${told}`;
  }
  if (issue.code === "too_small" && issue.origin !== "string" && issue.origin !== "array") {
    return `must be at least ${issue.minimum}, not ${told}`;
  }
  if (issue.code === "too_big") {
    return `must be at most ${issue.maximum}, not ${told}`;
  }
  return `${issue.message}${value === undefined ? "" : `, not ${told}`}`;
}

function oneOf(options: readonly unknown[] | undefined, value: Placed | undefined, told: string): string {
  const words = (options ?? []).map(String);
  if (value === undefined) {
    return `missing; must be one of ${words.join(", ")}`;
  }
  const near = value.kind === "scalar" ? didYouMean(String(value.value), words) : "";
  return `must be one of ${words.join(", ")}, not ${told}${near === "" ? "" : `; ${near}`}`;
}

function suggestion(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  return near === "" ? `known here: ${known.join(", ")}` : near;
}

function shown(value: Placed | undefined, path: Path): string {
  if (value === undefined) {
    return "nothing";
  }
  if (value.kind !== "scalar") {
    return value.kind === "map" ? "a mapping" : "a list";
  }
  const { value: scalar } = value;
  const text = JSON.stringify(fitToShow(scalar, path)) ?? String(scalar);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Keys the schema knows for the mapping at a path, those of all alternatives together. */
function keysAt(schema: JsonSchema, path: Path): string[] {
  return [...new Set(schemaAt(schema, path).flatMap((part) => Object.keys(part.properties ?? {})))];
}

function schemaAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  let current: readonly JsonSchema[] = [schema];
  for (const step of path) {
    current = current.flatMap((part) => {
      const next = typeof step === "number" ? part.items : part.properties?.[step];
      return next === undefined ? [] : (next.oneOf ?? [next]);
    });
  }
  return current;
}
