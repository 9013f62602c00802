/**
 * Which process holds a socket: the links in /proc/<pid>/fd name the inode. What was found is remembered, so that a
 * repeated look follows only links it does not know.
 */
import { attempt, type ProcFiles } from "./proc-files.ts";
import type { Process, ProcessTable } from "./process.ts";

/** Programs that hold a listening socket for others, who do the work. */
const HOLDERS = new Set(["systemd", "init", "inetd", "xinetd", "supervisord", "circusd", "einhorn", "containerd-shim"]);
/** After so many looks all is read anew: a process may have handed a socket on and closed its own end. */
const LOOKS_REMEMBERED = 16;
/** A socket not found so many times is looked for no more: its process is out of our rights, or it has none. */
const TRIES = 2;
const DENIALS: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM"]);
/** Every file is a link; a process with a million of them must not stop the agent. */
const FILES_PER_PROCESS = 200_000;

/** The owners of the sockets asked for. */
export interface Owners {
  readonly byInode: ReadonlyMap<number, Process>;
  /** Processes whose files we have no right to see. */
  readonly denied: number;
}

/** Finds owners of sockets, look after look. */
export class SocketOwners {
  readonly #files: ProcFiles;
  readonly #processes: ProcessTable;
  #owners = new Map<number, Process>();
  #misses = new Map<number, number>();
  /** By process: what each file descriptor was a link to. */
  #descriptors = new Map<number, Map<string, number>>();
  #looks = 0;
  #denied = 0;

  constructor(files: ProcFiles, processes: ProcessTable) {
    this.#files = files;
    this.#processes = processes;
  }

  /**
   * The owners of those of the sockets that have one we may see. Where several processes hold one socket (workers
   * that inherited it) it is the eldest that does not merely hold it for others. The table of processes is refreshed
   * by whoever asks.
   */
  find(inodes: ReadonlySet<number>): Owners {
    if (this.#looks % LOOKS_REMEMBERED === 0) {
      this.#owners = new Map();
      this.#misses = new Map();
      this.#descriptors = new Map();
    }
    this.#looks++;
    this.#keep(inodes);
    const wanted = new Set<number>();
    for (const inode of inodes) {
      if (!this.#owners.has(inode) && (this.#misses.get(inode) ?? 0) < TRIES) {
        wanted.add(inode);
      }
    }
    this.#search(wanted);
    return { byInode: this.#owners, denied: this.#denied };
  }

  /** Drops what is remembered of sockets and processes that are gone. */
  #keep(inodes: ReadonlySet<number>): void {
    for (const [inode, owner] of this.#owners) {
      const now = this.#processes.get(owner.pid);
      if (!inodes.has(inode) || now?.started !== owner.started) {
        this.#owners.delete(inode);
      } else if (now !== owner) {
        this.#owners.set(inode, now);
      }
    }
    for (const inode of this.#misses.keys()) {
      if (!inodes.has(inode)) {
        this.#misses.delete(inode);
      }
    }
    for (const pid of this.#descriptors.keys()) {
      if (this.#processes.get(pid) === undefined) {
        this.#descriptors.delete(pid);
      }
    }
  }

  #search(wanted: Set<number>): void {
    if (wanted.size === 0) {
      return;
    }
    this.#denied = 0;
    for (const process of this.#likelyFirst()) {
      if (wanted.size === 0) {
        break;
      }
      this.#scan(process, wanted);
    }
    for (const inode of wanted) {
      if (!this.#owners.has(inode)) {
        this.#misses.set(inode, (this.#misses.get(inode) ?? 0) + 1);
      }
    }
  }

  /** Processes that own sockets already, then the others; eldest first, as parents come before their workers. */
  #likelyFirst(): Process[] {
    const busy = new Set([...this.#owners.values()].map((owner) => owner.pid));
    const all = this.#processes.eldestFirst();
    return [...all.filter(({ pid }) => busy.has(pid)), ...all.filter(({ pid }) => !busy.has(pid))];
  }

  #scan(process: Process, wanted: Set<number>): void {
    const folder = `${process.pid}/fd`;
    const entries = this.#entries(folder);
    if (entries === undefined) {
      this.#denied++;
      return;
    }
    const before = this.#descriptors.get(process.pid);
    const now = new Map<string, number>();
    for (const entry of entries.slice(0, FILES_PER_PROCESS)) {
      const known = before?.get(entry);
      // A descriptor is closed before it is used again, so one whose socket is still there was not.
      const inode = known !== undefined && this.#owners.has(known) ? known : this.#inodeAt(`${folder}/${entry}`);
      if (inode !== undefined) {
        now.set(entry, inode);
        this.#claim(inode, process, wanted);
      }
    }
    this.#descriptors.set(process.pid, now);
  }

  /** Open files; undefined where we have no right to see them. A process that has ended has none. */
  #entries(folder: string): readonly string[] | undefined {
    try {
      return this.#files.list(folder);
    } catch (error) {
      return DENIALS.has((error as NodeJS.ErrnoException).code) ? undefined : [];
    }
  }

  #claim(inode: number, process: Process, wanted: Set<number>): void {
    const owner = this.#owners.get(inode);
    const merelyHeld = owner !== undefined && HOLDERS.has(owner.name);
    if (!merelyHeld && !wanted.has(inode)) {
      return;
    }
    const holder = HOLDERS.has(process.name);
    if (owner === undefined || (merelyHeld && !holder)) {
      this.#owners.set(inode, process);
    }
    if (!holder) {
      wanted.delete(inode);
    }
  }

  #inodeAt(path: string): number | undefined {
    const link = attempt(() => this.#files.link(path));
    return link?.startsWith("socket:[") ? Number(link.slice(8, -1)) : undefined;
  }
}
