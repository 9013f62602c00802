/**
 * Reads `objects.cache` of Nagios, Naemon and Icinga: hosts with their groups and parents, and the check commands
 * with their arguments. Format (Nagios' common/objects.c, fcache_objects): `define TYPE {`, lines of TAB, key, TAB,
 * value, then a closing brace. Dependencies between objects are not read.
 */
import { checkKey } from "../src/model/ids.ts";
import type { MonitoredHost } from "../src/model/monitoring.ts";
import { isClosing } from "./block-walk.ts";
import { ByteLines } from "./byte-lines.ts";
import { KeyTable, NO_KEY } from "./key-table.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import type { WindowScanner } from "./scan-window.ts";
import { TextPool } from "./text-pool.ts";
import { type Warning, Warnings } from "./warnings.ts";

/** A host of the configuration. */
export interface CachedHost extends MonitoredHost {
  /** Check command with its arguments, null where it has none. */
  readonly command: string | null;
  /** Link of the host, macros unexpanded; empty where it has none. */
  readonly actionUrl: string;
  /** Custom variables, names without the leading underscore. */
  readonly customVariables: ReadonlyMap<string, string>;
}

/** A service check of the configuration. */
export interface CachedCheck {
  readonly host: string;
  readonly check: string;
  readonly command: string | null;
  readonly groups: readonly string[];
  readonly actionUrl: string;
  readonly customVariables: ReadonlyMap<string, string>;
}

/** What an object cache says. */
export interface ObjectCache {
  /** False where the file is empty, cut or holds no host: it is rewritten in place and must be read again then. */
  readonly complete: boolean;
  readonly hosts: readonly CachedHost[];
  readonly checks: readonly CachedCheck[];
  /** Check commands with arguments, by `checkKey`. */
  readonly commands: ReadonlyMap<string, string>;
  /** Seconds after which Nagios itself calls a result too old, by `checkKey`, where it was told so. */
  readonly freshness: ReadonlyMap<string, number>;
  /** How many objects of each type it holds. */
  readonly objects: ReadonlyMap<string, number>;
  readonly warnings: readonly Warning[];
}

const KEYS = [
  "host_name",
  "service_description",
  "alias",
  "address",
  "parents",
  "host_groups",
  "service_groups",
  "check_command",
  "action_url",
  "check_freshness",
  "freshness_threshold",
  "hostgroup_name",
  "servicegroup_name",
  "members",
] as const;
type CacheKey = (typeof KEYS)[number];

const TABLE = new KeyTable(KEYS, "\t");
const DEFINE = "define ";
const TAB = 9;
const UNDERSCORE = 95;
const LETTER_D = 100;
/** Ten years, in seconds. */
const LONGEST_FRESHNESS = 315_360_000;
const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** Reads a whole object cache. Never throws. */
export function readObjectCache(buffer: Buffer, length: number = buffer.length): ObjectCache {
  const scan = new ObjectCacheScan();
  scan.scan(new ByteLines(buffer, length), true);
  return scan.finish();
}

/** Reads an object cache piece by piece (see ScanWindow). */
export class ObjectCacheScan implements WindowScanner {
  #text = new ByteLines(Buffer.alloc(0), 0);
  readonly #pool = new TextPool();
  readonly #warnings = new Warnings();
  readonly #hosts = new Map<string, Omit<CachedHost, "groups">>();
  readonly #checks = new Map<string, Omit<CachedCheck, "groups">>();
  /** By host, and by checkKey. */
  readonly #hostGroups = new Map<string, Set<string>>();
  readonly #checkGroups = new Map<string, Set<string>>();
  readonly #commands = new Map<string, string>();
  readonly #freshness = new Map<string, number>();
  readonly #objects = new Map<string, number>();
  /** Type of the object that is being read, empty between objects. */
  #type = "";
  /** Values of the object, by number of the key; empty where it has no such line. */
  readonly #values: string[] = KEYS.map(() => "");
  #variables: Map<string, string> | undefined;
  #torn = false;

  /** Reads whole lines from the front of `text`; returns how many bytes are done with. */
  scan(text: ByteLines, isEnd: boolean): number {
    this.#text = text;
    let at = 0;
    while (at < text.length) {
      const lineEnd = text.lineEnd(at);
      if (lineEnd === text.length && !isEnd) {
        break;
      }
      this.#line(at, lineEnd);
      at = lineEnd + 1;
    }
    // The line feed before the next line is looked at with it, so it stays.
    return isEnd ? text.length : Math.max(0, at - 1);
  }

  /** What the file says. */
  finish(): ObjectCache {
    const none: ReadonlySet<string> = new Set();
    return {
      complete: !this.#torn && this.#type === "" && this.#hosts.size > 0,
      hosts: [...this.#hosts].map(([name, host]) => ({ groups: [...(this.#hostGroups.get(name) ?? none)], ...host })),
      checks: [...this.#checks].map(([key, check]) => ({
        groups: [...(this.#checkGroups.get(key) ?? none)],
        ...check,
      })),
      commands: this.#commands,
      freshness: this.#freshness,
      objects: this.#objects,
      warnings: this.#warnings.list(),
    };
  }

  #line(at: number, lineEnd: number): void {
    const text = this.#text;
    if (text.bytes[at] === LETTER_D && text.bytes.toString("latin1", at, at + DEFINE.length) === DEFINE) {
      this.#open(text.bytes.toString("latin1", at + DEFINE.length, lineEnd));
    } else if (this.#type !== "") {
      if (isClosing(text, at)) {
        this.#close();
      } else if (text.bytes[at] === TAB && at > 0) {
        this.#value(at, text.textEnd(at, lineEnd));
      }
    }
  }

  #open(rest: string): void {
    this.#torn ||= this.#type !== "";
    this.#type = /^\w+/.exec(rest)?.[0] ?? "unknown";
    this.#values.fill("");
    this.#variables = undefined;
  }

  #value(at: number, end: number): void {
    const { bytes } = this.#text;
    const key = TABLE.find(this.#text, at);
    if (key !== NO_KEY) {
      this.#values[key] ||= this.#pool.text(bytes, TABLE.valueStart(at, key), end);
    } else if (bytes[at + 1] === UNDERSCORE) {
      const [name = "", value = ""] = splitOnce(this.#pool.text(bytes, at + 2, end), "\t");
      this.#variables ??= new Map();
      this.#variables.set(name, value);
    }
  }

  #close(): void {
    const type = this.#type;
    this.#type = "";
    this.#objects.set(type, (this.#objects.get(type) ?? 0) + 1);
    if (type === "host") {
      this.#closeHost();
    } else if (type === "service") {
      this.#closeCheck();
    } else if (type === "hostgroup") {
      this.#closeHostGroup();
    } else if (type === "servicegroup") {
      this.#closeServiceGroup();
    }
  }

  #closeHost(): void {
    const host = this.#get("host_name");
    if (this.#refused(hostRefusal(host), host)) {
      return;
    }
    const command = this.#command(checkKey(host, null));
    this.#hosts.set(host, {
      host,
      alias: this.#get("alias"),
      address: this.#get("address"),
      parents: listed(this.#get("parents")),
      command,
      actionUrl: this.#get("action_url"),
      customVariables: this.#variables ?? NO_VARIABLES,
    });
    for (const group of listed(this.#get("host_groups"))) {
      join(this.#hostGroups, host, group);
    }
  }

  #closeCheck(): void {
    const host = this.#get("host_name");
    const check = this.#get("service_description");
    if (this.#refused(hostRefusal(host) ?? checkRefusal(check), `${host} / ${check}`)) {
      return;
    }
    const key = checkKey(host, check);
    const command = this.#command(key);
    this.#checks.set(key, {
      host,
      check,
      command,
      actionUrl: this.#get("action_url"),
      customVariables: this.#variables ?? NO_VARIABLES,
    });
    for (const group of listed(this.#get("service_groups"))) {
      join(this.#checkGroups, key, group);
    }
  }

  #closeHostGroup(): void {
    for (const host of listed(this.#get("members"))) {
      join(this.#hostGroups, host, this.#get("hostgroup_name"));
    }
  }

  /** Members of a service group are `host,service,host,service,…`. */
  #closeServiceGroup(): void {
    const members = listed(this.#get("members"));
    for (let at = 0; at + 1 < members.length; at += 2) {
      join(this.#checkGroups, checkKey(members[at] ?? "", members[at + 1] ?? ""), this.#get("servicegroup_name"));
    }
  }

  /** `freshness_threshold` is in seconds, whatever `interval_length` says; 0 lets Nagios choose. */
  #noteFreshness(key: string): void {
    const seconds = Number(this.#get("freshness_threshold"));
    if (this.#get("check_freshness") === "1" && seconds > 0 && seconds <= LONGEST_FRESHNESS) {
      this.#freshness.set(key, seconds);
    }
  }

  #command(key: string): string | null {
    this.#noteFreshness(key);
    const command = this.#get("check_command");
    if (command === "") {
      return null;
    }
    this.#commands.set(key, command);
    return command;
  }

  #refused(reason: string | undefined, example: string): boolean {
    if (reason !== undefined) {
      this.#warnings.add(reason, example);
    }
    return reason !== undefined;
  }

  #get(key: CacheKey): string {
    return this.#values[KEYS.indexOf(key)] ?? "";
  }
}

function listed(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function join(groups: Map<string, Set<string>>, member: string, group: string): void {
  const joined = groups.get(member);
  if (joined === undefined) {
    groups.set(member, new Set([group]));
  } else {
    joined.add(group);
  }
}
