/** What a process name tells by itself; known once per name, since hosts run the same few hundred programs. */
import { NO_WORDS, RUNTIMES } from "./knowledge/plugins.ts";
import { boundedMemo } from "./memo.ts";
import { compact } from "./tokens.ts";
import { COMM_LENGTH, daemonsOf, processKey, type Subject } from "./vocabulary.ts";

/** Knowledge about one process name. */
export interface ProcessKnowledge {
  /** The name as names are compared. */
  readonly key: string;
  /** Daemons that run under this name, the one that owns it first. */
  readonly daemons: readonly Subject[];
  /** Whether the name says nothing about what runs: java, docker-proxy, xinetd, none at all. */
  readonly nameless: boolean;
  /** Words of a check's name that are this process: `fedmsghub`, `shop` for shopd. Empty where they would mislead. */
  readonly words: readonly string[];
  /** Beginning of such words where the kernel has cut the name, else null. */
  readonly beginning: string | null;
}

const NO_PROCESS: ProcessKnowledge = { key: "", daemons: [], nameless: true, words: [], beginning: null };
const SUFFIX = /(?:d|server|daemon|service)$/;
const known = boundedMemo<ProcessKnowledge>(20_000);

/** What is known about a process name, null for a socket without a process. */
export function knowledgeOf(process: string | null): ProcessKnowledge {
  if (process === null || process === "" || process === "-") {
    return NO_PROCESS;
  }
  return known.get(process, () => {
    const key = processKey(process);
    const nameless = RUNTIMES.has(key) || RUNTIMES.has(key.replace(/[\d.]+$/, ""));
    const word = compact(key);
    const mayBeWord = !nameless && word.length >= 3 && !NO_WORDS.has(key);
    const stem = word.replace(SUFFIX, "");
    const words = stem.length >= 3 && stem !== word && !NO_WORDS.has(stem) ? [word, stem] : [word];
    return {
      key,
      nameless,
      daemons: daemonsOf(process),
      words: mayBeWord ? words : [],
      beginning: mayBeWord && key.length >= COMM_LENGTH ? word : null,
    };
  });
}
