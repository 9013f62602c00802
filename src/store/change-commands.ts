/** Translates what a turn changed into Redis commands. Pure: the same changes give the same commands. */
import type { Change, Changes, ConnectionRecord, ServiceRecord } from "../model/changes.ts";
import { grouped } from "../model/grouped.ts";
import { affectedServices } from "../model/impact.ts";
import { CommandSheet } from "./command-sheet.ts";
import {
  appendTo,
  type Command,
  deleteKey,
  moveTimes,
  replaceList,
  setText,
  updateUniqueList,
  writeHash,
} from "./commands.ts";
import { CHECKS_EXPIRE, connectionsBegin, type IndexKind, keys, ownKeys, problemMember } from "./keys.ts";
import { CONNECTIONS, type ManyOfHost, SERVICES } from "./many-of-host.ts";
import {
  connectionFields,
  type Fields,
  hostCheckJson,
  nodeFields,
  serviceCheckJson,
  serviceFields,
} from "./record-codec.ts";

/** Characters of a JSON value stored at most; a larger one is refused rather than choke readers. */
const LARGEST_JSON = 32 * 1024 * 1024;

/** Entries of `dotm::changes` at most, however old the oldest snapshot is: some 40 MB. */
const MOST_CHANGES = 500_000;

/**
 * Commands in steps to be finished one after the other: indexes name a thing before it is there and until it is gone,
 * so that a crash in between leaves nothing that no index knows; events come last, when readers can see what they tell.
 */
export interface ChangeCommands {
  readonly steps: readonly (readonly Command[])[];
  /** Things whose names cannot stand in a key, or whose values are too large, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Commands that bring Redis from before the changes to after them. */
export function commandsOf(changes: Changes): ChangeCommands {
  const sheet = new CommandSheet();
  nodeCommands(sheet, changes);
  serviceCommands(sheet, changes);
  truthCommands(sheet, changes);
  checkCommands(sheet, changes);
  problemCommands(sheet, changes);
  return {
    steps: [sheet.indexing(), sheet.writing, sheet.deleting, sheet.unindexing(), eventCommands(changes)],
    refused: sheet.refused,
  };
}

/** Command that tells followers of `dotm::observations` what was seen. */
export function observationCommand(fields: Readonly<Record<string, string>>): Command {
  return appendTo(keys.observations, Object.entries(fields).flat());
}

function nodeCommands(sheet: CommandSheet, { nodes, graphs, notes, resolver, sources, alarms }: Changes): void {
  const present: string[] = [];
  const gone: string[] = [];
  for (const [node, record] of nodes) {
    sheet.entry(node, () => {
      const key = keys.node(node);
      if (record === null) {
        gone.push(node);
        sheet.deleting.push(deleteKey(key, "hash"));
        sheet.indexed("reports", node, keys.report(node), "string", null);
      } else {
        present.push(node);
        sheet.writing.push(...writeHash(key, nodeFields(record)));
      }
    });
  }
  sheet.writing.push(...updateUniqueList(keys.nodes, ownKeys.nodeMembers, "add", present));
  sheet.deleting.push(...updateUniqueList(keys.nodes, ownKeys.nodeMembers, "remove", gone));
  for (const [node, graph] of graphs) {
    sheet.entry(node, () => {
      const key = ownKeys.graph(node);
      sheet.indexed("graphs", node, key, "string", graph === null ? null : [setText(key, json(graph))]);
    });
  }
  for (const [node, noted] of notes) {
    sheet.entry(node, () => {
      const key = ownKeys.notes(node);
      sheet.indexed("notes", node, key, "string", noted === null ? null : [setText(key, json(noted))]);
    });
  }
  for (const [ip, node] of resolver) {
    sheet.entry(ip, () => {
      const key = keys.resolver(ip);
      sheet.indexed("resolver", ip, key, "string", node === null ? null : [setText(key, node)]);
    });
  }
  const fields = [...sources].map(([name, health]) => [name, health === null ? null : json(health)] as const);
  sheet.writing.push(...writeHash(ownKeys.sources, fields));
  for (const [node, list] of alarms) {
    sheet.entry(node, () => {
      sheet.writing.push(...writeHash(ownKeys.alarms, [[node, list === null ? null : json(list)]]));
    });
  }
}

function serviceCommands(sheet: CommandSheet, { services, connections, seen }: Changes): void {
  for (const [id, change] of services) {
    sheet.entry(id, () => {
      const key = keys.service(change.node, change.port);
      const fields = change.value === null ? null : serviceFields(change.value);
      memberHash(sheet, SERVICES, change, change.port, key, fields);
    });
  }
  for (const [id, change] of connections) {
    sheet.entry(id, () => {
      const remote = change.remote ?? change.value?.remote ?? "";
      const key = keys.connection(change.node, change.port, remote);
      const fields = change.value === null ? null : connectionFields(change.value);
      const member = `${change.port}::${remote}`;
      memberHash(sheet, CONNECTIONS, change, member, key, fields);
    });
  }
  for (const [node, times] of seen) {
    sheet.entry(node, () => seenCommands(sheet, node, times));
  }
}

/** Times come after the records, as they may be newer; within a host nearly all are of its last report. */
function seenCommands(sheet: CommandSheet, node: string, seen: ReadonlyMap<string, number>): void {
  const members = grouped([...seen], ([, at]) => Math.trunc(at));
  for (const [at, those] of members) {
    const ends = those.map(([member]) => member);
    sheet.writing.push(...moveTimes(ownKeys.connectionsOf(node), at, connectionsBegin(node), ends));
  }
}

/** One hash of many of a host: the host is in the index of the kind, the rest of the key in the host's own index. */
function memberHash(
  sheet: CommandSheet,
  { kind, indexOf, type }: ManyOfHost,
  change: Change<ServiceRecord | ConnectionRecord>,
  member: string,
  key: string,
  fields: Fields | null,
): void {
  if (fields === null) {
    sheet.deleting.push(deleteKey(key, "hash"));
    sheet.leave(indexOf(change.node), member, type);
  } else {
    sheet.join(ownKeys.index(kind), change.node);
    sheet.join(indexOf(change.node), member, type);
    sheet.writing.push(...writeHash(key, fields));
  }
}

function truthCommands(sheet: CommandSheet, { edges, listeners }: Changes): void {
  for (const [node, records] of edges) {
    sheet.entry(node, () => fieldsOfHost(sheet, "edges", node, keys.edges(node), records));
  }
  for (const [node, records] of listeners) {
    sheet.entry(node, () => fieldsOfHost(sheet, "listeners", node, ownKeys.listeners(node), records));
  }
}

function fieldsOfHost(
  sheet: CommandSheet,
  kind: IndexKind,
  node: string,
  key: string,
  records: ReadonlyMap<string, object | null>,
): void {
  const fields = [...records].map(([field, record]) => [field, record === null ? null : json(record)] as const);
  sheet.join(ownKeys.index(kind), node);
  sheet.writing.push(...writeHash(key, fields));
}

function checkCommands(sheet: CommandSheet, { at, hostChecks, serviceChecks }: Changes): void {
  for (const [node, record] of hostChecks) {
    sheet.entry(node, () => {
      const key = keys.hostCheck(node);
      const commands = record === null ? null : [setText(key, hostCheckJson(record), CHECKS_EXPIRE)];
      sheet.indexed("host-checks", node, key, "string", commands);
    });
  }
  for (const [node, records] of serviceChecks) {
    sheet.entry(node, () => {
      const key = keys.serviceChecks(node);
      const gone = records === null || records.length === 0;
      const commands = gone ? null : [replaceList(key, records.map(serviceCheckJson), CHECKS_EXPIRE)];
      sheet.indexed("service-checks", node, key, "list", commands);
    });
  }
  if (hostChecks.size + serviceChecks.size > 0) {
    sheet.writing.push(...writeHash(keys.checksConfig, [["last_updated", Math.trunc(at)]]));
  }
}

function problemCommands(sheet: CommandSheet, { impacts }: Changes): void {
  for (const [problem, impact] of impacts) {
    sheet.entry(problem, () => {
      const at = problem.indexOf("::");
      const node = problem.slice(0, at);
      const check = problem.slice(at + 2);
      const key = keys.impact(node, check);
      const member = problemMember(node, check);
      if (impact === null) {
        sheet.deleting.push(deleteKey(key, "string"), { key: keys.ranking, words: ["zrem", keys.ranking, member] });
      } else {
        // The ranking is the index of problems, so it comes first.
        sheet.writing.push({ key: keys.ranking, words: ["zadd", keys.ranking, affectedServices(impact), member] });
        sheet.writing.push(setText(key, json(impact)));
      }
    });
  }
}

function eventCommands({ at, events }: Changes): Command[] {
  return events.map((event) => {
    const known = [
      ["subject", event.subject],
      ["from", event.from],
      ["to", event.to],
    ].filter((field): field is [string, string] => field[1] !== null);
    const fields = ["at", String(Math.trunc(at)), "kind", event.kind, "host", event.host, ...known.flat()];
    return appendTo(keys.changes, fields, MOST_CHANGES);
  });
}

function json(value: object): string {
  const text = JSON.stringify(value);
  if (text.length > LARGEST_JSON) {
    throw new Error(`its value of ${text.length} characters is too large`);
  }
  return text;
}
