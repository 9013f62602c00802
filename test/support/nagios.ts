/**
 * A real Nagios 4 of a test's own: its configuration, state and logs in a temporary folder, no port, no CGIs.
 * The daemon runs in the foreground as our child. Started by root it drops to the user `nagios`.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** A host of the configuration. Without `check` it is never checked and stays PENDING. */
export interface NagiosHost {
  readonly name: string;
  readonly address?: string;
  readonly alias?: string;
  readonly parents?: readonly string[];
  readonly groups?: readonly string[];
  /** `check_command` with arguments, `!` separated. */
  readonly check?: string;
  readonly actionUrl?: string;
}

/** A service check of the configuration. */
export interface NagiosService {
  readonly host: string;
  readonly name: string;
  /** `check_command` with arguments, `!` separated: `check_tcp!PORT`, or `check_state!FILE` (see `setState`). */
  readonly check: string;
  /** Attempts until HARD; 1 unless said otherwise. */
  readonly attempts?: number;
  readonly actionUrl?: string;
}

/** What the instance watches and how fast. */
export interface NagiosOptions {
  readonly hosts: readonly NagiosHost[];
  readonly services: readonly NagiosService[];
  /** Seconds between two checks of one thing; 1 unless said otherwise. */
  readonly checkInterval?: number;
  /** Seconds between two versions of status.dat; 1 unless said otherwise. */
  readonly statusInterval?: number;
  /** What `check_state!FILE` answers from the start, by file. */
  readonly states?: Readonly<Record<string, readonly [code: number, output: string]>>;
  /** Further lines of nagios.cfg. */
  readonly config?: readonly string[];
}

/** One `key=value` block of status.dat as Nagios wrote it. */
export type StatusFields = ReadonlyMap<string, string>;

/** A running Nagios. */
export interface RunningNagios {
  readonly folder: string;
  /** nagios.cfg */
  readonly config: string;
  readonly statusFile: string;
  readonly objectsCache: string;
  readonly logFile: string;
  readonly commandFile: string;
  readonly process: TestProcess;
  /** Sets what `check_state!FILE` answers from now on: exit code and output. */
  setState(file: string, code: number, output: string): void;
  /** Writes one external command, without its time, to the command pipe. */
  command(line: string): Promise<void>;
  /** The block of a host (`check` null) or service check in the present status.dat. */
  status(host: string, check: string | null): Promise<StatusFields | undefined>;
  /** Waits until status.dat shows what is asked for; rejects with the last block seen. */
  waitFor(
    host: string,
    check: string | null,
    is: (fields: StatusFields) => boolean,
    milliseconds?: number,
  ): Promise<StatusFields>;
  /** Ends the daemon (which deletes its status.dat) and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a Nagios and waits until its first status.dat and its command pipe are there. */
export async function startNagios(options: NagiosOptions): Promise<RunningNagios> {
  const program = findProgram("nagios4");
  if (program === undefined) {
    throw new Error("nagios4 is not installed; run test/real/install.sh");
  }
  const folder = mkdtempSync(join(tmpdir(), "dotm-nagios-"));
  const user = process.getuid?.() === 0 ? "nagios" : userInfo().username;
  layOut(folder, user, options);
  const child = startProgram(program, [join(folder, "etc/nagios.cfg")], { cwd: folder });
  const nagios = new Instance(folder, child);
  instances.add(nagios);
  await nagios.ready();
  return nagios;
}

const instances = new Set<Instance>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...instances].map((instance) => instance.stop()));
});

class Instance implements RunningNagios {
  readonly folder: string;
  readonly config: string;
  readonly statusFile: string;
  readonly objectsCache: string;
  readonly logFile: string;
  readonly commandFile: string;
  readonly process: TestProcess;

  constructor(folder: string, child: TestProcess) {
    this.folder = folder;
    this.config = join(folder, "etc/nagios.cfg");
    this.statusFile = join(folder, "var/status.dat");
    this.objectsCache = join(folder, "var/objects.cache");
    this.logFile = join(folder, "var/nagios.log");
    this.commandFile = join(folder, "var/rw/nagios.cmd");
    this.process = child;
  }

  async ready(): Promise<void> {
    await this.#whenever(async () => {
      const text = await readFile(this.statusFile, "latin1").catch(() => "");
      return text !== "" && existsSync(this.commandFile) ? true : undefined;
    }, 30_000);
  }

  setState(file: string, code: number, output: string): void {
    writeState(this.folder, file, code, output);
  }

  async command(line: string): Promise<void> {
    // Opening waits for a reader otherwise: where Nagios is gone this fails at once instead.
    const pipe = await open(this.commandFile, "r+");
    await pipe.write(`[${Math.floor(Date.now() / 1000)}] ${line}\n`);
    await pipe.close();
  }

  async status(host: string, check: string | null): Promise<StatusFields | undefined> {
    const text = await readFile(this.statusFile, "utf8").catch(() => "");
    return findBlock(text, host, check);
  }

  async waitFor(
    host: string,
    check: string | null,
    is: (fields: StatusFields) => boolean,
    milliseconds = 30_000,
  ): Promise<StatusFields> {
    let last: StatusFields | undefined;
    try {
      return await this.#whenever(async () => {
        last = await this.status(host, check);
        return last !== undefined && is(last) ? last : undefined;
      }, milliseconds);
    } catch (error) {
      const seen = last === undefined ? "nothing" : JSON.stringify(Object.fromEntries(last));
      throw new Error(`${host} / ${check}: waited in vain, last seen ${seen}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    instances.delete(this);
    try {
      await this.process.stop();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** Asks now and after each rename in the folder of status.dat, until there is an answer. */
  async #whenever<T>(ask: () => Promise<T | undefined>, milliseconds: number): Promise<T> {
    const expired = AbortSignal.timeout(milliseconds);
    let wake = (): void => undefined;
    const watcher = watch(join(this.folder, "var"), () => wake());
    expired.addEventListener("abort", () => wake());
    let gone = false;
    void this.process.ended.then(() => {
      gone = true;
      wake();
    });
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const answer = await ask();
        if (answer !== undefined) {
          return answer;
        }
        if (gone || expired.aborted) {
          const log = await readFile(this.logFile, "utf8").catch(() => "");
          throw new Error(
            `Nagios ${gone ? "ended" : "took too long"}\n${this.process.stdout.slice(-2000)}\n${log.slice(-2000)}`,
          );
        }
        await changed;
      }
    } finally {
      watcher.close();
    }
  }
}

function findBlock(text: string, host: string, check: string | null): StatusFields | undefined {
  const head = check === null ? "hoststatus {" : "servicestatus {";
  for (const block of text.split("\n\t}\n")) {
    const start = block.indexOf(head);
    if (start < 0) {
      continue;
    }
    const fields = new Map<string, string>();
    for (const line of block.slice(start + head.length + 1).split("\n")) {
      const equals = line.indexOf("=");
      fields.set(line.slice(1, equals), line.slice(equals + 1));
    }
    if (fields.get("host_name") === host && (check === null || fields.get("service_description") === check)) {
      return fields;
    }
  }
  return undefined;
}

function layOut(folder: string, user: string, options: NagiosOptions): void {
  chmodSync(folder, 0o755);
  for (const name of ["etc", "plugins", "state", "var", "var/rw", "var/checkresults", "var/archives", "tmp"]) {
    mkdirSync(join(folder, name));
  }
  for (const [file, [code, output]] of Object.entries(options.states ?? {})) {
    writeState(folder, file, code, output);
  }
  writeFileSync(join(folder, "plugins/check_state"), CHECK_STATE, { mode: 0o755 });
  writeFileSync(join(folder, "etc/resource.cfg"), `$USER1$=${pluginFolder()}\n$USER2$=${folder}\n`);
  writeFileSync(join(folder, "etc/nagios.cfg"), mainConfig(folder, user, options));
  writeFileSync(join(folder, "etc/objects.cfg"), objects(options));
  if (process.getuid?.() === 0) {
    const [uid, gid] = idsOf(user);
    for (const name of ["var", "var/rw", "var/checkresults", "var/archives", "tmp"]) {
      chownSync(join(folder, name), uid, gid);
    }
  }
  chmodSync(join(folder, "var/rw"), 0o2770);
}

/** A plugin that answers with a file's content: exit code in its first line, output after it. */
const CHECK_STATE = `#!/bin/sh
[ -r "$1" ] || { echo "no state file $1"; exit 3; }
read -r code < "$1"
tail -n +2 "$1"
exit "$code"
`;

function writeState(folder: string, file: string, code: number, output: string): void {
  writeFileSync(join(folder, "state", file), `${code}\n${output}\n`);
}

function pluginFolder(): string {
  const known = ["/usr/lib/nagios/plugins", "/usr/lib64/nagios/plugins", "/usr/lib/monitoring-plugins"];
  return known.find((path) => existsSync(path)) ?? "/usr/lib/nagios/plugins";
}

function idsOf(user: string): [number, number] {
  const id = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return [id("-u"), id("-g")];
}

function mainConfig(folder: string, user: string, options: NagiosOptions): string {
  const group = execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim();
  return [
    `log_file=${folder}/var/nagios.log`,
    `cfg_file=${folder}/etc/objects.cfg`,
    `resource_file=${folder}/etc/resource.cfg`,
    `object_cache_file=${folder}/var/objects.cache`,
    `precached_object_file=${folder}/var/objects.precache`,
    `status_file=${folder}/var/status.dat`,
    `status_update_interval=${options.statusInterval ?? 1}`,
    `command_file=${folder}/var/rw/nagios.cmd`,
    `query_socket=${folder}/var/rw/nagios.qh`,
    `lock_file=${folder}/var/nagios.lock`,
    `temp_file=${folder}/var/nagios.tmp`,
    `temp_path=${folder}/tmp`,
    `check_result_path=${folder}/var/checkresults`,
    `log_archive_path=${folder}/var/archives`,
    `state_retention_file=${folder}/var/retention.dat`,
    `nagios_user=${user}`,
    `nagios_group=${group}`,
    "interval_length=1",
    "check_result_reaper_frequency=1",
    "max_service_check_spread=1",
    "max_host_check_spread=1",
    // Else a result up to 15 seconds old is taken instead of a new check.
    "cached_host_check_horizon=0",
    "cached_service_check_horizon=0",
    "check_external_commands=1",
    "log_initial_states=1",
    "enable_flap_detection=0",
    "enable_notifications=0",
    "illegal_macro_output_chars=`~$&|'\"<>",
    "use_syslog=0",
    "check_for_updates=0",
    "retain_state_information=0",
    ...(options.config ?? []),
    "",
  ].join("\n");
}

function objects(options: NagiosOptions): string {
  const groups = new Set(options.hosts.flatMap((host) => host.groups ?? []));
  return [
    define("timeperiod", {
      timeperiod_name: "always",
      alias: "Always",
      ...Object.fromEntries(DAYS.map((day) => [day, "00:00-24:00"])),
    }),
    // Nagios refuses to start without a contact; notifications are off, so nobody hears of it.
    define("command", { command_name: "nobody", command_line: "/bin/true" }),
    define("contact", {
      contact_name: "nobody",
      host_notification_period: "always",
      service_notification_period: "always",
      host_notification_commands: "nobody",
      service_notification_commands: "nobody",
    }),
    define("command", { command_name: "check_tcp", command_line: "$USER1$/check_tcp -H 127.0.0.1 -p $ARG1$ -t 2" }),
    define("command", {
      command_name: "check_state",
      command_line: "$USER2$/plugins/check_state $USER2$/state/$ARG1$",
    }),
    ...[...groups].map((name) => define("hostgroup", { hostgroup_name: name, alias: name })),
    ...options.hosts.map((host) => hostObject(host, options.checkInterval ?? 1)),
    ...options.services.map((service) => serviceObject(service, options.checkInterval ?? 1)),
    "",
  ].join("\n");
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function hostObject(host: NagiosHost, interval: number): string {
  return define("host", {
    host_name: host.name,
    alias: host.alias ?? host.name,
    address: host.address ?? "127.0.0.1",
    parents: host.parents?.join(","),
    hostgroups: host.groups?.join(","),
    check_command: host.check,
    action_url: host.actionUrl,
    ...schedule(interval, 1),
  });
}

function serviceObject(service: NagiosService, interval: number): string {
  return define("service", {
    host_name: service.host,
    service_description: service.name,
    check_command: service.check,
    action_url: service.actionUrl,
    ...schedule(interval, service.attempts ?? 1),
  });
}

function schedule(interval: number, attempts: number): Record<string, string> {
  return {
    check_period: "always",
    check_interval: `${interval}`,
    retry_interval: `${interval}`,
    max_check_attempts: `${attempts}`,
    contacts: "nobody",
    notification_interval: "0",
    notification_period: "always",
  };
}

function define(type: string, fields: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `  ${name} ${value}`);
  return `define ${type} {\n${lines.join("\n")}\n}\n`;
}
