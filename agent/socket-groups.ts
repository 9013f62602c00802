/**
 * Where a socket was made: `ss -e` tells everybody its control group, also of sockets whose process may not be seen.
 * Its rows: `tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* uid:33 ino:1301 sk:5 cgroup:/system.slice/nginx.service <->`.
 */
import { askProgram } from "./ask-program.ts";
import { type Placement, type Process, parseCgroup } from "./process.ts";

/** Whoever holds a socket, as far as its control group tells. */
export interface Holder extends Placement {
  /** Known where all processes of the unit or container have one name. */
  readonly name: string | null;
}

const ROW = / ino:(\d+) .*\bcgroup:(\/\S+)/;
const LIST = ["ss", "-tunaeH"];

/** What `ss` says of sockets in our network namespace; undefined where it is missing or does not answer in time. */
export function listSocketGroups(): Promise<string | undefined> {
  return askProgram(LIST);
}

/** Paths of control groups by inode of the socket, by an `ss -tunaeH` text. */
export function parseSocketGroups(text: string): Map<number, string> {
  const groups = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [, inode, path] = ROW.exec(line) ?? [];
    // A row ends with arrows; without them it was cut, perhaps within the path.
    if (path !== undefined && Number(inode) !== 0 && /[<-][->] *$/.test(line)) {
      groups.set(Number(inode), path);
    }
  }
  return groups;
}

/** Finds holders look after look; `ss` is asked only where there are sockets that it was not asked about. */
export class SocketGroups {
  readonly #list: () => Promise<string | undefined>;
  #paths = new Map<number, string | undefined>();

  constructor(list: () => Promise<string | undefined>) {
    this.#list = list;
  }

  /** Holders of those of these sockets that were made within a unit or container. */
  async find(inodes: ReadonlySet<number>, processes: readonly Process[]): Promise<ReadonlyMap<number, Holder>> {
    await this.#ask(inodes);
    const holders = new Map<string, Holder | undefined>();
    const found = new Map<number, Holder>();
    const names = namesByPlace(processes);
    for (const [inode, path = ""] of this.#paths) {
      const holder = holders.has(path) ? holders.get(path) : holderAt(path, names);
      holders.set(path, holder);
      if (holder !== undefined) {
        found.set(inode, holder);
      }
    }
    return found;
  }

  /** A socket stays in the group it was made in. */
  async #ask(inodes: ReadonlySet<number>): Promise<void> {
    const unasked = [...inodes].some((inode) => !this.#paths.has(inode));
    const groups = unasked ? parseSocketGroups((await this.#list()) ?? "") : this.#paths;
    this.#paths = new Map([...inodes].map((inode) => [inode, groups.get(inode)]));
  }
}

function holderAt(path: string, names: ReadonlyMap<string, ReadonlySet<string>>): Holder | undefined {
  const { unit, container } = parseCgroup(`0::${path}`);
  if (unit === null && container === null) {
    return undefined;
  }
  const here = names.get(placeKey(unit, container));
  return { name: here?.size === 1 ? ([...here][0] ?? null) : null, unit, container };
}

function namesByPlace(processes: readonly Process[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name, unit, container } of processes) {
    const key = placeKey(unit, container);
    names.set(key, (names.get(key) ?? new Set()).add(name));
  }
  return names;
}

function placeKey(unit: string | null, container: string | null): string {
  return `${unit ?? ""}\0${container ?? ""}`;
}
