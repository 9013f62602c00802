/** Takes a snapshot of the stored picture. Any process can: it reads what Redis holds, and the log repairs what changes meanwhile. */
import { type Command, setText } from "./commands.ts";
import { packLines, type SnapshotHead, snapshotBytes, snapshotLine } from "./history-codec.ts";
import { entriesFrom, lastEntry } from "./history-entries.ts";
import { listedSnapshots } from "./history-expire.ts";
import { type HistoryKind, isHistoryName } from "./history-kinds.ts";
import { type IndexKind, keys, ownKeys, parseProblemMember } from "./keys.ts";
import { isShortHash, MOST_CHECKS, MOST_HOSTS, MOST_INDEXED, membersOfSet, textCommand } from "./long-values.ts";
import { rankedMembers } from "./ranked-impacts.ts";
import { NODE_FIELDS } from "./record-codec.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused, runCommands } from "./run-commands.ts";
import { fieldsCommand, fieldsFrom } from "./some-fields.ts";

/** What taking a snapshot needs. */
export interface TakeOptions {
  /** Unix seconds. */
  readonly now: () => number;
  readonly onRefused: OnRefused;
}

/** A snapshot that was taken. */
export interface TakenSnapshot {
  /** Its name: Unix seconds. */
  readonly at: number;
  /** Bytes of its value. */
  readonly bytes: number;
  readonly head: SnapshotHead;
}

/** Hosts asked for at once; what comes back is read before others go on. */
const AT_ONCE = 50;

/** Characters compressed at once. */
const PIECE = 128 * 1024;

/** Attempts where the whole picture is written anew meanwhile. */
const MOST_ATTEMPTS = 3;

/**
 * Takes one; its value is written at once, after its name. Undefined where the picture was written anew again and again, or
 * where the list of names is somebody else's: it could never be found again, nor removed.
 * @throws what Redis said where it cannot be used
 */
export async function takeSnapshot(client: RedisClient, options: TakeOptions): Promise<TakenSnapshot | undefined> {
  if ((await listedSnapshots(client, options.onRefused)).isForeign) {
    return undefined;
  }
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const from = await lastEntry(client, options.onRefused);
    const counts = { hosts: 0, problems: 0 };
    const { bytes, text } = await packLines(inPieces(pictureLines(client, options.onRefused, counts)));
    if (!(await wasWrittenAnew(client, from?.id ?? "0-0", options.onRefused))) {
      const taken = options.now();
      const at = Math.trunc(taken);
      const place = from === undefined ? null : { id: from.id, writer: from.writer, n: from.n };
      const head: SnapshotHead = { at: taken, from: place, ...counts, text };
      const value = snapshotBytes(head, bytes);
      await store(client, at, value, options.onRefused);
      return { at, bytes: value.length, head };
    }
  }
  return undefined;
}

async function wasWrittenAnew(client: RedisClient, id: string, onRefused: OnRefused): Promise<boolean> {
  for await (const { content } of entriesFrom(client, `(${id}`, onRefused)) {
    if (content === undefined) {
      return true;
    }
  }
  return false;
}

async function store(client: RedisClient, at: number, value: Buffer, onRefused: OnRefused): Promise<void> {
  const key = keys.history;
  const { times } = await listedSnapshots(client, onRefused);
  if (!times.includes(at)) {
    await runCommands(client, [{ key, words: ["rpush", key, at] }], onRefused);
  }
  await runCommands(client, [setText(keys.snapshot(at), value)], onRefused);
}

/** Lines put together, as each piece is a trip to the thread that compresses. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let piece: string[] = [];
  let size = 0;
  for await (const line of lines) {
    piece.push(line);
    size += line.length;
    if (size >= PIECE) {
      yield piece.join("");
      [piece, size] = [[], 0];
    }
  }
  yield piece.join("");
}

async function* pictureLines(
  client: RedisClient,
  onRefused: OnRefused,
  counts: { hosts: number; problems: number },
): AsyncGenerator<string, void, void> {
  const ask = (name: string, key: string, ...args: (string | number)[]) =>
    askNames(client, { key, words: [name, key, ...args] }, onRefused);
  const indexed = async (kind: IndexKind) =>
    (await membersOfSet(client, ownKeys.index(kind), MOST_INDEXED, onRefused)).sort();
  const lines = (kind: HistoryKind, names: readonly string[], command: (name: string) => Command) =>
    valueLines(client, kind, names, command, onRefused);
  const get = (keyOf: (name: string) => string) => (name: string) => textCommand(keyOf(name));

  const nodes = (await ask("lrange", keys.nodes, 0, MOST_HOSTS)).sort();
  counts.hosts = nodes.length;
  yield* lines("node", nodes, (name) => fieldsCommand(keys.node(name), NODE_FIELDS));
  yield* lines("graph", await indexed("graphs"), get(ownKeys.graph));
  yield* lines("notes", await indexed("notes"), get(ownKeys.notes));
  yield* lines("host-check", await indexed("host-checks"), get(keys.hostCheck));
  yield* lines("checks", await indexed("service-checks"), (name) => {
    const key = keys.serviceChecks(name);
    return { key, words: ["lrange", key, 0, MOST_CHECKS] };
  });
  const problems = (await rankedMembers(client, onRefused)).sort();
  counts.problems = problems.length;
  yield* lines("impact", problems, (member) => {
    const { host = "", check = null } = parseProblemMember(member) ?? {};
    return textCommand(keys.impact(host, check));
  });
  for (const [kind, key] of [
    ["source", ownKeys.sources],
    ["alarms", ownKeys.alarms],
  ] as const) {
    const isShort = await isShortHash(client, key, MOST_HOSTS, onRefused);
    const names = isShort ? (await ask("hkeys", key)).sort() : [];
    yield* lines(kind, names, (name) => fieldsCommand(key, [name]));
  }
}

async function* valueLines(
  client: RedisClient,
  kind: HistoryKind,
  names: readonly string[],
  commandOf: (name: string) => Command,
  onRefused: OnRefused,
): AsyncGenerator<string, void, void> {
  const known: string[] = [];
  const commands: Command[] = [];
  for (const name of names.filter(isHistoryName)) {
    try {
      commands.push(commandOf(name));
      known.push(name);
    } catch {
      // a name that cannot stand in a key is somebody else's
    }
  }
  let at = 0;
  for await (const answer of askCommands(client, commands, onRefused, AT_ONCE)) {
    const name = known[at] ?? "";
    const names = kind === "node" ? NODE_FIELDS : [name];
    const answered = isOfHash(kind) ? fieldsFrom(answer, { key: commands[at]?.key ?? "", names }, onRefused) : answer;
    at += 1;
    const json = jsonOf(kind, answered);
    if (json !== undefined) {
      yield snapshotLine({ kind, name, json });
    }
  }
}

function isOfHash(kind: HistoryKind): boolean {
  return kind === "node" || kind === "source" || kind === "alarms";
}

/** What Redis answered as JSON; undefined where there is nothing, or nothing of ours. */
function jsonOf(kind: HistoryKind, answer: unknown): string | undefined {
  const texts: readonly unknown[] = typeof answer === "object" && answer !== null ? Object.values(answer) : [answer];
  if (kind === "node") {
    return texts.length === 0 ? undefined : JSON.stringify(answer);
  }
  const good = texts.filter((text) => typeof text === "string").flatMap((text) => oneLine(text) ?? []);
  if (kind === "checks") {
    return good.length === 0 ? undefined : `[${good.join(",")}]`;
  }
  return good[0];
}

/** The same JSON in one line; as DOTM writes it, it is one. */
function oneLine(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return /[\n\t\r]/.test(text) ? JSON.stringify(value) : text;
  } catch {
    return undefined;
  }
}
