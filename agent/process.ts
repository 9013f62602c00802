/** What /proc tells of a process: name, start, systemd unit, container. */
import { attempt, type ProcFiles } from "./proc-files.ts";

/** A process, told apart from a later one of the same number by its start. */
export interface Process {
  readonly pid: number;
  /** The kernel's comm value, at most 15 characters. */
  readonly name: string;
  /** Clock ticks (1/100 s) between the boot of the machine and the start of the process. */
  readonly started: number;
  readonly unit: string | null;
  readonly container: string | null;
  /** Key of its network namespace (see namespaces.ts); null where it may not be seen. */
  readonly netns: number | null;
}

/** A process, or what is remembered of one that has ended: it ran where the one that started it runs. */
export type KnownProcess = Pick<Process, "name" | "unit" | "container" | "netns">;

/** The place of a process in the control groups. */
export interface Placement {
  readonly unit: string | null;
  readonly container: string | null;
}

/** Fields of /proc/<pid>/stat. */
export interface ProcessStat {
  readonly name: string;
  readonly started: number;
  /** A thread of the kernel, which holds no files. */
  readonly kernel: boolean;
}

/** After so many looks all is read anew: a service manager moves a process only after it has started. */
const LOOKS_REMEMBERED = 16;
const NOWHERE: Placement = Object.freeze({ unit: null, container: null });
/** PF_KTHREAD of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;
const CONTAINER_ID = /(?:^|[-:])([0-9a-f]{64})(?:\.scope)?$/;
const LXC = /^lxc\.payload\.(.+)$/;
const MACHINE = /^(?:machine-(.+)\.scope|systemd-nspawn@(.+)\.service)$/;

/** Fields of a /proc/<pid>/stat line (proc_pid_stat(5)); the name may itself hold blanks and parentheses. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  // After the name: state is field 3, flags field 9, starttime field 22.
  const fields = text.slice(close + 2).split(" ");
  const flags = Number(fields[6]);
  const started = Number(fields[19]);
  if (open < 0 || close < open || !Number.isInteger(flags) || !Number.isInteger(started)) {
    return undefined;
  }
  return { name: text.slice(open + 1, close), started, kernel: (flags & KERNEL_THREAD) !== 0 };
}

/**
 * systemd unit and container by /proc/<pid>/cgroup, version 1 (`name=systemd` and the others) and 2 (`0::`).
 * Containers: Docker, containerd, CRI-O, Podman by their 64-digit id, LXC and systemd-nspawn by name.
 */
export function parseCgroup(text: string): Placement {
  let unit: string | null = null;
  let container: string | null = null;
  for (const line of text.split("\n")) {
    const path = /^\d+:([^:]*):\/(.+)$/.exec(line);
    const parts = path?.[2]?.split("/") ?? [];
    const at = parts.findIndex((part, i) => containerName(part, parts[i - 1]) !== undefined);
    container ??= containerName(parts[at] ?? "", parts[at - 1]) ?? null;
    if (path?.[1] === "" || path?.[1] === "name=systemd") {
      unit ??= unitOf(parts.slice(at + 1));
    }
  }
  return { unit, container };
}

/** Name or short id of the container whose part of the path this is. */
function containerName(part: string, parent: string | undefined): string | undefined {
  if (part.includes("conmon-")) {
    return undefined;
  }
  const id = CONTAINER_ID.exec(part)?.[1]?.slice(0, 12);
  const machine = MACHINE.exec(part);
  const name = LXC.exec(part)?.[1] ?? machine?.[1] ?? machine?.[2] ?? (parent === "lxc" ? part : undefined);
  return id ?? name?.replaceAll("\\x2d", "-");
}

/**
 * The innermost service. Scopes of logins and containers are not taken: their names change with every login and
 * every start, and would make a new process each time.
 */
function unitOf(parts: readonly string[]): string | null {
  return parts.findLast((part) => part.endsWith(".service") && !part.startsWith("user@")) ?? null;
}

/** The processes of this host: read anew by `refresh`, places in control groups remembered. */
export class ProcessTable {
  readonly #files: ProcFiles;
  #processes = new Map<number, Process>();
  #looks = 0;

  constructor(files: ProcFiles) {
    this.#files = files;
  }

  /** Reads which processes there are now. */
  refresh(): void {
    if (this.#looks % LOOKS_REMEMBERED === 0) {
      this.#processes = new Map();
    }
    this.#looks++;
    const processes = new Map<number, Process>();
    for (const entry of attempt(() => this.#files.list(".")) ?? []) {
      const process = /^\d+$/.test(entry) ? this.#read(Number(entry)) : undefined;
      if (process !== undefined) {
        processes.set(process.pid, process);
      }
    }
    this.#processes = processes;
  }

  get(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  /** All of them, eldest first. */
  eldestFirst(): Process[] {
    return [...this.#processes.values()].sort((a, b) => a.started - b.started || a.pid - b.pid);
  }

  /** A process as it is now; it is remembered. */
  look(pid: number): Process | undefined {
    const process = this.#read(pid);
    if (process !== undefined) {
      this.#processes.set(pid, process);
    }
    return process;
  }

  #read(pid: number): Process | undefined {
    const stat = parseProcessStat(attempt(() => this.#files.read(`${pid}/stat`)) ?? "");
    if (stat === undefined || stat.kernel) {
      return undefined;
    }
    const before = this.#processes.get(pid);
    if (before?.started === stat.started && before.name === stat.name) {
      return before;
    }
    const cgroup = attempt(() => this.#files.read(`${pid}/cgroup`));
    const place = cgroup === undefined ? NOWHERE : parseCgroup(cgroup);
    const netns = attempt(() => this.#files.inode(`${pid}/net/tcp`)) ?? null;
    return { pid, name: stat.name, started: stat.started, netns, ...place };
  }
}
