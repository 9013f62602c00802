/**
 * A real Icinga Web 2 of a test's own, with both of its modules over a real Icinga 2: PostgreSQL, Redis, icingadb and
 * Apache with PHP, all in a temporary folder and on free ports of loopback. Needs root, as PostgreSQL refuses to be it.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll } from "vitest";
import { apacheConfig, sections, webConfig } from "./icinga-web-config.ts";
import { type RunningIcinga2, startIcinga2 } from "./icinga2.ts";
import type { Icinga2Options } from "./icinga2-config.ts";
import { eventually, freePort, ROOT, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";
import { startNode } from "./redis-servers.ts";

const IDO_SCHEMA = "/usr/share/icinga2-ido-pgsql/schema/pgsql.sql";
const ICINGADB_SCHEMA = "/usr/share/icingadb/schema/pgsql/schema.sql";
const WEB_SCHEMA = "/usr/share/icingaweb2/schema/pgsql.schema.sql";
const DATABASES = { icinga_ido: IDO_SCHEMA, icingadb: ICINGADB_SCHEMA, icingaweb: WEB_SCHEMA } as const;

/** Programs and files the suite needs, for `describeAsRoot`. */
export const ICINGA_WEB_PROGRAMS = [
  "icinga2",
  "icingadb",
  "apache2",
  "psql",
  "redis-server",
  IDO_SCHEMA,
  ICINGADB_SCHEMA,
  WEB_SCHEMA,
  "/usr/share/icingaweb2/modules/icingadb",
  "/usr/share/icingaweb2/modules/monitoring",
] as const;

/** Who may do everything in Icinga Web. */
const ADMIN = { name: "icingaadmin", password: "admin-secret" } as const;

/** A running Icinga Web 2 with our module. */
export interface RunningIcingaWeb {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly icinga: RunningIcinga2;
  /** Writes `modules/dotm/config.ini` as the form does. */
  configure(settings: Readonly<Record<string, string>>): void;
  /** What `modules/dotm/config.ini` says now. */
  settings(): string;
  logIn(page: Page): Promise<void>;
  stop(): Promise<void>;
}

const started = new Set<() => Promise<void>>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...started].map((stop) => stop()));
});

/** Starts all of it and waits until both modules know `options.hosts`. */
export async function startIcingaWeb(options: Icinga2Options): Promise<RunningIcingaWeb> {
  const folder = mkdtempSync(join(tmpdir(), "dotm-icingaweb-"));
  chmodSync(folder, 0o755);
  const processes: TestProcess[] = [];
  const stop = async (): Promise<void> => {
    started.delete(stop);
    await Promise.allSettled(processes.reverse().map((running) => running.stop("SIGTERM")));
    rmSync(folder, { recursive: true, force: true });
  };
  started.add(stop);
  const database = await startPostgres(folder, processes);
  const redis = await startNode(folder);
  processes.push(redis.process);
  const icinga = await startIcinga2({
    ...options,
    config: [
      ...(options.config ?? []),
      `object IcingaDB "icingadb" { host = "127.0.0.1"; port = ${redis.port} }`,
      `object IdoPgsqlConnection "ido" { user = "icinga_ido"; host = "127.0.0.1"; port = ${database}; database = "icinga_ido" }`,
    ],
  });
  processes.push(startIcingaDb(folder, database, redis.port));
  const { url, process } = await startApache(folder, { database, redis: redis.port, api: icinga.api.port });
  processes.push(process);
  const count = options.hosts.length;
  await eventually(
    "Icinga DB to know the hosts",
    async () => counts(database, "icingadb", "host_state", count),
    60_000,
  );
  const checked = "icinga_hoststatus where has_been_checked is not null";
  await eventually("the IDO to know the hosts", async () => counts(database, "icinga_ido", checked, count), 60_000);
  const settingsFile = join(folder, "etc/modules/dotm/config.ini");
  return {
    url,
    icinga,
    configure: (settings) => {
      writeFileSync(settingsFile, sections({ dotm: settings }));
      execFileSync("chown", ["www-data:", settingsFile]);
    },
    settings: () => readFileSync(settingsFile, "utf8"),
    logIn: (page) => logIn(page, url),
    stop,
  };
}

async function startPostgres(folder: string, processes: TestProcess[]): Promise<number> {
  const [version] = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a));
  const programs = `/usr/lib/postgresql/${version}/bin`;
  const data = join(folder, "pg");
  mkdirSync(data, { mode: 0o700 });
  execFileSync("chown", ["postgres:", data]);
  asPostgres([join(programs, "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
  const port = await freePort();
  const fast = ["fsync=off", "synchronous_commit=off", "shared_buffers=16MB"].flatMap((setting) => ["-c", setting]);
  const server = startProgram(
    join(programs, "postgres"),
    ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", data, ...fast],
    { daemon: true, user: "postgres", cwd: data },
  );
  processes.push(server);
  await server.waitFor(/ready to accept connections/);
  for (const [name, schema] of Object.entries(DATABASES)) {
    sql(port, "postgres", "postgres", `CREATE ROLE ${name} LOGIN`, `CREATE DATABASE ${name} OWNER ${name}`);
    sql(port, "postgres", name, "CREATE EXTENSION IF NOT EXISTS citext");
    execFileSync("psql", [...connection(port, name, name), "-f", schema], { stdio: ["ignore", "ignore", "ignore"] });
  }
  const hash = execFileSync("php", ["-r", `echo password_hash("${ADMIN.password}", PASSWORD_DEFAULT);`], {
    encoding: "utf8",
  });
  const columns = "icingaweb_user (name, active, password_hash)";
  sql(port, "icingaweb", "icingaweb", `INSERT INTO ${columns} VALUES ('${ADMIN.name}', 1, '${hash}')`);
  return port;
}

function asPostgres(command: readonly string[]): void {
  execFileSync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", ...command], {
    stdio: "pipe",
    cwd: "/",
  });
}

function connection(port: number, user: string, database: string): string[] {
  return ["-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", `${port}`, "-U", user, "-d", database];
}

function sql(port: number, user: string, database: string, ...statements: string[]): string {
  const words = statements.flatMap((statement) => ["-c", statement]);
  return execFileSync("psql", [...connection(port, user, database), ...words], { encoding: "utf8", stdio: "pipe" });
}

function counts(port: number, database: string, table: string, least: number): true | undefined {
  return Number(sql(port, "postgres", database, `select count(*) from ${table}`)) >= least ? true : undefined;
}

function startIcingaDb(folder: string, database: number, redis: number): TestProcess {
  const config = join(folder, "icingadb.yml");
  const db = `{ type: pgsql, host: 127.0.0.1, port: ${database}, database: icingadb, user: icingadb, password: unused }`;
  writeFileSync(
    config,
    `database: ${db}\nredis: { host: 127.0.0.1, port: ${redis} }\nlogging: { level: info, output: console }\n`,
    { mode: 0o644 },
  );
  return startProgram(findProgram("icingadb") ?? "icingadb", ["-c", config], {
    daemon: true,
    user: "nagios",
    cwd: "/",
  });
}

async function startApache(folder: string, ports: { database: number; redis: number; api: number }) {
  const port = await freePort();
  const config = join(folder, "etc");
  for (const [file, text] of Object.entries(webConfig(folder, ports, ADMIN.name))) {
    mkdirSync(join(config, file, ".."), { recursive: true });
    writeFileSync(join(config, file), text);
  }
  mkdirSync(join(config, "modules/dotm"), { recursive: true });
  mkdirSync(join(config, "enabledModules"));
  mkdirSync(join(folder, "sessions"));
  mkdirSync(join(folder, "log"));
  mkdirSync(join(folder, "tmp"));
  for (const module of ["monitoring", "icingadb"]) {
    symlinkSync(`/usr/share/icingaweb2/modules/${module}`, join(config, "enabledModules", module));
  }
  // PHP runs as somebody who may not look into where the tests lie.
  execFileSync("cp", ["-R", join(ROOT, "nagios/icingaweb2/dotm"), join(folder, "module")]);
  execFileSync("chmod", ["-R", "a+rX", join(folder, "module")]);
  symlinkSync(join(folder, "module"), join(config, "enabledModules/dotm"));
  const written = ["sessions", "log", "tmp"].map((name) => join(folder, name));
  execFileSync("chown", ["-R", "www-data:", config, ...written]);
  const file = join(folder, "apache.conf");
  writeFileSync(file, apacheConfig(folder, port));
  const process = startProgram(findProgram("apache2") ?? "apache2", ["-f", file, "-DFOREGROUND"], {
    cwd: folder,
    daemon: true,
  });
  const url = `http://127.0.0.1:${port}/icingaweb2`;
  await eventually("Icinga Web to answer", async () => {
    const answer = await fetch(`${url}/authentication/login`);
    // To who brings no cookie it says 403.
    if (answer.status >= 500) {
      throw new Error(`${answer.status} ${(await answer.text()).slice(0, 500)}`);
    }
    return true as const;
  });
  return { url, process };
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/authentication/login`);
  await page.fill("input[name=username]", ADMIN.name);
  await page.fill("input[name=password]", ADMIN.password);
  await page.click("input[type=submit]");
  await page.waitForSelector("#menu");
  // Requests of the dashboard that the next page cuts off would look like errors.
  await page.waitForLoadState("networkidle");
}
