/**
 * The CGIs of a test's own Nagios, served by an Apache of the test's own on a free port of loopback: once for
 * everybody, and once behind a password.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { apacheHead } from "./apache-config.ts";
import type { RunningNagios } from "./nagios.ts";
import { eventually, freePort, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** Who may pass the password; the stranger may, but Nagios shows it nothing. */
export const CGI_USERS = {
  reader: { name: "dotm", password: "dotm-secret" },
  stranger: { name: "stranger", password: "stranger-secret" },
} as const;

/** Served CGIs. */
export interface NagiosCgis {
  /** Folder of the CGIs that anybody may ask, without a slash at the end. */
  readonly url: string;
  /** The same behind basic authentication (see `CGI_USERS`). */
  readonly protectedUrl: string;
  readonly users: typeof CGI_USERS;
  /** A file with the user's password alone, which nobody else may read. */
  passwordFile(user: keyof typeof CGI_USERS): string;
  readonly accessLog: string;
  readonly process: TestProcess;
  /** Ends Apache and removes its folder. */
  stop(): Promise<void>;
}

const CGI_FOLDER = "/usr/lib/cgi-bin/nagios4";
const LOADED = ["mpm_prefork", "authz_core", "authz_host", "authz_user", "authn_core", "authn_file", "auth_basic"];

/** Programs the suite needs, for `describeReal`. */
export const CGI_PROGRAMS = ["nagios4", "apache2", `${CGI_FOLDER}/statusjson.cgi`] as const;

/**
 * Starts Apache and waits until the CGIs answer; `ssi` is put into all pages of Nagios (common-header.ssi), `more` are
 * further lines of Apache's configuration.
 */
export async function startNagiosCgis(nagios: RunningNagios, ssi?: string, more = ""): Promise<NagiosCgis> {
  const program = findProgram("apache2");
  if (program === undefined) {
    throw new Error("apache2 is not installed; run test/real/install.sh");
  }
  const folder = mkdtempSync(join(tmpdir(), "dotm-cgis-"));
  const port = await freePort();
  layOut(folder, port, nagios, more);
  if (ssi !== undefined) {
    mkdirSync(join(folder, "htdocs", "ssi"), { recursive: true });
    writeFileSync(join(folder, "htdocs", "ssi", "common-header.ssi"), ssi, { mode: 0o644 });
  }
  const apache = startProgram(program, ["-f", join(folder, "apache.conf"), "-DFOREGROUND"], {
    cwd: folder,
    daemon: true,
  });
  const stop = async (): Promise<void> => {
    started.delete(stop);
    try {
      await apache.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  started.add(stop);
  const url = `http://127.0.0.1:${port}/nagios4/cgi-bin`;
  await eventually("the CGIs to answer", () => answers(`${url}/statusjson.cgi?query=programstatus`, folder));
  const protectedUrl = `http://127.0.0.1:${port}/protected/cgi-bin`;
  return {
    url,
    protectedUrl,
    users: CGI_USERS,
    passwordFile: (user) => join(folder, `${user}.password`),
    accessLog: join(folder, "access.log"),
    process: apache,
    stop,
  };
}

const started = new Set<() => Promise<void>>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...started].map((stop) => stop()));
});

async function answers(url: string, folder: string): Promise<true | undefined> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok || !text.includes('"programstatus"')) {
    throw new Error(`${answer.status} ${text.slice(0, 500)}\n${readFileSync(join(folder, "error.log"), "utf8")}`);
  }
  return true;
}

function layOut(folder: string, port: number, nagios: RunningNagios, more: string): void {
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "open.cfg"), cgiConfig(nagios, folder, false));
  writeFileSync(join(folder, "protected.cfg"), cgiConfig(nagios, folder, true));
  writeFileSync(join(folder, "users"), Object.values(CGI_USERS).map(passwordLine).join(""));
  for (const [user, { password }] of Object.entries(CGI_USERS)) {
    writeFileSync(join(folder, `${user}.password`), `${password}\n`, { mode: 0o600 });
  }
  writeFileSync(join(folder, "apache.conf"), `${apacheConfig(folder, port)}${more}`);
}

function cgiConfig(nagios: RunningNagios, folder: string, authenticated: boolean): string {
  const rights = ["system_information", "configuration_information", "all_hosts", "all_services"];
  return [
    `main_config_file=${nagios.config}`,
    `physical_html_path=${folder}/htdocs`,
    "url_html_path=/nagios4",
    `use_authentication=${authenticated ? 1 : 0}`,
    ...rights.map((right) => `authorized_for_${right}=${CGI_USERS.reader.name}`),
    "use_pending_states=1",
    "escape_html_tags=1",
    "result_limit=0",
    // Else each page asks a video site for a frame.
    "enable_page_tour=0",
    "",
  ].join("\n");
}

function passwordLine({ name, password }: { readonly name: string; readonly password: string }): string {
  return `${name}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`;
}

function apacheConfig(folder: string, port: number): string {
  return [
    ...apacheHead(folder, port, [...LOADED, "alias", "env", "mime", "cgi", "headers", "proxy", "proxy_http"]),
    "StartServers 1",
    "TypesConfig /dev/null",
    `CustomLog ${folder}/access.log "%u %>s %b \\"%r\\""`,
    `DocumentRoot ${folder}`,
    `ScriptAlias /nagios4/cgi-bin ${CGI_FOLDER}`,
    `ScriptAlias /protected/cgi-bin ${CGI_FOLDER}`,
    `<Directory ${CGI_FOLDER}>`,
    "  Options ExecCGI",
    "  Require all granted",
    "</Directory>",
    "<Location /nagios4>",
    `  SetEnv NAGIOS_CGI_CONFIG ${folder}/open.cfg`,
    "</Location>",
    "<Location /protected>",
    `  SetEnv NAGIOS_CGI_CONFIG ${folder}/protected.cfg`,
    "  AuthType Basic",
    '  AuthName "Nagios Access"',
    `  AuthUserFile ${folder}/users`,
    "  Require valid-user",
    "</Location>",
    "",
  ].join("\n");
}
