/**
 * Every key DOTM keeps in Redis; no other file spells one. `docs/redis.md` is made from the comments of this file:
 * "`key` type: content" or "`key` type, expires …: content".
 *
 * Names are checked here, so that splitting a key at `::` is always right. Cluster: two keys are never touched by one
 * command unless one is named `{<other>}::…`, which puts both into one slot.
 */
import { DotmError } from "../errors.ts";
import { HOST_CHECK } from "../model/ids.ts";

/** Seconds after which the keys below `dotm::checks::` vanish unless renewed. */
export const CHECKS_EXPIRE = 3_600;

/** The keys that are a contract with whoever reads Redis. */
export const keys = {
  /** `dotm::nodes` list: host names, each once. */
  nodes: "dotm::nodes",

  /**
   * `dotm::nodes::<node>` hash: `last_fetch` (Unix seconds of the last report, 0 for none; it never lags), `fetch_status` (`OK`
   * or the error), `ips` (comma separated), `service_alerts` (JSON object: port to state of the service's worst failing check).
   */
  node: (node: string): string => `dotm::nodes::${hostPart(node)}`,

  /**
   * `dotm::connections::<node>::<port>::<remote>` hash: `process`, `connections` (now), `last_connection`, `last_seen`
   * (Unix seconds), `direction` (`in` or `out`), `remote_host`, `remote_port` (number or `high`), `local_port`. `<port>` is
   * the local port for `in`, the remote port for `out`; `<remote>` a host name, an IP (IPv6 written out) or `Internet`.
   * Where several processes share the key, `connections` is their sum, `process` and `direction` are those of the one with most.
   * `last_seen` may lag by a twentieth of the setting `aging`; of what the last report held, the host's `last_fetch` is exact.
   * Connections hidden by the setting `hiding` have none; they are remembered in `dotm::edges::<node>`.
   */
  connection: (node: string, port: string, remote: string): string =>
    `dotm::connections::${hostPart(node)}::${portPart(port)}::${hostPart(remote)}`,

  /**
   * `dotm::services::<node>::<port>` hash: `process`, `last_seen` (Unix seconds; lags as that of connections does), `age` (`fresh` or `old`); `last_connection`
   * (Unix seconds) where a client was ever seen; `alert_status` (worst state of the mapped checks) where a check is mapped.
   */
  service: (node: string, port: string): string => `dotm::services::${hostPart(node)}::${portPart(port)}`,

  /** `dotm::resolver::ip_to_node::<ip>` string: the host that has the address. */
  resolver: (ip: string): string => `dotm::resolver::ip_to_node::${hostPart(ip)}`,

  /**
   * `dotm::checks::nodes::<node>` string, expires after 1 h unless renewed: JSON with `node`, `status`, `last_check`,
   * `last_status_change`, `status_information`, `services_alerts` (process to state of failing checks), `other_alerts`
   * (failing checks that speak of no service, to their state).
   */
  hostCheck: (node: string): string => `dotm::checks::nodes::${hostPart(node)}`,

  /**
   * `dotm::checks::services::<node>` list, expires after 1 h unless renewed: one JSON per service check with `node`,
   * `service`, `status`, `last_check`, `last_status_change`, `status_information`, `services` (ids it is mapped to),
   * `ambiguous` (several fit), `handled`, `soft`; `mapping` (process name) where it is mapped; `mapped_by` (the evidence
   * that decided, also for no service) where anything is known of such a check.
   */
  serviceChecks: (node: string): string => `dotm::checks::services::${hostPart(node)}`,

  /** `dotm::checks::config` hash: `last_updated` (Unix seconds when checks were last written). */
  checksConfig: "dotm::checks::config",

  /**
   * `dotm::config::<setting>` by setting: one of the eleven settings in the shape of the original: a string of items separated by commas
   * for `service_port_whitelist` and `service_name_whitelist`, a list for `other_internal_networks`, a hash for the others:
   * `service_mapping` (check to process, both regular expressions), `user_node_aliases` (name to host), `fetch_parameters`
   * (`interval`, `parallel`, `ssh_user`), `nagios_instance` (`url`, `user`, `password`, `expire`, `use_aliases`, `refresh`),
   * `history` (`enabled`, `interval`, `expire`), `aging` (`Services`, `Connections`), `hiding` (the same), `expire` (the same
   * and `Nagios Alerts`). Times are seconds, in `expire` and `hiding` days. A change by hand is noticed within 2 s, too; what cannot
   * be used is ignored and told.
   */
  setting: (setting: string): string => `dotm::config::${hostPart(setting)}`,

  /**
   * `dotm::impact::<node>::<check>` string: JSON Impact of one current problem; check `_HOST_` for the host itself.
   * The check name is everything after the host; control characters are replaced. Deleted at recovery.
   */
  impact: (node: string, check: string | null): string => `dotm::impact::${problemMember(node, check)}`,

  /** `dotm::impact::ranking` zset: `<node>::<check>` of every current problem by its number of affected services. */
  ranking: "dotm::impact::ranking",

  /** `dotm::reports::<node>` string: last report of the host's agent, gzip of JSON; what a new leader starts from. */
  report: (node: string): string => `dotm::reports::${hostPart(node)}`,

  /**
   * `dotm::edges::<node>` hash: field `direction|process id|protocol|port|remote`, value JSON of one remembered
   * connection (first seen, last seen, count, rhythm): the truth about connections, those no longer open included.
   */
  edges: (node: string): string => `dotm::edges::${hostPart(node)}`,

  /**
   * `dotm::queue` list: tasks that wait, JSON with `id` (a UUID, for the result), `fn` (`reload`, `fetch_node`, `snapshot`,
   * `expire`), `args` (list), `kwargs` (object); `declined` (ids of workers) where some could not do it and handed it on.
   * The next one is the first.
   */
  queue: "dotm::queue",

  /**
   * `dotm::queue::result::<id>` string, expires after 300 s: JSON with `status` (`pending`, `processing`, `ready`) and
   * `result`; a task that failed is `ready` with `{"error": "…"}`.
   */
  queueResult: (id: string): string => `dotm::queue::result::${hostPart(id)}`,

  /**
   * `dotm::observations` stream: `kind` (`report` or `state`) and `host` of what somebody saw change, or `kind` `settings`
   * and `setting`; `from`, the id of the process that saw it (see `dotm::members`). A report that cannot be had is `kind` `fault`
   * with `host` and `fault`, empty once it can be had again; `kind` `reload` asks for everything anew, `push` tells of `dotm::pushes`. Newest 10,000 or so.
   */
  observations: "dotm::observations",

  /**
   * `dotm::changes` stream: one entry per change: `at` (Unix seconds), `kind` (`state`, `topology`, `impact`, `source`, `alarm`, `notes`),
   * `host`, and where known `subject` (check, service id or source), `from`, `to`. Back to the oldest snapshot, at most
   * 500,000 or so; without snapshots the newest 10,000 or so.
   */
  changes: "dotm::changes",

  /** `dotm::history` list: times of the snapshots, Unix seconds, oldest first. */
  history: "dotm::history",

  /**
   * `dotm::history::<timestamp>` string: one snapshot of the whole picture: a line `dotm-history 1 {…}` with what it holds
   * and where in `dotm::history::log` it begins, then brotli of lines `kind`, name, JSON, separated by tabs.
   */
  snapshot: (timestamp: number): string => `dotm::history::${timestamp}`,
} as const;

/** Kinds of things that have an index of who has them. */
export const INDEXES = [
  "services",
  "connections",
  "resolver",
  "host-checks",
  "service-checks",
  "graphs",
  "notes",
  "reports",
  "edges",
  "listeners",
] as const;

/** One of those kinds. */
export type IndexKind = (typeof INDEXES)[number];

/** The keys DOTM adds for itself; they may change. */
export const ownKeys = {
  /** `{dotm::nodes}::members` set: the members of `dotm::nodes`; what keeps each of them there once. */
  nodeMembers: "{dotm::nodes}::members",

  /** `dotm::graph::<node>` string: JSON HostGraph: services and processes of a host, their states and dependencies. */
  graph: (node: string): string => `dotm::graph::${hostPart(node)}`,

  /**
   * `dotm::notes::<node>` string: JSON HostNotes: comments and downtimes, and what the monitoring's configuration says of
   * the host and its checks beyond their states: alias, address, links, service groups, custom variables (secrets masked).
   */
  notes: (node: string): string => `dotm::notes::${hostPart(node)}`,

  /** `dotm::listeners::<node>` hash: field port, value JSON of one remembered listener (first seen, last seen). */
  listeners: (node: string): string => `dotm::listeners::${hostPart(node)}`,

  /** `dotm::sources` hash: field source name, value JSON of how the source is. */
  sources: "dotm::sources",

  /**
   * `dotm::alarms` hash: field host (empty for what belongs to none), value JSON list of what DOTM itself finds wrong there:
   * `kind`, `host`, `object`, `peer`, `since` (Unix seconds), `severity` (`CRITICAL`, `WARNING`, `INFO`), `text`, `details`.
   */
  alarms: "dotm::alarms",

  /**
   * `dotm::history::log` stream: what every writing changed in the picture, so that it can be had as it was at any moment
   * since the oldest snapshot: `at` (Unix milliseconds), `writer` and `n` (its number; one missing is noticed), `z` (deflated
   * JSON: kind, name, difference), `new` where the whole picture was written anew, or `off` where history was off from there
   * on. At most 64 MiB or so.
   */
  historyLog: "dotm::history::log",

  /** `dotm::hosts::added` hash: field host, value JSON of how it is asked (`type`, `address`): hosts that people added. */
  addedHosts: "dotm::hosts::added",

  /** `dotm::alive` hash: `at`, Unix seconds of the engine's last sign of life. */
  alive: "dotm::alive",

  /** `dotm::state::leader` string, expires after 15 s unless renewed: token of the engine that leads, the one writer of the picture. */
  leader: "dotm::state::leader",

  /**
   * `{dotm::state::leader}::epoch` hash: `epoch` (grows with every change of leader), `leader` (token of who led last). It
   * outlives the lease, so that who comes back after an outage knows whether somebody else led meanwhile.
   */
  leaderEpoch: "{dotm::state::leader}::epoch",

  /**
   * `dotm::pushes` list: JSON of pushed states on their way to the engine that leads: `source`, `format`, `text` (the body as it
   * came), `at` (Unix seconds), `journal` and `position` (where who acknowledged it keeps it).
   */
  pushes: "dotm::pushes",

  /** `{dotm::pushes}::done` hash: field journal, value position up to which its pushes were taken in. */
  pushesDone: "{dotm::pushes}::done",

  /** `dotm::pushed::<source>` string: JSON of all states pushed to a source, for the next leader. */
  pushed: (source: string): string => `dotm::pushed::${hostPart(source)}`,

  /** `{dotm::queue}::processing::<worker>` list: tasks a worker took and has not finished. */
  queueProcessing: (worker: string): string => `{dotm::queue}::processing::${hostPart(worker)}`,

  /** `{dotm::queue}::workers` zset: ids of workers by their last sign of life, milliseconds of Redis' clock. */
  queueWorkers: "{dotm::queue}::workers",

  /** `{dotm::queue}::deaths` hash: field SHA-1 of a task, value how often a worker died of it. */
  queueDeaths: "{dotm::queue}::deaths",

  /** `{dotm::queue}::poison` list: JSON of tasks set aside: `task` as it was written, `reason`, `at`. Newest 1,000. */
  queuePoison: "{dotm::queue}::poison",

  /**
   * `dotm::members` hash: field an id, value JSON of one process of DOTM: `name` (machine/process number), `roles`, `leads`,
   * `since` and `at` (Unix seconds of its start and its last sign of life), `version`, `url`.
   */
  members: "dotm::members",

  /** `dotm::schema` string: version of these keys as a whole; a store of a newer version is refused. */
  schema: "dotm::schema",

  /** `dotm::state::save_asked` string: of the embedded store alone, how often somebody asked its daemon to save at once. */
  saveAsked: "dotm::state::save_asked",

  /** `dotm::state::saved` string: of the embedded store alone; all that was written before so many asked is on the daemon's disk. */
  saved: "dotm::state::saved",

  /** `dotm::marker` string: who last wrote the whole picture into which Redis process; missing after a flush. */
  marker: "dotm::marker",

  /**
   * `dotm::index::<kind>` set: hosts (for `resolver` addresses) that have such keys, so that nobody needs to search.
   * Kinds: `services`, `connections`, `resolver`, `host-checks`, `service-checks`, `graphs`, `notes`, `reports`, `edges`, `listeners`.
   */
  index: (kind: IndexKind): string => `dotm::index::${kind}`,

  /** `dotm::index::services::<node>` set: ports of the host's `dotm::services::` keys. */
  servicesOf: (node: string): string => `dotm::index::services::${hostPart(node)}`,

  /** `dotm::index::connections::<node>` hash: field `<port>::<remote>` of each of the host's `dotm::connections::` keys, empty. */
  connectionsOf: (node: string): string => `dotm::index::connections::${hostPart(node)}`,
} as const;

/** The parts of a connection's key. */
export interface ConnectionKey {
  readonly node: string;
  readonly port: string;
  readonly remote: string;
}

/** Takes a key `dotm::connections::…` apart; undefined unless it has exactly its five fields, all in order. */
export function parseConnectionKey(key: string): ConnectionKey | undefined {
  const [root, kind, node = "", port = "", remote = "", ...rest] = key.split("::");
  const whole = root === "dotm" && kind === "connections" && rest.length === 0;
  return whole && isHostPart(node) && isPortPart(port) && isHostPart(remote) ? { node, port, remote } : undefined;
}

/** What the keys of a host's connections begin with; `<port>::<remote>` follows. */
export function connectionsBegin(node: string): string {
  return `dotm::connections::${hostPart(node)}::`;
}

/** The member of `dotm::impact::ranking` that stands for a problem; `check` null is the host itself. */
export function problemMember(node: string, check: string | null): string {
  return `${hostPart(node)}::${(check ?? HOST_CHECK).replace(CONTROL_CHARACTERS, "\uFFFD")}`;
}

/** Takes a member of `dotm::impact::ranking` apart; undefined where it is none. */
export function parseProblemMember(
  member: string,
): { readonly host: string; readonly check: string | null } | undefined {
  const at = member.indexOf("::");
  const host = member.slice(0, Math.max(at, 0));
  const check = member.slice(at + 2);
  if (!isHostPart(host) || check === "") {
    return undefined;
  }
  return { host, check: check === HOST_CHECK ? null : check };
}

/** Whether a host name (or IP, or `Internet`) can stand in a key: no `::`, no control characters, 1 to 255 characters. */
export function isHostPart(name: string): boolean {
  // A colon at an end would make `::` together with the separator beside it.
  return /^(?!:)[^\p{Cc}]{1,255}(?<!:)$/u.test(name) && !name.includes("::");
}

/** Whether a port name can stand in a key: `80`, `53/udp`, `high`. */
export function isPortPart(port: string): boolean {
  return /^(?:\d{1,5}|high)(?:\/udp)?$/.test(port);
}

const CONTROL_CHARACTERS = /\p{Cc}/gu;

function hostPart(name: string): string {
  if (!isHostPart(name)) {
    throw unfit(name, "a host name");
  }
  return name;
}

function portPart(port: string): string {
  if (!isPortPart(port)) {
    throw unfit(port, "a port");
  }
  return port;
}

function unfit(part: string, kind: string): DotmError {
  const shown = JSON.stringify(part.slice(0, 80));
  return new DotmError("DOTM_STORE_FAILED", `${shown} cannot be ${kind} in a Redis key.`);
}
