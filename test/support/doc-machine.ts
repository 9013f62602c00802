/**
 * A machine as the documentation speaks of it, in a temporary folder: DOTM as its package installs it, a Nagios that
 * watches the demo's shop in the middle of its trouble, a daemon that knows it. Paths such as /etc/… are led into the
 * folder, programs that would change the machine are stood in for.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { REPORT_PATH, SENT_HEADER } from "../../agent/report.ts";
import { agentReport } from "../../src/demo/site/agent-report.ts";
import { objectsText } from "../../src/demo/site/objects-text.ts";
import { shop } from "../../src/demo/site/shop.ts";
import { statusText } from "../../src/demo/site/status-text.ts";
import { addToken } from "../../src/ingest/token-file.ts";
import { type CertificateFiles, makeCertificate } from "./certificate.ts";
import { eventually, type Finished, freePort, ROOT, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** Programs that change a machine, or need one that is not here, and the test in which they run for real. */
export const STOOD_IN: Readonly<Record<string, string>> = {
  a2enconf: "test/real/nagios-install.test.ts",
  a2enmod: "test/real/nagios-install.test.ts",
  apt: "test/real/deb.test.ts",
  chown: "test/real/agent-unit.test.ts",
  htpasswd: "test/ingest/htpasswd.test.ts",
  icinga2: "test/real/export.test.ts",
  icingacli: "test/real/icinga-web.test.ts",
  nagios4: "test/real/export.test.ts",
  npm: "test/real/deb.test.ts",
  scp: "test/faults/real/ssh-pull.test.ts",
  ssh: "test/faults/real/ssh-pull.test.ts",
  systemctl: "test/real/deb.test.ts",
  useradd: "test/real/deb.test.ts",
  usermod: "test/faults/real/write-back.test.ts",
};

/** Programs that run as they are. */
const AS_THEY_ARE = [
  "sh",
  "env",
  "cat",
  "chmod",
  "cp",
  "curl",
  "date",
  "head",
  "hostname",
  "install",
  "ln",
  "mkdir",
  "mktemp",
  "sed",
  "sleep",
];
/** What `dotm` and `dotm-agent` themselves need. */
const NEEDED = ["redis-server", "setpriv", "flock", "ss", "ip", "ssh-keyscan", "openssl"];

/** What runs until it is ended, and the word that says that it does. */
const LASTING: readonly (readonly [command: RegExp, word: RegExp])[] = [
  [/^dotm serve\b/, /DOTM serves/],
  [/^dotm demo\b/, /Open http/],
  [/^dotm-agent run\b|dotm-agent\.sh" run\b/, /reporting as/],
  [/^dotm-agent serve\b/, /reports of/],
];

/** Seconds since the shop's incident began. */
const INTO_TROUBLE = 60;

/** The machine, from its making to `stop`. */
export class DocMachine {
  readonly root = mkdtempSync(join(tmpdir(), "dotm-docs-"));
  #daemon: TestProcess | undefined;
  #url = "";
  #certificate: CertificateFiles | undefined;

  /** Installs and starts everything; resolves when the daemon knows the shop's trouble. */
  async start(): Promise<void> {
    this.#install();
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}/`;
    this.#writePrograms();
    this.#writeNagios();
    this.#write("etc/dotm/dotm.yaml", this.#configuration(port));
    const tokens = this.#tokens();
    this.#daemon = startProgram(this.#path("usr/bin/dotm"), ["serve"], { cwd: this.root, env: this.#environment() });
    await this.#daemon.waitFor(/DOTM serves/);
    await this.#report(tokens);
    await eventually("the shop's trouble", () => this.#isKnown());
  }

  /** Runs a command of the documentation to its end; what lasts is ended once it is at work. */
  async run(command: string): Promise<Finished> {
    const words = this.#here(command);
    this.#provide(words, /--(?:cert|key)-file (\S+)/g);
    const around = { cwd: this.root, env: this.#environment(), daemon: true };
    const child = startProgram("/bin/sh", ["-c", words], around);
    const [, word] = LASTING.find(([pattern]) => pattern.test(command)) ?? [];
    if (word !== undefined) {
      await child.waitFor(word).catch(() => undefined);
      endGroup(child.pid);
    }
    const exit = await child.ended;
    return { ...exit, stdout: this.#there(child.stdout), stderr: this.#there(child.stderr) };
  }

  /** A text of the documentation with its paths led here, its files made where they are missing. */
  settle(text: string): string {
    const settled = this.#here(text);
    this.#provide(settled, /file: *"?([^\s",}]+)/g);
    return settled;
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Makes the files that a text names: certificates, keys, else a secret. */
  #provide(text: string, names: RegExp): void {
    for (const [, path = ""] of text.matchAll(names)) {
      if (path.startsWith(this.root) && !existsSync(path)) {
        this.#certificate ??= makeCertificate(this.root, "dotm");
        const { cert, key } = this.#certificate;
        const source = /\.(?:crt|pem)$/.test(path) ? cert : key;
        const content = /\.(?:crt|pem|key)$/.test(path) ? readFileSync(source, "utf8") : "secret\n";
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content, { mode: 0o600 });
      }
    }
  }

  #install(): void {
    // The files of the package as npm packs them; the libraries are those of the clone.
    const modules = this.#path("usr/lib/node_modules");
    const package_ = join(modules, "dotm");
    mkdirSync(modules, { recursive: true });
    const words = ["pack", "--silent", "--ignore-scripts", "--pack-destination", this.root];
    const [archive = ""] = execFileSync("npm", words, { cwd: ROOT, encoding: "utf8" }).trim().split("\n").slice(-1);
    execFileSync("tar", ["-xzf", this.#path(archive), "-C", modules]);
    renameSync(join(modules, "package"), package_);
    symlinkSync(join(ROOT, "node_modules"), join(package_, "node_modules"));
    for (const [name, file] of [
      ["dotm", "bin/dotm.js"],
      ["dotm-agent", "bin/dotm-agent.js"],
      ["check_dotm", "dist/check_dotm.cjs"],
    ] as const) {
      chmodSync(join(package_, file), 0o755);
      mkdirSync(this.#path("usr/bin"), { recursive: true });
      symlinkSync(join(package_, file), this.#path("usr/bin", name));
    }
  }

  /** The one folder of the PATH: whatever is not named in one of the tables is not there. */
  #writePrograms(): void {
    mkdirSync(this.#path("bin"));
    for (const name of Object.keys(STOOD_IN)) {
      this.#program(name, this.#part(name));
    }
    for (const name of [...AS_THEY_ARE, ...NEEDED]) {
      const program = findProgram(name);
      if (program !== undefined) {
        symlinkSync(program, this.#path("bin", name));
      }
    }
    symlinkSync(process.execPath, this.#path("bin/node"));
    this.#program("check_dotm", `exec ${this.#path("usr/bin/check_dotm")} -U ${this.#url} "$@"`);
    // The unit could not start a Node that lies in somebody's home, so there its installation is only read.
    const install = /^\/(?:root|home)\//.test(process.execPath) ? "--help" : `--root ${this.root}`;
    this.#program(
      "dotm-agent",
      `[ "$1" != install ] || set -- "$@" ${install}\nexec ${this.#path("usr/bin/dotm-agent")} "$@"`,
    );
    const nagios = `--nagios-cfg ${this.#path("etc/nagios4/nagios.cfg")} --web-server apache`;
    const web = `--web-conf ${this.#path("etc/apache2/conf-available/dotm.conf")}`;
    this.#program(
      "dotm",
      `case "$1 $2" in
  "nagios install") shift 2; set -- nagios install ${nagios} ${web} "$@" ;;
  "serve "*) export DOTM_DATA_DIR="$(mktemp -d ${this.#path("tmp")}/data.XXXX)" DOTM_WEB__LISTEN=127.0.0.1:0 ;;
  "demo "*) set -- "$@" --port 0 --data-dir "$(mktemp -d ${this.#path("tmp")}/data.XXXX)" ;;
esac
exec ${this.#path("usr/bin/dotm")} "$@"`,
    );
  }

  /** What a program that is stood in for must say, so that what comes after it can go on. */
  #part(name: string): string {
    switch (name) {
      case "npm":
        return `[ "$1" != root ] || echo ${this.#path("usr/lib/node_modules")}\n[ "$1" != start ] || echo Open http://`;
      case "ssh":
        return `cat <<'END'\n${CAPTURED}END`;
      default:
        return ":";
    }
  }

  #writeNagios(): void {
    const site = shop();
    const now = Math.floor(Date.now() / 1000);
    const moment = { scenario: "cascade", seed: 1, startedAt: now - INTO_TROUBLE, now } as const;
    this.#write("var/cache/nagios4/status.dat", statusText(site, moment));
    this.#write("var/cache/nagios4/objects.cache", objectsText(site));
    this.#write("var/log/nagios4/nagios.log", "");
    this.#write("etc/nagios4/resource.cfg", `$USER1$=${this.#path("usr/lib/nagios/plugins")}\n`);
    this.#write("etc/nagios4/cgi.cfg", `physical_html_path=${this.#path("usr/share/nagios4/htdocs")}\n`);
    this.#write("etc/nagios4/objects.cfg", OBJECTS);
    this.#write("etc/nagios4/nagios.cfg", this.#here(mainConfig(userInfo().username)));
    for (const folder of [
      ...["usr/share/nagios4/htdocs", "usr/lib/nagios/plugins", "var/lib/nagios4/spool", "etc/nagios4/conf.d"],
      ...["etc/apache2/conf-available", "etc/icinga2/conf.d", "usr/share/icingaweb2/modules", "etc/dotm-agent", "tmp"],
      ...["etc/systemd/system", "usr/local/lib", "usr/local/bin", "var/lib/grafana/dashboards/dotm"],
      ...["etc/grafana/provisioning/datasources", "etc/grafana/provisioning/dashboards"],
    ]) {
      mkdirSync(this.#path(folder), { recursive: true });
    }
  }

  #configuration(port: number): string {
    return `data_dir: ${this.#path("var/lib/dotm")}
web: { listen: "127.0.0.1:${port}" }
sources:
  - { name: nagios, type: nagios, config: ${this.#path("etc/nagios4/nagios.cfg")} }
`;
  }

  #tokens(): ReadonlyMap<string, string> {
    mkdirSync(this.#path("var/lib/dotm"), { mode: 0o700, recursive: true });
    const file = this.#path("var/lib/dotm/agent-tokens.json");
    const reporting = shop().hosts.filter(({ agent }) => agent);
    return new Map(reporting.map(({ name }) => [name, addToken(file, name)]));
  }

  async #report(tokens: ReadonlyMap<string, string>): Promise<void> {
    const site = shop();
    for (const host of site.hosts.filter(({ agent }) => agent)) {
      const moment = { now: Date.now() / 1000, sequence: 1, interval: 60, boot: "docs", seed: 1 };
      const answer = await fetch(new URL(REPORT_PATH.slice(1), this.#url), {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          authorization: `Bearer ${tokens.get(host.name)}`,
          [SENT_HEADER]: new Date().toISOString(),
        },
        body: JSON.stringify(agentReport(site, host, moment)),
      });
      if (!answer.ok) {
        throw new Error(`the report of ${host.name}: ${answer.status} ${await answer.text()}`);
      }
    }
  }

  /** All of the shop depends on its database. */
  async #isKnown(): Promise<true | undefined> {
    const answer = await fetch(new URL("api/v1/impact?host=db01&srv=MySQL", this.#url));
    const { summary = "" } = (await answer.json()) as { summary?: string };
    return summary.includes("11 services on 7 hosts") || undefined;
  }

  #environment(): Record<string, string | undefined> {
    return {
      PATH: this.#path("bin"),
      HOME: this.root,
      DOTM_CONFIG: this.#path("etc/dotm/dotm.yaml"),
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      XDG_STATE_HOME: undefined,
    };
  }

  /** Paths of a machine as paths within the folder, the server of the examples as the daemon. */
  #here(text: string): string {
    // A certificate is shown over TLS alone.
    const server = text.includes("--cert-file") ? this.#url.replace("http:", "https:") : this.#url;
    return text
      .replaceAll(
        /(^|[\s"'=:(<>[])(\/(?:etc|usr|var|run|srv|tmp)\/)/gm,
        (_, before, path) => `${before}${this.root}${path}`,
      )
      .replaceAll(/https:\/\/dotm\.example\.net(?::4881|:4880)?(?=\/|\s|$)\/?/g, server);
  }

  #there(text: string): string {
    return text.replaceAll(this.root, "").replaceAll(this.#url, "http://127.0.0.1:4880/");
  }

  #path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(this.#path(path)), { recursive: true });
    writeFileSync(this.#path(path), text);
  }

  #program(name: string, script: string): void {
    writeFileSync(this.#path("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}

/** The shell, and what it started. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGTERM");
  } catch {
    // It ended by itself, which its exit code tells.
  }
}

const mainConfig = (user: string) => `log_file=/var/log/nagios4/nagios.log
cfg_file=/etc/nagios4/objects.cfg
cfg_dir=/etc/nagios4/conf.d
resource_file=/etc/nagios4/resource.cfg
object_cache_file=/var/cache/nagios4/objects.cache
status_file=/var/cache/nagios4/status.dat
status_update_interval=60
check_result_path=/var/lib/nagios4/spool
temp_path=/tmp/
nagios_user=${user}
nagios_group=${user}
`;

/** What `ss -tunapH` and `ip addr` print on app01. */
const CAPTURED = `tcp   LISTEN 0      511               0.0.0.0:8080           0.0.0.0:*     users:(("shop-api",pid=811,fd=19))
tcp   ESTAB  0      0              10.20.0.21:50722       10.20.0.31:3306  users:(("shop-api",pid=811,fd=21))
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.20.0.21/24 brd 10.20.0.255 scope global eth0
`;

/** The least that Nagios takes. */
const OBJECTS = `define command {
  command_name check_ok
  command_line /bin/true
}
define timeperiod {
  timeperiod_name always
  alias always
}
define contact {
  contact_name admin
  host_notification_period always
  service_notification_period always
  host_notification_commands check_ok
  service_notification_commands check_ok
}
define host {
  host_name db01
  address 10.20.0.31
  max_check_attempts 1
  check_command check_ok
  contacts admin
}
define service {
  host_name db01
  service_description MySQL
  check_command check_ok
  max_check_attempts 1
  check_interval 1
  contacts admin
}
`;
