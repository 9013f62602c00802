/** The dictionary: what words of names and commands mean, made once from the tables in knowledge/. */
import { DAEMON_TABLES } from "./knowledge/daemons.ts";
import { PROTOCOLS } from "./knowledge/protocols.ts";
import { SILENT_WORDS } from "./knowledge/silent-words.ts";
import { boundedMemo } from "./memo.ts";
import { compact } from "./tokens.ts";

/** A daemon or a protocol: what a check can speak of. */
export interface Subject {
  readonly id: string;
  readonly kind: "daemon" | "protocol";
  /** Words like "web" or "database": they only help when nothing better is known. */
  readonly vague: boolean;
  /** Default ports, for a protocol without TLS. */
  readonly ports: readonly number[];
  readonly tlsPorts: readonly number[];
  /** Other ports that serve clients. */
  readonly more: readonly number[];
  /** Ports for administration and for the cluster, not for clients. */
  readonly admin: ReadonlySet<number>;
  /** Protocols a daemon speaks, by id. */
  readonly speaks: ReadonlySet<string>;
}

/** How strongly a word says that no service is meant; see knowledge/silent-words.ts. */
export type Strength = "purpose" | "always" | "storage" | "figure";

/** A word that speaks of no service. */
export interface Silence {
  readonly about: string;
  readonly strength: Strength;
}

/** What a word means. `whole`: it names the process, so all of its client ports are meant. */
export interface Meaning {
  readonly subject: Subject | null;
  readonly silence: Silence | null;
  readonly whole: boolean;
}

/** Subjects by which checks are carried out: beside another word they say how, not what. */
export const TRANSPORTS: ReadonlySet<string> = new Set([
  "snmpd",
  "nrpe",
  "nsclient",
  "ncpa",
  "checkmkagent",
  "dockerd",
  "podman",
  "supervisord",
  "inetd",
]);

/** Transports before a figure of the host: "SSH CPU usage" is read over ssh. */
export function onlyTransports(subjects: readonly Subject[]): boolean {
  return subjects.every(({ id }) => TRANSPORTS.has(id) || id === "ssh");
}

/** The kernel cuts process names after this many characters. */
export const COMM_LENGTH = 15;

const meanings = new Map<string, Meaning>();
const silentInside = new Map<string, Silence>();
const silentBeginnings = new Map<string, Silence>();
const daemonsByProcess = new Map<string, Subject[]>();
const daemonsByProtocol = new Map<string, Subject[]>();
const processBeginnings: (readonly [beginning: string, daemon: Subject])[] = [];
let longest = 0;

for (const table of DAEMON_TABLES) {
  rows(table).forEach(addDaemon);
}
for (const row of rows(PROTOCOLS)) {
  addProtocol(row);
}
for (const [about, strength, words] of rows(SILENT_WORDS)) {
  addSilence({ about: about ?? "", strength: strengthOf(strength) }, list(words));
}

/** What a word in dictionary spelling means. */
export function meaningOf(word: string): Meaning | undefined {
  return word.length > longest ? undefined : meanings.get(word);
}

/** A word that only begins with one of the dictionary's silent words (festplattenplatz), or contains one (logbackup). */
export function silenceByPart(word: string): Silence | undefined {
  return partlySilent.get(word, () => findSilence(word));
}

const partlySilent = boundedMemo<Silence | undefined>(20_000);

function findSilence(word: string): Silence | undefined {
  for (const [inside, silence] of silentInside) {
    if (word.includes(inside)) {
      return silence;
    }
  }
  for (let length = Math.min(word.length, 20); length >= 5; length -= 1) {
    const silence = silentBeginnings.get(word.slice(0, length));
    if (silence !== undefined) {
      return silence;
    }
  }
  return undefined;
}

/** Daemons that speak a protocol. */
export function daemonsSpeaking(protocol: string): readonly Subject[] {
  return daemonsByProtocol.get(protocol) ?? [];
}

/** All words that mean a daemon or protocol. */
export function subjectWords(): Iterable<readonly [word: string, subject: Subject]> {
  return [...meanings].flatMap(([word, { subject }]) => (subject === null ? [] : [[word, subject] as const]));
}

/** The daemons that run under a process name, the one that owns the name first. */
export function daemonsOf(process: string): readonly Subject[] {
  const name = processKey(process);
  const exact = daemonsByProcess.get(name);
  if (exact !== undefined) {
    return exact;
  }
  const stem = daemonsByProcess.get(name.replace(/[\d.]+$/, ""));
  return stem ?? processBeginnings.filter(([beginning]) => name.startsWith(beginning)).map(([, daemon]) => daemon);
}

/** A process name as the tables compare it: without what follows a colon, cut as the kernel cuts it. */
export function processKey(process: string): string {
  const name = process.split(": ")[0] ?? "";
  return name
    .toLowerCase()
    .replace(/:$/, "")
    .replace(/\.exe$/, "")
    .slice(0, COMM_LENGTH);
}

function addDaemon(row: readonly string[]): void {
  const [id = "", processes = "", words = "", ports = "", more = "", admin = "", speaks = ""] = row;
  const daemon: Subject = {
    id,
    kind: "daemon",
    vague: false,
    ports: numbers(ports),
    tlsPorts: [],
    more: numbers(more),
    admin: new Set(numbers(admin)),
    speaks: new Set(list(speaks)),
  };
  for (const protocol of daemon.speaks) {
    daemonsByProtocol.set(protocol, [...(daemonsByProtocol.get(protocol) ?? []), daemon]);
  }
  const names = new Set(list(processes).map(compact));
  for (const process of list(processes)) {
    addProcess(process, daemon);
  }
  for (const word of list(words)) {
    const spelled = compact(word);
    const processLike = names.has(spelled) && /(?:d|server|master|daemon|agent)$/.test(spelled);
    addWord(spelled, { subject: daemon, silence: null, whole: processLike });
  }
}

function addProcess(process: string, daemon: Subject): void {
  const key = process.toLowerCase();
  if (key.endsWith("*")) {
    processBeginnings.push([key.slice(0, -1), daemon]);
    return;
  }
  const name = processKey(key);
  const known = daemonsByProcess.get(name);
  if (known === undefined) {
    daemonsByProcess.set(name, [daemon]);
  } else {
    known.push(daemon);
  }
}

function addProtocol(row: readonly string[]): void {
  const [id = "", words = "", ports = "", tls = "", more = "", vague = "", family = ""] = row;
  const protocol: Subject = {
    id,
    kind: "protocol",
    vague: vague === "yes",
    ports: numbers(ports),
    tlsPorts: numbers(tls),
    more: numbers(more),
    admin: new Set(),
    speaks: new Set([id, ...list(family)]),
  };
  for (const word of list(words)) {
    addWord(compact(word), { subject: protocol, silence: null, whole: false });
  }
}

function addSilence(silence: Silence, words: readonly string[]): void {
  for (const word of words) {
    const spelled = compact(word);
    if (word.startsWith("*")) {
      silentInside.set(spelled, silence);
    } else if (word.endsWith("*")) {
      silentBeginnings.set(spelled, silence);
    }
    addWord(spelled, { subject: null, silence, whole: false });
  }
}

function addWord(word: string, meaning: Meaning): void {
  if (!meanings.has(word)) {
    meanings.set(word, meaning);
    longest = Math.max(longest, word.length);
  }
}

function rows(table: string): readonly (readonly string[])[] {
  return table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

function list(cell: string | undefined): readonly string[] {
  return (cell ?? "").split(/\s+/).filter((word) => word !== "");
}

function numbers(cell: string): readonly number[] {
  return list(cell).map(Number);
}

function strengthOf(text: string | undefined): Strength {
  return text === "purpose" || text === "always" || text === "storage" ? text : "figure";
}
