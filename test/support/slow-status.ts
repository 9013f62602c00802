/** The obvious way to read a status.dat, line by line, to compare the fast way with. */
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { ACKNOWLEDGEMENTS, type State } from "../../src/model/state.ts";

const LATEST = 100_000_000_000;

/** One block, keys and values as raw text (one character a byte); the first of equal keys counts. */
export interface SlowBlock {
  readonly kind: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** All closed blocks, and whether a block does not end. */
export function readBlocksSlowly(bytes: Buffer): { readonly blocks: SlowBlock[]; readonly torn: boolean } {
  const blocks: SlowBlock[] = [];
  let open: { kind: string; fields: Map<string, string> } | undefined;
  let torn = false;
  const lines = bytes.toString("latin1").split("\n");
  for (const [place, raw] of lines.entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const opening = /^([a-z_]+) \{$/.exec(line);
    if (opening !== null) {
      torn ||= open !== undefined;
      open = { kind: opening[1] ?? "", fields: new Map() };
    } else if (open !== undefined && (line === "\t}" || line === "}")) {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined && line.startsWith("\t")) {
      const equals = line.indexOf("=");
      const key = line.slice(1, equals);
      if (equals > 0 && !open.fields.has(key)) {
        open.fields.set(key, line.slice(equals + 1));
      }
    } else if (open === undefined && place === lines.length - 1 && raw !== "") {
      torn = true;
    }
  }
  return { blocks, torn: torn || open !== undefined };
}

/** What the file says, in the words of all sources, by `host` + LF + `check`. Interval length is 60. */
export function readStatusSlowly(bytes: Buffer): { readonly statuses: CheckStatus[]; readonly complete: boolean } {
  const { blocks, torn } = readBlocksSlowly(bytes);
  const statuses = new Map<string, CheckStatus>();
  let created = 0;
  let version = "";
  for (const { kind, fields } of blocks) {
    if (kind === "info" && created === 0) {
      const time = numberOr(fields.get("created"), 0);
      created = time > 0 && time < LATEST ? time : 0;
      version = fields.get("version") ?? version;
    }
    if (kind === "hoststatus" || kind === "servicestatus") {
      const status = statusOf(fields, kind === "servicestatus", created, /^[rv]\d/.test(version));
      const key = `${status?.host}\n${status?.check}`;
      if (status !== undefined && !statuses.has(key)) {
        statuses.set(key, status);
      }
    }
  }
  return { statuses: [...statuses.values()], complete: !torn && created > 0 && statuses.size > 0 };
}

function statusOf(
  raw: ReadonlyMap<string, string>,
  isService: boolean,
  created: number,
  icinga2: boolean,
): CheckStatus | undefined {
  const text = (key: string): string => readable(raw.get(key) ?? "");
  const number = (key: string, otherwise = 0): number => numberOr(raw.get(key), otherwise);
  const count = (key: string): number => Math.min(1_000_000, Math.max(0, Math.trunc(number(key))));
  const host = text("host_name");
  const check = isService ? text("service_description") : null;
  if (
    host === "" ||
    host.includes("::") ||
    host.includes("!") ||
    /[\p{Cc}\u{fffd}]/u.test(host) ||
    check === "" ||
    check === "_HOST_"
  ) {
    return;
  }
  const unreachable = number("is_reachable", 1) === 0;
  const state = stateOf(number("has_been_checked"), number("current_state", Number.NaN), isService, unreachable);
  const soft = number("state_type", 1) === 0;
  const units = number(soft && state !== "OK" && state !== "UP" ? "retry_interval" : "check_interval");
  const time = (key: string): number => Math.min(created || LATEST, Math.max(0, number(key)));
  const acknowledged = number("problem_has_been_acknowledged") > 0;
  const long = text("long_plugin_output");
  return {
    host,
    check,
    state,
    stateType: soft ? "SOFT" : "HARD",
    attempt: count("current_attempt"),
    maxAttempts: count("max_attempts"),
    lastCheck: time("last_check"),
    lastChange: time("last_state_change"),
    lastHardChange: time("last_hard_state_change"),
    output: text("plugin_output"),
    longOutput: icinga2 ? long.replaceAll("\\n", "\n") : long.replace(/\\(n|\\)/g, (_, c) => (c === "n" ? "\n" : c)),
    acknowledgement: acknowledged ? (ACKNOWLEDGEMENTS[number("acknowledgement_type", 1)] ?? "normal") : "none",
    downtimeDepth: count("scheduled_downtime_depth"),
    flapping: number("is_flapping") > 0,
    interval:
      number("active_checks_enabled", 1) === 0 ? 0 : Math.round(Math.min(LATEST, Math.max(0, units * 60)) * 100) / 100,
    command: text("check_command") || null,
    reachable: !unreachable && state !== "UNREACHABLE",
    active: number("active_checks_enabled", 1) > 0,
  };
}

function stateOf(checked: number, code: number, isService: boolean, unreachable: boolean): State {
  if (checked === 0) {
    return "PENDING";
  }
  if (isService) {
    return (["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const)[code] ?? "UNKNOWN";
  }
  const state = (["UP", "DOWN", "UNREACHABLE"] as const)[code] ?? "UNREACHABLE";
  return state === "DOWN" && unreachable ? "UNREACHABLE" : state;
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text !== undefined && text.length <= 24 && /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : otherwise;
}

const WINDOWS_1252 = new Map([
  ...[..."€"].map((char) => [0x80, char] as const),
  ...[..."‚ƒ„…†‡ˆ‰Š‹Œ"].map((char, place) => [0x82 + place, char] as const),
  ...[..."Ž"].map((char) => [0x8e, char] as const),
  ...[..."‘’“”•–—˜™š›œ"].map((char, place) => [0x91 + place, char] as const),
  ...[..."žŸ"].map((char, place) => [0x9e + place, char] as const),
]);

function readable(raw: string): string {
  const bytes = Buffer.from(raw, "latin1");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    text = raw.replaceAll(/[\u0080-\u009f]/g, (char) => WINDOWS_1252.get(char.charCodeAt(0)) ?? char);
  }
  return text.replace(/\p{Cc}/gu, (char) => (char === "\t" ? char : "\u{fffd}"));
}
