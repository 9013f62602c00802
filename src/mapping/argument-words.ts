/** Plain words of a command: ports, addresses, URLs, sockets, files and names told apart. */
import { normalizeAddress } from "../model/address.ts";
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

/** What has been found so far, while the arguments are read. */
export interface Found {
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

/** Nothing found yet. */
export function nothing(): Found {
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

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^\[?(?=[\da-f:]*:[\da-f]*:)[\da-f:.]+\]?$/i;
const MACRO_OF_HOST = /\$(?:HOSTADDRESS6?|HOSTNAME|HOSTALIAS|HOSTSTATEID|HOSTSTATE|SERVICESTATEID|SERVICESTATE):[^$]/;
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[\w.-]*[a-z][\w.-]*|(?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})$/i;
/** A host name with a domain. */
export const HOST_NAME = /^[a-z\d][a-z\d-]*(?:\.[a-z\d-]+)*\.[a-z]{2,}\.?$/i;
const PLAIN_NAME = /^[\w@+.^$ (){}\\?*[\]-]{2,80}$/;

/** Reads a word that carries no option. `names`: whether an unknown word may be a name of something. */
export function readPlain(word: string, found: Found, names: boolean): void {
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
    found.addresses.push(spelledAsKnown(word));
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
  } else if (isHostName(word, names)) {
    found.hostNames.push(word);
  } else if (!MACRO.test(word)) {
    readName(word, found, names);
  }
}

function isHostName(word: string, bare: boolean): boolean {
  return HOST_NAME.test(word) && !NAME_OF_FILE.test(word) && !(bare && MAY_BE_A_KEY.test(word));
}

/** Without an option before it, notifications.info is a queue or a key as well as a host. */
const MAY_BE_A_KEY = /^[^.\d]+\.[^.\d]+$/;
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
      const plainHost = spelledAsKnown(host);
      // Without user, password and query: the text is shown as evidence.
      const text = `${scheme}://${host}${written === null ? "" : `:${written}`}`;
      found.urls.push({ text, scheme: scheme.toLowerCase(), host: plainHost, port, portWritten: written !== null });
      return;
    }
  }
}

/** An address as the model spells it; anything else without brackets. */
function spelledAsKnown(host: string): string {
  const plain = host.replace(/[[\]]/g, "");
  return normalizeAddress(plain) ?? plain;
}

/** Whether a value is the path of a Unix socket. */
export function isSocket(value: string): boolean {
  return /^(?:unix:)?\/\S*(?:sock|\.s\.PGSQL)/i.test(value) || /^unix:/.test(value);
}

/** A port number, or null where the text is none. */
export function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}
