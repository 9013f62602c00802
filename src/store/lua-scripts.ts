/** The scripts that run inside Redis. The number at the end of a name is that of its keys. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Scripts that stand in commands as any other command would. */
const NAMES = ["delete-typed-1", "replace-list-1", "update-nodes-2", "move-times-1", "set-to-hash-1"] as const;

/** Scripts that are never part of a batch behind the lease. */
const OTHER_NAMES = [
  "take-lease-2",
  "release-lease-1",
  "save-report-1",
  "forget-report-1",
  "beat-worker-1",
  "put-back-5",
  "finish-task-2",
  "hand-on-3",
  "some-fields-1",
  "short-fields-1",
] as const;

/** Name of a script. */
export type ScriptName = (typeof NAMES)[number] | (typeof OTHER_NAMES)[number];

const texts = new Map<string, string>();
const digests = new Map<string, string>();
let fenced: string | undefined;

/** Text of a script. */
export function scriptText(name: ScriptName): string {
  return textOf(name);
}

/** Name of the script of that text; undefined where it is none of those that may stand in a batch. */
export function scriptName(text: unknown): ScriptName | undefined {
  return NAMES.find((name) => scriptText(name) === text);
}

/** The script that runs a batch of commands behind a lease; it has the others within itself as functions. */
export function fencedBatchText(): string {
  fenced ??= [
    "local scripts = {}",
    ...NAMES.map((name) => `scripts['${name}'] = function(KEYS, ARGV)\n${scriptText(name)}\nend`),
    textOf("fenced-batch"),
  ].join("\n");
  return fenced;
}

/** By which Redis knows a script that it has run. */
export function digestOf(text: string): string {
  const digest = digests.get(text) ?? createHash("sha1").update(text).digest("hex");
  digests.set(text, digest);
  return digest;
}

function textOf(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) {
    return known;
  }
  const written = readFileSync(new URL(import.meta.resolve(`#lua/${name}.lua`)), "utf8");
  // What it says to people need not travel with every command.
  const text = written.replace(/^ *--.*\n/gm, "");
  texts.set(name, text);
  return text;
}
