/** The arguments of a plugin: what its options carry, whatever they are called. */
import {
  type CommandArguments,
  type Found,
  HOST_NAME,
  isSocket,
  nothing,
  portOf,
  readPlain,
} from "./argument-words.ts";

/** Longer words carry no port, address or name; what is looked at stays short. */
const LONGEST_WORD = 300;

interface Context {
  readonly plugin: string;
  readonly asksProcess: boolean;
}

/** What a plugin without arguments was told: nothing. */
export const NO_ARGUMENTS: CommandArguments = nothing();

const PORT_OPTION = /^(?:p|P|port|tcp-?port|udp-?port|dport|.+[_-]port)$/i;
const HOST_OPTION =
  /^(?:H|I|host|hostname|host-name|address|ip|ip-?address|ipaddress|target|server|.+_(?:address6?|host|hostname|ip|server)|dns-server|nameserver)$/;
const TLS_OPTION = /^(?:S|ssl|tls|https|use-?ssl|with-?ssl|enable-?ssl|secure|ssl-version|.+_(?:ssl|tls))$/;
const MODE_OPTION = /^(?:m|M|mode|action|metric|A|q|query|select|.+_mode|.+_action|subcommand|check|type)$/;
const NAME_OPTION =
  /^(?:C|a|s|l|n|u|N|command|argument|argument-array|ereg-argument-array|service|services|unit|units|process|processname|name|proc|procname|exe|executable|container|containers|filter|procs_command|procs_argument|systemd_unit|.+_(?:service|process|unit|container|name)|q|query|pattern)$/;
const PROTOCOL_OPTION = /^(?:P|protocol|proto)$/;

/** Plugins in which -m carries something else: rsync's is a module. */
const NO_MODE = /^rsync/;

function isMode(name: string, { plugin }: Context): boolean {
  return MODE_OPTION.test(name) && !NO_MODE.test(plugin);
}

/** Several options quoted as one word: "-p 8080 -U monitor". */
const OPTIONS_IN_ONE = /^-{1,2}[a-z][\w-]*\s/i;

/** Reads the arguments of a plugin. */
export function readArguments(given: readonly string[], context: Context): CommandArguments {
  const words = given.flatMap((word) => (OPTIONS_IN_ONE.test(word) ? word.split(/\s+/) : [word]));
  const found = nothing();
  let at = 0;
  while (at < words.length) {
    const option = readOption(words, at, context);
    if (option === null) {
      readArgument((words[at] ?? "").slice(0, LONGEST_WORD), context, found);
      at += 1;
    } else {
      takeOption(option.name, option.value, context, found);
      at += option.used;
    }
  }
  return found;
}

/** Among the arguments of a process check kafka.Kafka is the name of a program, not of a host. */
function readArgument(word: string, context: Context, found: Found): void {
  if (context.asksProcess && HOST_NAME.test(word)) {
    found.names.push(word);
  } else {
    readPlain(word, found, true);
  }
}

interface Option {
  readonly name: string;
  readonly value: string | null;
  readonly used: number;
}

/** The option at a place: `--port=80`, `tcp_port=80`, `-p80` or `-p 80`; null where a plain word stands. */
function readOption(words: readonly string[], at: number, context: Context): Option | null {
  const word = (words[at] ?? "").slice(0, LONGEST_WORD);
  const joined = JOINED_OPTION.exec(word) ?? SHORT_OPTION.exec(word);
  if (joined !== null) {
    return { name: joined[1] ?? "", value: joined[2] ?? "", used: 1 };
  }
  if (!isOption(word)) {
    return null;
  }
  const next = words[at + 1]?.slice(0, LONGEST_WORD);
  const name = word.replace(/^--?/, "");
  const flag = !context.asksProcess && TLS_OPTION.test(name) && !/^\d/.test(next ?? "");
  return next === undefined || isOption(next) || flag ? { name, value: null, used: 1 } : { name, value: next, used: 2 };
}

const JOINED_OPTION = /^(?:--?)?([a-z][\w-]*)=(.+)$/i;
const SHORT_OPTION = /^-([a-z])(\d+|\/.+)$/i;

function isOption(word: string): boolean {
  return /^-{1,2}[a-z]/i.test(word);
}

function takeOption(name: string, value: string | null, context: Context, found: Found): void {
  if (value === null) {
    found.tls ||= !context.asksProcess && TLS_OPTION.test(name);
    return;
  }
  if (context.plugin === "rpc" && name === "C") {
    found.names.push(value);
  } else if (context.asksProcess && namesProcess(name, value)) {
    found.names.push(...value.split(/[,|\s]+/));
  } else if (namesHost(name, context)) {
    readPlain(value, found, false);
  } else if (PORT_OPTION.test(name) && !context.asksProcess) {
    takePort(name, value, context, found);
  } else if (isMode(name, context)) {
    found.modes.push(value);
  } else {
    takeOther(name, value, context, found);
  }
}

/** -p is a port, or with check-procs.rb the pattern of a process. */
function namesProcess(name: string, value: string): boolean {
  return NAME_OPTION.test(name) || (name === "p" && portOf(value) === null);
}

function takeOther(name: string, value: string, context: Context, found: Found): void {
  const certificate = /^(?:C|certificate)$/.test(name) && /^\d/.test(value);
  const off = /^(?:0|false|no|off)$/i.test(value);
  found.tls ||= !context.asksProcess && !off && (certificate || TLS_OPTION.test(name));
  if (/:\/\//.test(value) || isSocket(value)) {
    readPlain(value, found, false);
  } else if (value.startsWith("/")) {
    found.files.push(value);
  }
}

/** Plugins in which -p carries a password; there a number is a port only if somebody listens. */
const PASSWORD_PLUGINS = /^(?:mysql|mariadb|pgsql|postgres(?!ql)|oracle|mssql|sybase|dbi|galera|ldap(?!s))/;

function takePort(name: string, value: string, context: Context, found: Found): void {
  const port = portOf(value);
  if (port === null) {
    if (PROTOCOL_OPTION.test(name) && /^[a-z]/i.test(value)) {
      found.names.push(value);
    }
    return;
  }
  const weak =
    (name === "p" && PASSWORD_PLUGINS.test(context.plugin)) || (name === "P" && context.plugin.startsWith("snmp"));
  (weak ? found.numbers : found.ports).push(port);
}

/** check_dns -H is the name that is asked for; its server stands behind -s. */
function namesHost(name: string, { plugin }: Context): boolean {
  if (!plugin.startsWith("dns")) {
    return HOST_OPTION.test(name);
  }
  return name === "s" || (HOST_OPTION.test(name) && name !== "H" && name !== "hostname");
}
