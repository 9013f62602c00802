/** Names and texts as a restricted viewer reads them. What stands for the same thing is masked the same everywhere. */
import { isIP } from "node:net";
import { isLoopback, normalizeAddress } from "../../model/address.ts";
import { HOST_CHECK, parseId, processId, serviceId, withoutSite } from "../../model/ids.ts";
import { CHECK_STATES, HOST_STATES } from "../../model/state.ts";
import type { Sight } from "./sight.ts";

/** Parts of a word that are looked at: more is no name of a host. */
const MOST_PARTS = 16;

/** Words in a text: what a host may be called. */
const WORD = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.!-]*[\p{L}\p{N}_])?/gu;

/** What may be an address: an IPv6 one has two colons at least. */
const ADDRESS = /(?:[0-9a-fA-F]{0,4}:){2,}[0-9a-fA-F.]*|\d{1,3}(?:\.\d{1,3}){3}/g;

/** Masks by what one sight tells. */
export class Mask {
  readonly #sight: Sight;
  readonly #others: readonly string[];
  #words: Words = { of: [], known: new Map(), odd: [] };

  /** `others` are hosts, beside those there are now, of which texts may speak: those of a time that is looked back to. */
  constructor(sight: Sight, others: readonly string[] = []) {
    this.#sight = sight;
    this.#others = others;
  }

  sees(host: string): boolean {
    return this.#sight.sees(host);
  }

  host(name: string): string {
    return this.#sight.nameOf(name);
  }

  /** `HOST:PORT`, `HOST/PROCESS`, or two of them with an arrow between. */
  id(id: string): string {
    const arrow = id.indexOf(" -> ");
    if (arrow > 0) {
      return `${this.id(id.slice(0, arrow))} -> ${this.id(id.slice(arrow + 4))}`;
    }
    const parsed = parseId(id);
    if (parsed === undefined) {
      return this.sees(id) ? id : this.text(this.host(id));
    }
    const host = this.host(parsed.host);
    return parsed.kind === "service"
      ? serviceId(host, parsed.port)
      : processId(host, this.process(parsed.host, parsed.name) ?? "");
  }

  /** A process of a host; of one name wherever it has one, as processes are counted by name. */
  process(host: string, name: string | null): string | null {
    if (name === null) {
      return null;
    }
    return this.sees(host) ? this.text(name) : this.#sight.alias("process", name);
  }

  /** A check of a host. */
  check(host: string, check: string | null): string | null {
    if (check === null || check === HOST_CHECK) {
      return check;
    }
    return this.sees(host) ? this.text(check) : this.#sight.alias("check", host, check);
  }

  /** A text about a host: nothing of it where the host is not shown, else without the names of others. */
  about(host: string, text: string): string {
    return this.sees(host) ? this.text(text) : "";
  }

  /** A text without names of hosts that are not shown, and without addresses, of which nobody knows whose they are. */
  text(text: string): string {
    if (text === "" || STATE_WORDS.has(text)) {
      return text;
    }
    const { known, odd } = this.#known();
    const plain = odd.reduce((all, name) => all.replaceAll(name, this.host(name)), text);
    return plain.replaceAll(ADDRESS, withoutAddress).replaceAll(WORD, (word) => this.#word(word, known));
  }

  #word(word: string, known: ReadonlyMap<string, string>): string {
    // Parts and what is between them: a name may stand within a word, as in `db01.example.net` or `dump_db01`.
    const parts = word.split(/([._!-]+)/);
    if (parts.length > 2 * MOST_PARTS) {
      return "…";
    }
    for (let size = parts.length; size >= 1; size -= 2) {
      for (let from = 0; from + size <= parts.length; from += 2) {
        const host = known.get(
          parts
            .slice(from, from + size)
            .join("")
            .toLowerCase(),
        );
        if (host !== undefined) {
          const [before, after] = [parts.slice(0, from).join(""), parts.slice(from + size).join("")];
          return `${this.#word(before, known)}${this.host(host)}${this.#word(after, known)}`;
        }
      }
    }
    return word;
  }

  #known(): Words {
    const { hidden } = this.#sight;
    if (this.#words.of !== hidden) {
      const all = [...new Set([...hidden, ...this.#others.filter((host) => !this.sees(host))])];
      const known = new Map<string, string>();
      for (const host of all) {
        for (const name of namesOf(host).filter((each) => !known.has(each) && !this.sees(each))) {
          known.set(name, host);
        }
      }
      this.#words = { of: hidden, known, odd: all.filter((host) => !WHOLE_WORD.test(host)) };
    }
    return this.#words;
  }
}

/** Hidden hosts by all that they are called in texts, and those whose name is no word. */
interface Words {
  readonly of: readonly string[];
  readonly known: ReadonlyMap<string, string>;
  readonly odd: readonly string[];
}

/** What a host is called, in lower case: with its site and without it, with its domain and without that. */
function namesOf(host: string): string[] {
  const own = withoutSite(host);
  const first = own.split(".")[0] ?? "";
  const short = first.length > 2 && isIP(own) === 0 ? [first] : [];
  return [host, own, ...short].map((name) => name.toLowerCase());
}

const WHOLE_WORD = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.!-]*[\p{L}\p{N}_])?$/u;

const STATE_WORDS: ReadonlySet<string> = new Set([...CHECK_STATES, ...HOST_STATES]);

function withoutAddress(text: string): string {
  const address = isIP(text) === 0 ? undefined : normalizeAddress(text);
  return address === undefined || isLoopback(address) ? text : "(an address)";
}
