/** This machine's own names with a domain, as it knows them itself: whoever has a domain can name a host of it like this machine. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** What the system says of names; texts of its files, empty where there is none. */
export interface NameTexts {
  readonly hostname: string;
  /** `/etc/hosts`. */
  readonly hosts: string;
  /** `/etc/resolv.conf`. */
  readonly resolver: string;
}

/** Reads that. */
export function systemNames(): NameTexts {
  return { hostname: hostname(), hosts: textOf("/etc/hosts"), resolver: textOf("/etc/resolv.conf") };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Domains of no Internet (RFC 6762, RFC 8375, and what ICANN gives nobody). */
const PRIVATE = ["local", "localhost", "lan", "home", "home.arpa", "corp", "internal", "intranet", "private"];

/** The names, lower case: its first word with each domain that is its own or nobody's on the Internet, and what `/etc/hosts` calls it. */
export function machineNames({ hostname: full, hosts, resolver }: NameTexts): ReadonlySet<string> {
  const own = full.toLowerCase();
  const [short = ""] = own.split(".");
  const domains = [...wordsOf(resolver, /^\s*(?:search|domain)\s/), ...PRIVATE].map((domain) => `${short}.${domain}`);
  const known = wordsOf(hosts, /^\s*[\da-fA-F.:]+\s/).filter((name) => name.startsWith(`${short}.`));
  return new Set([own, ...domains, ...known]);
}

/** Words of all lines behind what they begin with, without dots around and comments. */
function wordsOf(text: string, begin: RegExp): string[] {
  const lines = text
    .toLowerCase()
    .split("\n")
    .map((line) => line.replace(/[#;].*/, ""));
  const words = lines.filter((line) => begin.test(line)).flatMap((line) => line.replace(begin, "").split(/\s+/));
  return words.map((word) => word.replace(/^\.+|\.+$/g, "")).filter((word) => word !== "");
}
