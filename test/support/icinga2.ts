/**
 * A real Icinga 2 (2.13) of a test's own: API, Livestatus, status.dat and command pipe, all in a temporary folder and
 * on free ports of loopback, with a certificate authority of its own. Started by root it runs as `nagios`.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { copyFile, open, readFile, stat } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { API_USERS, type Icinga2Options, type Icinga2Ports, icinga2Config, NODE_NAME } from "./icinga2-config.ts";
import { CHECK_STATE, writeState } from "./monitored-objects.ts";
import { eventually, freePort, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** A user of the API. */
export interface ApiUser {
  readonly name: string;
  readonly password: string;
}

/** Where the API is, and who may use it (see `API_USERS`). */
export interface Icinga2Api {
  /** `https://127.0.0.1:PORT`; the certificate is for `serverName`. */
  readonly url: string;
  readonly port: number;
  readonly serverName: string;
  readonly caFile: string;
  readonly users: typeof API_USERS;
  /** A file with the user's password alone, which nobody else may read. */
  passwordFile(user: keyof typeof API_USERS): string;
}

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** A running Icinga 2. */
export interface RunningIcinga2 {
  readonly folder: string;
  readonly api: Icinga2Api;
  readonly livestatus: { readonly socket: string; readonly port: number };
  readonly statusFile: string;
  readonly objectsCache: string;
  /** What CompatLogger writes: a log like nagios.log. */
  readonly compatLog: string;
  readonly commandFile: string;
  /** The daemon as it runs now; SIGSTOP and SIGCONT reach all of its processes. */
  readonly process: TestProcess;
  /** Sets what `check_state!FILE` answers from now on: exit code and output. */
  setState(file: string, code: number, output: string): void;
  /** Asks the API; `body` makes it a POST, which reads where `read` is set. */
  ask(path: string, body?: object, user?: ApiUser, read?: boolean): Promise<ApiAnswer>;
  /** Does one of `/v1/actions`; rejects where Icinga does not do it. */
  act(action: string, body: object): Promise<void>;
  /** Writes one external command, without its time, to the command pipe. */
  command(line: string): Promise<void>;
  /** Ends the daemon; `startAgain` brings it back with the same ports and what it remembers. */
  shutDown(signal?: NodeJS.Signals): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends the daemon and removes the folder. */
  stop(): Promise<void>;
}

/** Starts an Icinga 2 and waits until its API, Livestatus and first status.dat are there. */
export async function startIcinga2(options: Icinga2Options): Promise<RunningIcinga2> {
  const program = findProgram("icinga2");
  if (program === undefined) {
    throw new Error("icinga2 is not installed; run test/real/install.sh");
  }
  const ports = { api: await freePort(), livestatus: await freePort() };
  const folder = mkdtempSync(join(tmpdir(), "dotm-icinga2-"));
  const icinga = new Instance(program, folder, ports);
  instances.add(icinga);
  layOut(folder, icinga.user, ports, options);
  await icinga.certify();
  await icinga.startAgain();
  return icinga;
}

const instances = new Set<Instance>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...instances].map((instance) => instance.stop()));
});

class Instance implements RunningIcinga2 {
  readonly folder: string;
  readonly api: Icinga2Api;
  readonly livestatus: { readonly socket: string; readonly port: number };
  readonly statusFile: string;
  readonly objectsCache: string;
  readonly compatLog: string;
  readonly commandFile: string;
  readonly user = process.getuid?.() === 0 ? "nagios" : userInfo().username;
  readonly #program: string;
  readonly #agent = new Agent({ keepAlive: true });
  #process: TestProcess | undefined;

  constructor(program: string, folder: string, ports: Icinga2Ports) {
    this.#program = program;
    this.folder = folder;
    this.api = {
      url: `https://127.0.0.1:${ports.api}`,
      port: ports.api,
      serverName: NODE_NAME,
      caFile: join(folder, "data/certs/ca.crt"),
      users: API_USERS,
      passwordFile: (user) => join(folder, `secrets/${user}.password`),
    };
    this.livestatus = { socket: join(folder, "run/live"), port: ports.livestatus };
    this.statusFile = join(folder, "var/status.dat");
    this.objectsCache = join(folder, "var/objects.cache");
    this.compatLog = join(folder, "log/compat/icinga.log");
    this.commandFile = join(folder, "run/icinga2.cmd");
  }

  get process(): TestProcess {
    if (this.#process === undefined) {
      throw new Error("Icinga 2 does not run");
    }
    return this.#process;
  }

  /** Makes the certificate authority and the certificate that it signs. */
  async certify(): Promise<void> {
    const certs = join(this.folder, "data/certs");
    const file = (ending: string) => join(certs, `${NODE_NAME}.${ending}`);
    await this.#run(["pki", "new-ca"]);
    await this.#run(["pki", "new-cert"], ["--cn", NODE_NAME, "--key", file("key"), "--csr", file("csr")]);
    await this.#run(["pki", "sign-csr"], ["--csr", file("csr"), "--cert", file("crt")]);
    await copyFile(join(this.folder, "data/ca/ca.crt"), this.api.caFile);
  }

  async startAgain(): Promise<void> {
    const started = Date.now();
    this.#process = this.#icinga(["daemon"], ["-c", join(this.folder, "etc/icinga2.conf")]);
    const ready = eventually("Icinga 2 to be ready", () => this.#isReady(started), 60_000);
    const ended = this.#process.ended.then(async () => {
      throw new Error(`Icinga 2 ended\n${this.process.stdout.slice(-4000)}\n${this.process.stderr.slice(-4000)}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
  }

  setState(file: string, code: number, output: string): void {
    writeState(this.folder, file, code, output);
  }

  ask(path: string, body?: object, user: ApiUser = API_USERS.root, read = false): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: "127.0.0.1",
          port: this.api.port,
          servername: NODE_NAME,
          ca: readFileSync(this.api.caFile),
          path,
          method: body === undefined ? "GET" : "POST",
          auth: `${user.name}:${user.password}`,
          headers: { accept: "application/json", ...(read ? { "x-http-method-override": "GET" } : {}) },
          agent: this.#agent,
          timeout: 10_000,
        },
        (answer) => {
          answer.setEncoding("utf8");
          let text = "";
          answer.on("data", (piece: string) => {
            text += piece;
          });
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
          answer.on("error", reject);
        },
      );
      asking.on("timeout", () => asking.destroy(new Error("no answer within 10 s")));
      asking.on("error", reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async act(action: string, body: object): Promise<void> {
    const answer = await this.ask(`/v1/actions/${action}`, body);
    if (answer.status !== 200) {
      throw new Error(`Icinga 2 refused ${action} ${JSON.stringify(body)}: ${answer.status} ${answer.body}`);
    }
  }

  async command(line: string): Promise<void> {
    // Opening waits for a reader otherwise.
    const pipe = await open(this.commandFile, "r+");
    await pipe.write(`[${Math.floor(Date.now() / 1000)}] ${line}\n`);
    await pipe.close();
  }

  async shutDown(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    this.#agent.destroy();
    await running?.stop(signal, 20_000);
  }

  async stop(): Promise<void> {
    instances.delete(this);
    try {
      await this.shutDown();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  async #isReady(started: number): Promise<true | undefined> {
    const [written, answer] = await Promise.all([stat(this.statusFile), this.ask("/v1/status/IcingaApplication")]);
    const isNew = written.mtimeMs >= started && (await readFile(this.statusFile, "latin1")) !== "";
    const isThere = existsSync(this.livestatus.socket) && existsSync(this.commandFile);
    return isNew && isThere && answer.status === 200 ? true : undefined;
  }

  async #run(command: readonly string[], args: readonly string[] = []): Promise<void> {
    const child = this.#icinga(command, args);
    const { code } = await child.ended;
    if (code !== 0) {
      throw new Error(`icinga2 ${command.join(" ")} failed: ${child.stdout}${child.stderr}`);
    }
  }

  /** Constants stand after the subcommand: before it Icinga only prints its help. */
  #icinga(command: readonly string[], args: readonly string[]): TestProcess {
    const places = { DataDir: "data", ConfigDir: "etc", LogDir: "log", CacheDir: "cache", SpoolDir: "spool" };
    const defined = Object.entries({ ...places, InitRunDir: "run" });
    const constants = defined.flatMap(([name, place]) => ["-D", `${name}=${join(this.folder, place)}`]);
    const group = execFileSync("id", ["-gn", this.user], { encoding: "utf8" }).trim();
    return startProgram(this.#program, [...command, ...constants, ...args], {
      cwd: this.folder,
      env: { ICINGA2_USER: this.user, ICINGA2_GROUP: group },
      daemon: true,
      user: process.getuid?.() === 0 ? this.user : undefined,
    });
  }
}

const FOLDERS = [
  "data/ca",
  "data/certs",
  "etc",
  "log/compat/archives",
  "cache",
  "spool",
  "run",
  "var",
  "state",
  "plugins",
  "secrets",
];

function layOut(folder: string, user: string, ports: Icinga2Ports, options: Icinga2Options): void {
  for (const name of FOLDERS) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const [file, [code, output]] of Object.entries(options.states ?? {})) {
    writeState(folder, file, code, output);
  }
  writeFileSync(join(folder, "plugins/check_state"), CHECK_STATE.replaceAll('"$1"', `"${folder}/state/$1"`), {
    mode: 0o755,
  });
  writeFileSync(join(folder, "etc/icinga2.conf"), icinga2Config(folder, ports, options));
  chmodSync(folder, 0o755);
  for (const [user, { password }] of Object.entries(API_USERS)) {
    writeFileSync(join(folder, `secrets/${user}.password`), `${password}\n`, { mode: 0o600 });
  }
  if (process.getuid?.() === 0) {
    execFileSync("chown", ["-R", user, folder]);
  }
}
