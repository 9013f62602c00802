/** A /proc made of texts, and lines of its tables. */
import type { ProcFiles } from "../../agent/proc-files.ts";

/** A process of a made-up /proc. */
export interface FakeProcess {
  readonly pid: number;
  readonly name: string;
  readonly started?: number;
  /** Inodes of the sockets it holds; null where its files may not be seen. */
  readonly sockets?: readonly number[] | null;
  readonly cgroup?: string;
  /** Network namespace; that of the agent, 1, where absent. */
  readonly netns?: number;
}

/** A /proc that counts what is read from it; `files` are further texts by path. */
export class FakeProc implements ProcFiles {
  processes: readonly FakeProcess[];
  readonly files: Map<string, string>;
  /** Namespaces of processes that moved into another one, by pid. */
  readonly moved = new Map<number, number>();
  /** Links followed so far. */
  links = 0;

  constructor(processes: readonly FakeProcess[], files: Readonly<Record<string, string>> = {}) {
    this.processes = processes;
    this.files = new Map(Object.entries(files));
  }

  read(path: string): string {
    const [pid, file] = path.split("/");
    const process = this.processes.find((process) => `${process.pid}` === pid);
    const text = file === "stat" && process ? statLine(process) : this.files.get(path);
    const found = file === "cgroup" && process ? process.cgroup : text;
    return found ?? missing(path);
  }

  list(path: string): string[] {
    if (path === ".") {
      return [...this.processes.map(({ pid }) => `${pid}`), "net", "self", "uptime"];
    }
    const sockets = this.processes.find(({ pid }) => path === `${pid}/fd`)?.sockets;
    if (sockets === null) {
      throw Object.assign(new Error(`EACCES: ${path}`), { code: "EACCES" });
    }
    return sockets === undefined ? missing(path) : ["0", ...sockets.map((_, i) => `${i + 3}`)];
  }

  link(path: string): string {
    const [pid, kind, fd] = path.split("/");
    if (kind === "ns") {
      return `net:[${this.#netns(pid)}]`;
    }
    this.links++;
    const inode = this.processes.find((process) => `${process.pid}` === pid)?.sockets?.[Number(fd) - 3];
    return inode === undefined ? "/dev/null" : `socket:[${inode}]`;
  }

  inode(path: string): number {
    return this.#netns(path.split("/")[0]);
  }

  #netns(pid: string | undefined): number {
    const process = this.processes.find((process) => `${process.pid}` === pid);
    return this.moved.get(process?.pid ?? 0) ?? process?.netns ?? 1;
  }
}

/** One line of /proc/<pid>/stat. */
export function statLine({ pid, name, started = pid }: FakeProcess, flags = 4_194_560): string {
  return `${pid} (${name}) S 1 1 1 0 -1 ${flags} 100 0 0 0 1 1 0 0 20 0 1 0 ${started} 1000 100 18446744073709551615 0 0\n`;
}

/** One line of /proc/net/tcp or udp; addresses as `127.0.0.1:80`. */
export function tableLine(local: string, remote: string, state: number, inode: number): string {
  const hexState = state.toString(16).toUpperCase().padStart(2, "0");
  return `   0: ${hexEndpoint(local)} ${hexEndpoint(remote)} ${hexState} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 20 0 0 10 -1`;
}

/** A table of such lines with its head. */
export function table(...lines: readonly string[]): string {
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${lines.join("\n")}\n`;
}

function hexEndpoint(endpoint: string): string {
  const [address = "", port = ""] = endpoint.split(":");
  const bytes = address.split(".").map((part) => Number(part).toString(16).toUpperCase().padStart(2, "0"));
  return `${bytes.reverse().join("")}:${Number(port).toString(16).toUpperCase().padStart(4, "0")}`;
}

function missing(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
}
