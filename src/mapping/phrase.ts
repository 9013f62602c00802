/** A text read with the dictionary: which daemons and protocols it names, and what else it says. */
import {
  COMMON_WORDS,
  JOINING_WORDS,
  PROCESS_WORDS,
  QUALIFYING_WORDS,
  TARGET_WORDS,
  TLS_WORDS,
  WAYS,
} from "./knowledge/plugins.ts";
import { boundedMemo } from "./memo.ts";
import { oneTypingError, tokens } from "./tokens.ts";
import { meaningOf, type Silence, type Subject, silenceByPart, subjectWords } from "./vocabulary.ts";

/** A word or group of words of the text that names a daemon or protocol. */
export interface Hit {
  readonly subject: Subject;
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Whether the word is the name of the process itself. */
  readonly whole: boolean;
  /** The word and what it grows to with those behind it, widest first: it may be a process that runs here. */
  readonly wider: readonly string[];
}

/** A word of the text that speaks of no service. */
export interface SilentHit extends Silence {
  readonly word: string;
  readonly start: number;
}

/** A text understood. */
export interface Phrase {
  readonly words: readonly string[];
  readonly hits: readonly Hit[];
  readonly silences: readonly SilentHit[];
  /** Numbers that could be ports. */
  readonly numbers: readonly number[];
  readonly tls: boolean;
  readonly asksProcess: boolean;
  readonly transport: "tcp" | "udp" | null;
  /** Whether equals are joined: "nginx and php-fpm". */
  readonly joins: boolean;
  /** Position of the first word after which only circumstances follow ("Redis for GitLab"), or the end. */
  readonly qualifiedFrom: number;
}

/** The word to which something sends, where the text names nothing else that is known: "profiler to carbon". */
export function onlyTarget(phrase: Phrase): Hit | undefined {
  const at = phrase.words.findIndex((word, index) => index > 0 && TARGET_WORDS.has(word));
  const first = phrase.hits[0];
  if (at < 1 || first === undefined || first.start < at || WAYS.has(phrase.words[at - 1] ?? "")) {
    return undefined;
  }
  return first;
}

const WIDEST = 4;
const MOST_WORDS = 40;

/** Reads a text, longest groups of words first. */
export function readPhrase(text: string): Phrase {
  return phraseOf(tokens(text), text);
}

/** Reads words that are taken apart already. */
export function phraseOf(given: readonly string[], text: string): Phrase {
  const words = given.slice(0, MOST_WORDS);
  const hits: Hit[] = [];
  const silences: SilentHit[] = [];
  let at = 0;
  while (at < words.length) {
    at += take(words, at, hits, silences);
  }
  const set = new Set(words);
  return {
    words,
    hits,
    silences,
    numbers: words.filter((word) => /^\d{2,5}$/.test(word)).map(Number),
    tls: words.some((word) => TLS_WORDS.has(word)) || hits.some(({ subject }) => subject.id === "https"),
    asksProcess: words.some((word) => PROCESS_WORDS.has(word)),
    transport: transportOf(set),
    joins: /[&+/,]/.test(text) || words.some((word, index) => index > 0 && JOINING_WORDS.has(word)),
    qualifiedFrom: qualifiedFrom(words, text),
  };
}

/** Groups of up to four neighbouring words written as one, the widest first; at least three letters each. */
export function* groupsOf({ words }: Phrase): Generator<string> {
  for (let width = Math.min(WIDEST, words.length); width >= 1; width -= 1) {
    for (let at = 0; at + width <= words.length; at += 1) {
      const group = joined(words, at, width);
      if (group.length >= 3) {
        yield group;
      }
    }
  }
}

function joined(words: readonly string[], at: number, width: number): string {
  let group = words[at] ?? "";
  for (let next = at + 1; next < at + width; next += 1) {
    group += words[next];
  }
  return group;
}

function transportOf(words: ReadonlySet<string>): "tcp" | "udp" | null {
  if (words.has("udp") === words.has("tcp")) {
    return null;
  }
  return words.has("udp") ? "udp" : "tcp";
}

function qualifiedFrom(words: readonly string[], text: string): number {
  const bracket = text.search(/[([]/);
  const beforeBracket = bracket > 0 ? tokens(text.slice(0, bracket)).length : words.length;
  const preposition = words.findIndex((word, index) => index > 0 && QUALIFYING_WORDS.has(word));
  return Math.min(beforeBracket, preposition < 0 ? words.length : preposition);
}

/** Takes the longest known group of words from `at`; returns how many words it took. */
function take(words: readonly string[], at: number, hits: Hit[], silences: SilentHit[]): number {
  for (let width = Math.min(WIDEST, words.length - at); width >= 1; width -= 1) {
    const word = joined(words, at, width);
    const meaning = meaningOf(word) ?? (width === 1 ? meaningOf(word.replace(/\d+$/, "")) : undefined);
    if (meaning?.subject) {
      hits.push({
        subject: meaning.subject,
        word,
        start: at,
        end: at + width,
        whole: meaning.whole,
        wider: wider(words, at, width),
      });
      return width;
    }
    const silence = meaning?.silence ?? (width === 1 ? silenceByPart(word) : undefined);
    if (silence) {
      silences.push({ ...silence, word, start: at });
      return width;
    }
  }
  return 1;
}

function wider(words: readonly string[], at: number, width: number): readonly string[] {
  return [2, 1, 0].filter((more) => at + width + more <= words.length).map((more) => joined(words, at, width + more));
}

/** Subjects that only show where the plugin's words and its first argument are read together: check_sap!ms. */
export function hitsAcross(words: readonly string[], argument: string | undefined): readonly Hit[] {
  const more = argument === undefined ? [] : tokens(argument).slice(0, 2);
  if (words.length === 0 || words.length > 3 || more.length === 0) {
    return [];
  }
  return phraseOf([...words, ...more], "").hits.filter(({ start, end }) => start < words.length && end > words.length);
}

/** Short words that are looked for inside longer ones: shopmysql, redis1prod. */
const WIDELY_USED: ReadonlySet<string> = new Set(
  "mysql redis nginx squid mongo kafka samba exim4 https mssql pgsql".split(" "),
);

const dictionary: readonly (readonly [word: string, subject: Subject])[] = [...subjectWords()].filter(
  ([word, subject]) => !subject.vague && (word.length >= 6 || WIDELY_USED.has(word)),
);

const byFirstLetter = new Map<string, (readonly [word: string, subject: Subject])[]>();
for (const entry of dictionary) {
  const letter = entry[0].charAt(0);
  byFirstLetter.set(letter, [...(byFirstLetter.get(letter) ?? []), entry]);
}

/** Daemons and protocols that unknown words resemble: one typing error, or a known word inside a longer one. */
export function similarHits(phrase: Phrase): readonly Hit[] {
  const found = similarOfPhrase.get(phrase) ?? findSimilar(phrase);
  similarOfPhrase.set(phrase, found);
  return found;
}

const similarOfPhrase = new WeakMap<Phrase, readonly Hit[]>();

function findSimilar(phrase: Phrase): readonly Hit[] {
  const taken = new Set(phrase.hits.flatMap(({ start, end }) => range(start, end)));
  return phrase.words.flatMap((word, at) => {
    if (taken.has(at) || word.length < 5 || word.length > 40 || COMMON_WORDS.has(word)) {
      return [];
    }
    return similar
      .get(word, () => similarTo(word))
      .map((subject): Hit => ({ subject, word, start: at, end: at + 1, whole: false, wider: [] }));
  });
}

const similar = boundedMemo<readonly Subject[]>(20_000);

function similarTo(word: string): readonly Subject[] {
  const stuttering = meaningOf(word.replace(/(.)\1{2,}/g, "$1$1"))?.subject;
  if (stuttering) {
    return [stuttering];
  }
  const inside = dictionary.filter(([known]) => word.length > known.length && word.includes(known));
  const longest = Math.max(0, ...inside.map(([known]) => known.length));
  if (longest > 0) {
    return unique(inside.filter(([known]) => known.length === longest).map(([, subject]) => subject));
  }
  const alike = (byFirstLetter.get(word.charAt(0)) ?? []).filter(
    ([known]) => (word.length >= 6 || WIDELY_USED.has(known)) && oneTypingError(word, known),
  );
  return unique(alike.map(([, subject]) => subject));
}

function unique(subjects: readonly Subject[]): readonly Subject[] {
  return [...new Set(subjects)].slice(0, 3);
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
