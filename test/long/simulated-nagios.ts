/** A Nagios as its files show it: `status.dat` replaced by rename, changes appended to `nagios.log` before. */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneOf, type Random } from "../support/random.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";

/** Service checks of each host, with their commands. */
const CHECKS: readonly (readonly [name: string, command: string])[] = [
  ["App", "check_tcp!8080"],
  ["MySQL", "check_mysql!3306"],
  ["Disk /", "check_nrpe!check_disk"],
];
const CODES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3, UP: 0, DOWN: 1 } as const;
const CHECK_STATES = ["OK", "OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
/** How many are in which state after changes without end. All begin so: what grows then is no number of problems. */
const SETTLED_HOSTS = ["UP", "DOWN"] as const;
const SETTLED_CHECKS = ["OK", "OK", "OK", "WARNING", "WARNING", "CRITICAL", "CRITICAL", "UNKNOWN", "UNKNOWN"] as const;
/** One of so many changes is a host's own. */
const HOST_CHANGES = 40;

/** A state by its word. */
export type Word = keyof typeof CODES;

/** One check; `check` null is the host's own. */
export interface SimulatedCheck {
  readonly host: string;
  readonly check: string | null;
  state: Word;
  /** Unix seconds of the last change. */
  since: number;
}

/** The files and what they say. */
export class SimulatedNagios {
  readonly checks: readonly SimulatedCheck[];
  /** Changes so far. */
  changed = 0;
  readonly #folder: string;
  readonly #random: Random;

  /** `folder` is made; the files are there afterwards. */
  constructor(folder: string, hosts: readonly string[], random: Random) {
    const since = Math.floor(Date.now() / 1_000) - 600;
    this.#folder = folder;
    this.#random = random;
    this.checks = hosts.flatMap((host): SimulatedCheck[] => [
      { host, check: null, state: oneOf(random, SETTLED_HOSTS), since },
      ...CHECKS.map(([check]): SimulatedCheck => ({ host, check, state: oneOf(random, SETTLED_CHECKS), since })),
    ]);
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.#file("nagios.log"), "");
    writeFileSync(this.#file("objects.cache"), this.#objects(hosts));
    this.writeStatus();
  }

  /** The source as dotm.yaml says it. */
  get source(): string {
    const files = `status_file: ${this.#file("status.dat")}, objects_file: ${this.#file("objects.cache")}`;
    return `{ name: nagios, type: status-file, ${files}, log_file: ${this.#file("nagios.log")} }`;
  }

  /** One check changes, and the log says so. */
  flap(): void {
    const now = Math.floor(Date.now() / 1_000);
    const isHost = this.#random() < 1 / HOST_CHANGES;
    const { length } = CHECKS;
    const host = Math.floor((this.#random() * this.checks.length) / (length + 1)) * (length + 1);
    const check = this.checks[host + (isHost ? 0 : 1 + Math.floor(this.#random() * length))];
    if (check !== undefined) {
      const before = check.state;
      const hostState = before === "UP" ? "DOWN" : "UP";
      const others = CHECK_STATES.filter((state) => state !== before);
      check.state = isHost ? hostState : oneOf(this.#random, others);
      check.since = now;
      this.changed += 1;
      const kind = isHost ? "HOST ALERT: " : "SERVICE ALERT: ";
      const names = isHost ? check.host : `${check.host};${check.check}`;
      appendFileSync(
        this.#file("nagios.log"),
        `[${now}] ${kind}${names};${check.state};HARD;3;change ${this.changed}\n`,
      );
    }
  }

  /** The status file as it is now, put into place as Nagios does. */
  writeStatus(): void {
    const now = Math.floor(Date.now() / 1_000);
    const blocks = this.checks.map(({ host, check, state, since }) => {
      const fields = {
        current_state: CODES[state],
        last_hard_state: CODES[state],
        last_state_change: since,
        last_hard_state_change: since,
        last_check: now,
        next_check: now + 60,
        plugin_output: `since ${since}`,
      };
      return check === null
        ? hostBlock(host, fields)
        : serviceBlock(host, check, { ...fields, check_command: commandOf(check) });
    });
    writeFileSync(this.#file("status.tmp"), statusFile(blocks, now));
    renameSync(this.#file("status.tmp"), this.#file("status.dat"));
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  #objects(hosts: readonly string[]): string {
    const one = (host: string) =>
      [
        `define host {\n\thost_name\t${host}\n\tcheck_command\tcheck-host-alive\n\t}\n`,
        ...CHECKS.map(
          ([check, command]) =>
            `define service {\n\thost_name\t${host}\n\tservice_description\t${check}\n\tcheck_command\t${command}\n\t}\n`,
        ),
      ].join("\n");
    return hosts.map(one).join("\n");
  }
}

function commandOf(check: string): string {
  return CHECKS.find(([name]) => name === check)?.[1] ?? "";
}
