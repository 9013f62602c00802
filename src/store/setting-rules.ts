/** What each of the eleven settings may hold, in the names and shapes Redis has them in since the original. */
import { RE2JS } from "re2js";
import { messageOf } from "../errors.ts";
import { isNetwork } from "../model/address.ts";
import { EXPRESSION_LIMITS, modernExpression } from "../model/mapping.ts";
import { readUrl } from "../model/web-address.ts";
import { isHostPart } from "./keys.ts";

/** Names of the settings, as in `dotm::config::<setting>`. */
export const SETTING_NAMES = [
  "fetch_parameters",
  "other_internal_networks",
  "user_node_aliases",
  "nagios_instance",
  "history",
  "aging",
  "expire",
  "hiding",
  "service_mapping",
  "service_port_whitelist",
  "service_name_whitelist",
] as const;

/** One of them. */
export type SettingName = (typeof SETTING_NAMES)[number];

/** How a setting lies in Redis: a hash of fields, a list, or one string of items separated by commas. */
export type SettingShape = "hash" | "list" | "items";

/** Shape of a setting, and why a value (of a field, where it is a hash) cannot stand in it. */
export interface SettingRule {
  readonly shape: SettingShape;
  /** The reason a value is refused; undefined where it is good. */
  readonly refuse: (value: string, field: string) => string | undefined;
}

type Refuse = SettingRule["refuse"];

/** Entries a setting may have, and characters of one. */
export const MOST_ENTRIES = 10_000;
const LONGEST_VALUE = EXPRESSION_LIMITS.characters;

const DAYS_AT_MOST = 36_500;
const SECONDS_AT_MOST = 10 * 365 * 86_400;

const RULES: Readonly<Record<SettingName, SettingRule>> = {
  fetch_parameters: hash({
    interval: whole(5, 86_400),
    parallel: whole(1, 1_000),
    ssh_user: word(/^[a-z_][\w.-]{0,31}\$?$/i, "a user name"),
  }),
  other_internal_networks: {
    shape: "list",
    refuse: (value) => (isNetwork(value) ? undefined : "is not a network; write it like 198.51.100.0/24"),
  },
  user_node_aliases: {
    shape: "hash",
    refuse: (value, field) => (isHostPart(value) && isHostPart(field) ? undefined : "is not a host name"),
  },
  nagios_instance: hash({
    url: refuseWebAddress,
    user: word(/^[^\p{Cc}:]{1,128}$/u, "a user name"),
    password: word(/^[^\p{Cc}]{1,256}$/u, "a password in one line"),
    expire: whole(1, SECONDS_AT_MOST),
    use_aliases: whole(0, 1),
    refresh: whole(1, 86_400),
  }),
  history: hash({ enabled: whole(0, 1), interval: whole(60, SECONDS_AT_MOST), expire: whole(0, SECONDS_AT_MOST) }),
  aging: hash({ Services: whole(1, SECONDS_AT_MOST), Connections: whole(1, SECONDS_AT_MOST) }),
  expire: hash({
    Services: whole(0, DAYS_AT_MOST),
    Connections: whole(0, DAYS_AT_MOST),
    "Nagios Alerts": whole(0, DAYS_AT_MOST),
  }),
  hiding: hash({ Services: whole(0, DAYS_AT_MOST), Connections: whole(0, DAYS_AT_MOST) }),
  service_mapping: { shape: "hash", refuse: (value, field) => refusePattern(field) ?? refusePattern(value) },
  service_port_whitelist: { shape: "items", refuse: whole(1, 65_535) },
  service_name_whitelist: { shape: "items", refuse: refusePattern },
};

/** Whether a name is that of a setting. */
export function isSettingName(name: string): name is SettingName {
  return SETTING_NAMES.some((known) => known === name);
}

/** The rule of a setting. */
export function settingRule(name: SettingName): SettingRule {
  return RULES[name];
}

/** Whether a field holds what must not be shown. */
export function isSecretField(name: SettingName, field: string): boolean {
  return name === "nagios_instance" && field === "password";
}

/** A value as it may be shown; an address loses what stands before its host, which may be a password. */
export function shownValue(name: SettingName, value: string, field: string): string {
  if (isSecretField(name, field)) {
    return "***";
  }
  return name === "nagios_instance" && field === "url" ? value.replace(/^([a-z]+:\/*)?.*@/is, "$1***@") : value;
}

/** Why a value (of a field, where the setting is a hash) is refused; undefined where it is good. */
export function refuseValue(name: SettingName, value: string, field: string): string | undefined {
  if (value.length > LONGEST_VALUE || field.length > LONGEST_VALUE) {
    return `is longer than ${LONGEST_VALUE} characters`;
  }
  const { shape, refuse } = RULES[name];
  return shape === "items" && value.includes(",") ? "holds a comma, which separates items" : refuse(value, field);
}

function hash(fields: Readonly<Record<string, Refuse>>): SettingRule {
  const known = new Map(Object.entries(fields));
  return {
    shape: "hash",
    refuse: (value, field) => {
      const refuse = known.get(field);
      return refuse === undefined ? `is not a field; known are ${[...known.keys()].join(", ")}` : refuse(value, field);
    },
  };
}

function whole(lowest: number, highest: number): Refuse {
  return (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    return number >= lowest && number <= highest ? undefined : `is not a whole number from ${lowest} to ${highest}`;
  };
}

function word(pattern: RegExp, what: string): Refuse {
  return (value) => (pattern.test(value) ? undefined : `is not ${what}`);
}

function refuseWebAddress(value: string): string | undefined {
  const url = readUrl(value);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return "is not an http or https URL";
  }
  return url.username + url.password === ""
    ? undefined
    : "holds a user or a password; give them as the fields user and password instead";
}

/** Verdicts on patterns, since settings are read often and a pattern is compiled slowly. */
const verdicts = new Map<string, string | undefined>();

function refusePattern(pattern: string): string | undefined {
  if (!verdicts.has(pattern)) {
    if (verdicts.size >= 2 * MOST_ENTRIES) {
      verdicts.clear();
    }
    verdicts.set(pattern, judgePattern(pattern));
  }
  return verdicts.get(pattern);
}

/** Rules match from the start, so the pattern is tried as it will be used; alone first, lest `a)|(b` slips through. */
function judgePattern(pattern: string): string | undefined {
  if (pattern.trim() === "") {
    return "is an empty regular expression; write .* for everything";
  }
  try {
    const modern = modernExpression(pattern);
    RE2JS.compile(modern);
    const size = RE2JS.compile(`^(?:${modern})`, RE2JS.CASE_INSENSITIVE).programSize();
    const { steps } = EXPRESSION_LIMITS;
    return size > steps ? `is a regular expression of ${size} steps, at most ${steps}` : undefined;
  } catch (error) {
    return `is not a regular expression that runs in linear time (${messageOf(error)})`;
  }
}
