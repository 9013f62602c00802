/** The arguments of a plugin: ports, addresses, URLs, sockets and names, whatever option carries them. */
import { SCHEME_PORTS } from "./knowledge/plugins.ts";

/** A URL of an argument; `port` by its scheme where none is written. */
export interface CommandUrl {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly portWritten: boolean;
}

/** What a plugin was told. */
export interface CommandArguments {
  /** Ports given as such. */
  readonly ports: readonly number[];
  /** Bare numbers that may be ports or thresholds, in order. */
  readonly numbers: readonly number[];
  /** Literal IP addresses the plugin goes to. */
  readonly addresses: readonly string[];
  /** Host names the plugin goes to, virtual hosts included. */
  readonly hostNames: readonly string[];
  /** Whether a macro names another host than the check's own. */
  readonly macroOfOtherHost: boolean;
  readonly urls: readonly CommandUrl[];
  readonly sockets: readonly string[];
  readonly files: readonly string[];
  /** Words that are none of these: names of processes, units, databases, modes. */
  readonly names: readonly string[];
  /** Values of --mode, --action and the like. */
  readonly modes: readonly string[];
  readonly tls: boolean;
}

/** Longer words carry no port, address or name; what is looked at stays short. */
const LONGEST_WORD = 300;

interface Context {
  readonly plugin: string;
  readonly asksProcess: boolean;
}

interface Found {
  ports: number[];
  numbers: number[];
  addresses: string[];
  hostNames: string[];
  macroOfOtherHost: boolean;
  urls: CommandUrl[];
  sockets: string[];
  files: string[];
  names: string[];
  modes: string[];
  tls: boolean;
}

/** What a plugin without arguments was told: nothing. */
export const NO_ARGUMENTS: CommandArguments = nothing();

function nothing(): Found {
  return {
    ports: [],
    numbers: [],
    addresses: [],
    hostNames: [],
    macroOfOtherHost: false,
    urls: [],
    sockets: [],
    files: [],
    names: [],
    modes: [],
    tls: false,
  };
}

const PORT_OPTION = /^(?:p|P|port|tcp-?port|udp-?port|dport|.+[_-]port)$/i;
const HOST_OPTION =
  /^(?:H|I|host|hostname|host-name|address|ip|ip-?address|ipaddress|target|server|.+_(?:address|host|ip|server)|dns-server|nameserver)$/;
const TLS_OPTION = /^(?:S|ssl|tls|https|use-?ssl|with-?ssl|enable-?ssl|secure|ssl-version|.+_(?:ssl|tls))$/;
const MODE_OPTION = /^(?:m|M|mode|action|metric|A|q|query|.+_mode|.+_action|subcommand|check|type)$/;
const NAME_OPTION =
  /^(?:C|a|s|l|n|u|N|command|argument|argument-array|ereg-argument-array|service|services|unit|units|process|processname|name|proc|procname|exe|executable|container|containers|filter|procs_command|procs_argument|systemd_unit|.+_(?:service|process|unit|container|name)|q|query|pattern)$/;
const PROTOCOL_OPTION = /^(?:P|protocol|proto)$/;

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
  } else if (context.asksProcess && NAME_OPTION.test(name)) {
    found.names.push(...value.split(/[,|\s]+/));
  } else if (HOST_OPTION.test(name)) {
    takeHost(value, name, context, found);
  } else if (PORT_OPTION.test(name) && !context.asksProcess) {
    takePort(name, value, context, found);
  } else if (MODE_OPTION.test(name)) {
    found.modes.push(value);
  } else {
    takeOther(name, value, context, found);
  }
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

function takeHost(value: string, name: string, context: Context, found: Found): void {
  // check_dns -H is the name that is asked for; the server stands behind -s.
  if (context.plugin.startsWith("dns") && /^(?:H|hostname)$/.test(name)) {
    return;
  }
  readPlain(value, found, false);
}

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^\[?(?=[\da-f:]*:[\da-f]*:)[\da-f:.]+\]?$/i;
const MACRO_OF_HOST = /\$(?:HOSTADDRESS6?|HOSTNAME|HOSTALIAS|HOSTSTATEID|HOSTSTATE|SERVICESTATEID|SERVICESTATE):[^$]/;
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[\w.-]*[a-z][\w.-]*|(?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})$/i;
const HOST_NAME = /^[a-z\d][a-z\d-]*(?:\.[a-z\d-]+)*\.[a-z]{2,}\.?$/i;
const PLAIN_NAME = /^[\w@+.^$ (){}\\?*[\]-]{2,80}$/;

/** Reads a word that carries no option. `names`: whether an unknown word may be a name of something. */
function readPlain(word: string, found: Found, names: boolean): void {
  if (MACRO_OF_HOST.test(word)) {
    found.macroOfOtherHost = true;
  } else if (/:\/\//.test(word)) {
    takeUrl(word, found);
  } else if (isSocket(word)) {
    found.sockets.push(word);
  } else if (/^\d+$/.test(word)) {
    const port = portOf(word);
    found.numbers.push(...(port === null ? [] : [port]));
  } else if (IPV4.test(word) || IPV6.test(word)) {
    found.addresses.push(word.replace(/[[\]]/g, ""));
  } else {
    readWord(word, found, names);
  }
}

function readWord(word: string, found: Found, names: boolean): void {
  const pair = HOST_AND_PORT.exec(word);
  if (pair !== null) {
    const port = portOf(pair[2] ?? "");
    readPlain(pair[1] ?? "", found, false);
    found.ports.push(...(port === null ? [] : [port]));
  } else if (word.startsWith("/")) {
    found.files.push(word);
    found.names.push(...(names ? [word.split("/").at(-1) ?? ""] : []));
  } else if (HOST_NAME.test(word) && !NAME_OF_FILE.test(word)) {
    found.hostNames.push(word);
  } else if (!MACRO.test(word)) {
    readName(word, found, names);
  }
}

const MACRO = /^\$[A-Z]+\d*\$$/;
const NAME_OF_FILE = /\.(?:service|socket|exe|target|timer|py|pl|sh|jar)$/i;

function readName(word: string, found: Found, names: boolean): void {
  if (!names) {
    found.hostNames.push(...(/^[a-z][\w-]*$/i.test(word) ? [word] : []));
  } else if (word.includes(" ")) {
    for (const part of word.split(/\s+/).slice(0, 16)) {
      readPlain(part, found, names);
    }
  } else if (PLAIN_NAME.test(word)) {
    found.names.push(word);
  }
}

const URL_SHAPE = /([a-z][a-z\d+.-]{0,20}):\/\/(?:[^\s/@]*@)?(\[[^\]\s]*\]|[^\s/:?#'"]*)(?::(\d{1,5}))?/gi;

function takeUrl(word: string, found: Found): void {
  if (MACRO_OF_HOST.test(word)) {
    found.macroOfOtherHost = true;
    return;
  }
  if (/^(?:unix|ldapi|file):/i.test(word)) {
    found.sockets.push(word);
    return;
  }
  // service:jmx:rmi:///jndi/rmi://db01:9010/jmxrmi holds two; the second is the one with a port.
  for (const [, scheme = "", host = "", digits] of word.matchAll(URL_SHAPE)) {
    const written = digits === undefined ? null : portOf(digits);
    const port = written ?? SCHEME_PORTS.get(scheme.toLowerCase()) ?? null;
    if (port !== null) {
      const plainHost = host.replace(/[[\]]/g, "");
      const text = word.slice(0, 200);
      found.urls.push({ text, scheme: scheme.toLowerCase(), host: plainHost, port, portWritten: written !== null });
      return;
    }
  }
}

function isSocket(value: string): boolean {
  return /^(?:unix:)?\/\S*(?:sock|\.s\.PGSQL)/i.test(value) || /^unix:/.test(value);
}

function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}
