import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultConfigText } from "../src/config/default-text.ts";
import { placeText } from "../src/config/place.ts";
import { configJsonSchema, type JsonSchema } from "../src/config/schema.ts";
import type { Surroundings } from "../src/config/search.ts";
import { readStoreHint } from "../src/config/store-hint.ts";
import { parseYamlFile } from "../src/config/yaml-file.ts";
import { configFrom, configOrigins, loadConfig, readConfig } from "../src/config.ts";

let folder: string;
let around: Surroundings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-config-"));
  for (const name of ["cwd", "home", "etc/conf.d"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  around = {
    env: {},
    cwd: join(folder, "cwd"),
    home: join(folder, "home"),
    root: false,
    systemFolder: join(folder, "etc"),
    systemData: join(folder, "var"),
  };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return file;
}

function problems(text: string, env: Record<string, string> = {}): string[] {
  write("cwd/dotm.yaml", text);
  const reading = readConfig({}, { ...around, env });
  return reading.problems.map(({ place, text: what }) => `${placeText(place).replace(`${folder}/cwd/`, "")}: ${what}`);
}

it.runIf(process.getuid?.() === 0)(
  "is not what another user left in the working directory, unless who called sudo did",
  () => {
    const file = write("cwd/dotm.yaml", "data_dir: /evil\n");
    chownSync(file, 65_534, 65_534);
    expect(() => loadConfig({}, around)).toThrow(/belongs to user 65534/);
    expect(loadConfig({ file }, around).dataDir).toBe("/evil");
    expect(loadConfig({}, { ...around, env: { SUDO_UID: "65534" } }).dataDir).toBe("/evil");
  },
);

describe("defaults", () => {
  it("hold where nothing is written", () => {
    const config = loadConfig({}, around);
    expect(config).toMatchObject({
      dataDir: join(folder, "home/.local/share/dotm"),
      redis: { url: null, password: null },
      web: {
        listen: { host: "127.0.0.1", port: 4880 },
        basePath: "/",
        frameAncestors: [],
        corsOrigins: [],
        geoDatabase: null,
      },
      sources: [],
      agents: { auth: "token", interval: 60, spoolDir: null, pull: [] },
      auth: { read: "everybody", htpasswd: null, proxy: null },
      log: { level: "info" },
    });
    expect(Object.isFrozen(config.web.listen)).toBe(true);
  });

  it("put the data where systemd says, then where a package keeps it, then in the home", () => {
    const dirOf = (more: Partial<Surroundings>) => loadConfig({}, { ...around, ...more }).dataDir;
    expect(dirOf({ env: { STATE_DIRECTORY: "/var/lib/one:/var/lib/two" } })).toBe("/var/lib/one");
    expect(dirOf({ root: true })).toBe(join(folder, "home/.local/share/dotm"));
    mkdirSync(join(folder, "var"));
    expect(dirOf({ root: true })).toBe(join(folder, "var"));
    expect(dirOf({ root: false, env: { XDG_DATA_HOME: "/data" } })).toBe("/data/dotm");
  });

  it("are printed by `config default`, every key of the schema among them, and mean nothing new", () => {
    const text = defaultConfigText();
    write("cwd/dotm.yaml", text);
    expect(loadConfig({}, around)).toEqual(loadConfig({}, { ...around, cwd: folder }));
    for (const key of keysOf(configJsonSchema())) {
      expect(text).toContain(`${key}:`);
    }
  });

  it("have examples that pass their own check when the comment signs go", () => {
    // "# " begins prose, "#" with anything else behind it an example.
    const all = defaultConfigText().replace(/^(\s*)#(?! \S)/gm, "$1");
    // There is one store, of the three ways to name one.
    const uncommented = all.replace(/^ {2}(?:sentinel|cluster):\n(?: {4}.*\n)+/gm, "");
    write("etc/redis.password", "x");
    write("etc/proxy.secret", "x");
    const value = uncommented.replaceAll(/\/etc\/dotm\/(redis\.password|proxy\.secret)/g, join(folder, "etc/$1"));
    write("cwd/dotm.yaml", value);
    const reading = readConfig({}, around);
    expect(reading.problems.map((problem) => problem.text)).toEqual([]);
    expect(reading.config?.topology.groups[0]?.operator).toEqual({ kind: "min", count: 2 });
    expect(reading.config?.sources[0]).toMatchObject({ type: "nagios" });
  });
});

function keysOf(schema: JsonSchema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, below]) => [key, ...keysOf(below)]);
}

describe("the search", () => {
  const level = (value: string) => `log: { level: ${value} }\n`;

  it("takes --config before $DOTM_CONFIG before ./dotm.yaml before /etc/dotm, and only one of them", () => {
    const effective = (file?: string, env = {}) => loadConfig({ file }, { ...around, env }).log.level;
    write("etc/dotm.yaml", `${level("error")}agents: { interval: 7 }\n`);
    expect(effective()).toBe("error");
    write("cwd/dotm.yaml", level("warn"));
    expect(effective()).toBe("warn");
    expect(loadConfig({}, around).agents.interval).toBe(60);
    write("named.yaml", level("debug"));
    expect(effective(undefined, { DOTM_CONFIG: "../named.yaml" })).toBe("debug");
    write("flag.yaml", level("silent"));
    expect(effective(join(folder, "flag.yaml"), { DOTM_CONFIG: "../named.yaml" })).toBe("silent");
  });

  it("adds conf.d by name to the system's file: later values win, lists grow", () => {
    write("etc/dotm.yaml", `${level("error")}sources:\n  - { name: a, type: nagios, config: /a.cfg }\n`);
    write("etc/conf.d/20.yaml", level("debug"));
    write("etc/conf.d/10.yaml", `${level("warn")}sources:\n  - { name: b, type: nagios, config: b.cfg }\n`);
    write("etc/conf.d/ignored.yaml.bak", "nonsense: [");
    const config = loadConfig({}, around);
    expect(config.log.level).toBe("debug");
    expect(config.sources).toEqual([
      { name: "a", site: null, type: "nagios", config: "/a.cfg", eventPipe: null },
      { name: "b", site: null, type: "nagios", config: join(folder, "etc/conf.d/b.cfg"), eventPipe: null },
    ]);
  });

  it("refuses a named file that is not there, naming who named it", () => {
    expect(() => loadConfig({ file: "gone.yaml" }, around)).toThrow(
      /cwd\/gone\.yaml \(named by --config\) does not exist/,
    );
    expect(() => loadConfig({}, { ...around, env: { DOTM_CONFIG: "gone.yaml" } })).toThrow(/named by \$DOTM_CONFIG/);
  });
});

describe("precedence", () => {
  it("is flag, environment, file, default, and the origin of each value is told", () => {
    const file = write(
      "cwd/dotm.yaml",
      "redis:\n  url: redis://file:1\nagents:\n  interval: 30\nlog:\n  level: warn\n",
    );
    const env = { DOTM_REDIS__URL: "redis://env:2", DOTM_LOG__LEVEL: "error", DOTM_UNRELATED: "x" };
    const flags = [{ path: "log.level", flag: "--log-level", value: "debug" }];
    const reading = readConfig({ flags }, { ...around, env });
    expect(reading.config).toMatchObject({
      redis: { url: "redis://env:2" },
      agents: { interval: 30 },
      log: { level: "debug" },
    });
    const origins = new Map(configOrigins(reading).map((origin) => [origin.path, origin.origin]));
    expect(origins.get("redis.url")).toBe("environment DOTM_REDIS__URL");
    expect(origins.get("agents.interval")).toBe(`${file}:4:13`);
    expect(origins.get("log.level")).toBe("--log-level");
    expect(origins.get("web.listen")).toBe("default");
  });

  it("reads lists and whole sources from the environment as YAML", () => {
    const env = {
      DOTM_WEB__FRAME_ANCESTORS: "[https://icinga.example.com]",
      DOTM_SOURCES__: "",
      DOTM_DATA_DIR: "data",
    };
    const config = loadConfig({}, { ...around, env });
    expect(config.web.frameAncestors).toEqual(["https://icinga.example.com"]);
    expect(config.dataDir).toBe(join(folder, "cwd/data"));
  });

  it("takes an empty section as if it had not been written", () => {
    write("cwd/dotm.yaml", "web:\nredis: ~\nsources:\n");
    expect(loadConfig({}, around).web.listen.port).toBe(4880);
  });
});

describe("complaints", () => {
  it("name file, line and column of unknown keys, with the key that was meant", () => {
    expect(problems("redis:\n  ulr: redis://h\n")).toEqual([
      "dotm.yaml:2:3: unknown key `redis.ulr`; did you mean url?",
    ]);
    expect(problems("history:\n  interval: 60\n")).toEqual([
      "dotm.yaml:2:3: unknown key `history.interval`; there is nothing to set here: Snapshots are tuned while DOTM runs, by the setting history: dotm settings set history interval 3600",
    ]);
    expect(problems("wbe:\n  listen: x\n")).toEqual(["dotm.yaml:1:1: unknown key `wbe`; did you mean web?"]);
    expect(problems("log:\n  xyzzy: 1\n")).toEqual([
      "dotm.yaml:2:3: unknown key `log.xyzzy`; known here: level, format",
    ]);
    const source = "sources:\n  - name: a\n    type: status-file\n    status_fle: /x\n";
    expect(problems(source)).toEqual([
      "dotm.yaml:2:5: sources[0].status_file: missing; must be text",
      "dotm.yaml:4:5: unknown key `sources[0].status_fle`; did you mean status_file?",
    ]);
  });

  it("name the place of bad values and what would be good", () => {
    expect(problems("agents:\n  auth: tokne\n")).toEqual([
      'dotm.yaml:2:9: agents.auth: must be one of token, none, not "tokne"; did you mean token?',
    ]);
    expect(problems("agents:\n  interval: soon\n")).toEqual([
      'dotm.yaml:2:13: agents.interval: must be a number, not "soon"',
    ]);
    expect(problems("agents: { interval: 1 }\n")).toEqual([
      "dotm.yaml:1:21: agents.interval: must be at least 5, not 1",
    ]);
    expect(problems("web: 4880\n")).toEqual(["dotm.yaml:1:6: web: must be a mapping (`key: value` lines), not 4880"]);
    expect(problems("sources: {}\n")).toEqual([
      "dotm.yaml:1:10: sources: must be a list (lines beginning with `- `), not a mapping",
    ]);
    expect(problems("sources:\n  - { name: n, type: nagos }\n")).toEqual([
      expect.stringMatching(
        /^dotm\.yaml:2:22: sources\[0\]\.type: must be one of status-file, nagios.*, not "nagos"; did you mean nagios\?$/,
      ),
    ]);
    expect(problems("web:\n  listen: 127.0.0.1\n")[0]).toMatch(/^dotm\.yaml:2:11: web\.listen: must be ADDRESS:PORT/);
    expect(problems("web:\n  listen: 127.0.0.1:99999\n")[0]).toMatch(/the port must not be above 65535/);
    expect(problems("topology:\n  exclude: [a b c]\n")[0]).toMatch(
      /^dotm\.yaml:2:13: topology\.exclude\[0\]: must be HOST:PORT/,
    );
  });

  it("name the variable or flag where the value came from one", () => {
    expect(problems("", { DOTM_REDIS__ULR: "x" })).toEqual([
      "environment DOTM_REDIS__ULR: unknown key `redis.ulr`; did you mean url?",
    ]);
    const flags = [{ path: "web.listen", flag: "--listen", value: "nowhere" }];
    expect(readConfig({ flags }, around).problems.map(({ place }) => placeText(place))).toEqual(["--listen"]);
  });

  it("tell what is not YAML, twice-written keys included", () => {
    expect(problems("web:\n  listen: [\n")[0]).toMatch(/^dotm\.yaml:\d+:\d+: not YAML: /);
    expect(problems("log: {}\nlog: {}\n")[0]).toMatch(/^dotm\.yaml:2:1: not YAML: .*unique/);
    expect(problems("- a\n- b\n")).toEqual(["dotm.yaml:1:1: the file must hold `key: value` lines"]);
    expect(() => loadConfig({}, around)).toThrow(/dotm\.yaml:1:1/);
  });

  it("name every problem at once", () => {
    expect(problems("a: 1\nb: 2\nlog: { level: loud }\n")).toHaveLength(3);
  });

  it("survive aliases that multiply and keys of objects' innards", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
    for (let level = 1; level < 9; level += 1) {
      bomb.push(
        `b${level}: &b${level} [${Array(10)
          .fill(level === 1 ? "*a" : `*b${level - 1}`)
          .join(",")}]`,
      );
    }
    expect(problems(bomb.join("\n")).join()).toMatch(/multiplies itself/);
    expect(problems("__proto__: { polluted: true }\nconstructor: 1\n")).toHaveLength(2);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("are found at once in a file of many aliases, each meaning the last of its name before it", () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `- &b${at} ${at}\n- *b${at}\n`);
    const started = process.cpuUsage();
    expect(problems(`x:\n${rows.join("")}`)).toHaveLength(1);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(8);
    write("cwd/dotm.yaml", "web: { hosts: [&a one, *a, &a two, *a] }\n");
    expect(loadConfig({}, around).web.hosts).toEqual(["one", "one", "two", "two"]);
  });

  it("tell of a variable that holds itself what should be there", () => {
    const env = { DOTM_WEB__LISTEN: "&a [*a]" };
    expect(() => loadConfig({}, { ...around, env })).toThrow(/DOTM_WEB__LISTEN: web\.listen: must be ADDRESS:PORT/);
  });

  it("never throw, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(..."ab:-[]{}&*!|>'\"#\n \t?,<") })),
        (text) => {
          const { value } = parseYamlFile(text, "dotm.yaml");
          expect(value.kind).toBe("map");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("targets of notify", () => {
  const target = (text: string) => `notify:\n  targets:\n    - { name: n, ${text} }\n`;

  it("are none by default, and each kind is handed down with its files and secrets", () => {
    expect(configFrom({}, around).notify).toEqual({ base: "", host: null, interval: 60, ttl: 300, targets: [] });
    const token = write("token", "s3cret\n");
    const { notify } = configFrom(
      {
        notify: {
          url: "https://dotm.example.com/dotm",
          targets: [
            { name: "a", type: "nagios", command_file: "/n.cmd" },
            { name: "b", type: "nrdp", url: "https://mon/nrdp/", token_file: token, site: "north" },
            { name: "c", type: "nsca", host: "mon01" },
            { name: "d", type: "icinga2", url: "https://mon:5665", user: "dotm", password_file: token },
            { name: "e", type: "webhook", url: "https://chat/hook?x=1", token_file: token },
          ],
        },
      },
      around,
    );
    expect(notify.base).toBe("https://dotm.example.com/dotm/");
    expect(notify.targets).toMatchObject([
      { type: "nagios", commandFile: "/n.cmd", site: null },
      { type: "nrdp", site: "north", caFile: null },
      { type: "nsca", port: 5_667, command: "send_nsca", configFile: null },
      { type: "icinga2", user: "dotm" },
      { type: "webhook" },
    ]);
    expect(JSON.stringify(notify)).not.toContain("s3cret");
  });

  it("are refused where one is named twice, half known, or would let results grow stale between two writings", () => {
    const nagios = "type: nagios, command_file: /n.cmd";
    expect(problems(`${target(nagios)}    - { name: n, ${nagios} }\n`)[0]).toContain("another target is called n, too");
    expect(problems(target("type: icinga2, url: 'https://h', cert_file: /c"))[0]).toContain("belong together");
    expect(problems(target("type: icinga2, url: 'https://u:p@h'"))[0]).toContain("without user and password");
    expect(problems(`notify: { interval: 60, ttl: 90 }\n`)[0]).toContain("notify.ttl: must be twice notify.interval");
  });
});

describe("an open door", () => {
  it.each(["0.0.0.0:4880", "[::]:4880", "10.0.0.1:80", "dotm.example.com:80"])(
    "is refused without a word on who may read: %s",
    (listen) => {
      expect(problems(`web:\n  listen: "${listen}"\n`)[0]).toMatch(/^dotm\.yaml:2:11: web\.listen: .*auth: none/);
      expect(problems(`web:\n  listen: "${listen}"\nauth: none\n`)).toEqual([]);
      const { warnings } = readConfig({}, around);
      expect(warnings.map((warning) => warning.text).join()).toContain("can read the whole map");
    },
  );

  it.each(["127.0.0.1:1", "127.8.9.1:0", "localhost:4880", "[::1]:4880"])("is not meant by loopback: %s", (listen) => {
    expect(problems(`web:\n  listen: "${listen}"\n`)).toEqual([]);
  });
});

describe("sources", () => {
  it("find objects.cache beside status.dat unless told otherwise, and start from the file's own folder", () => {
    write(
      "cwd/dotm.yaml",
      "sources:\n  - { name: a, type: status-file, status_file: var/status.dat }\n  - { name: b, type: status-file, status_file: /s, objects_file: ~/o, log_file: l }\n",
    );
    expect(loadConfig({}, around).sources).toEqual([
      {
        name: "a",
        site: null,
        type: "status-file",
        updateInterval: 10,
        intervalLength: 60,
        statusFile: join(folder, "cwd/var/status.dat"),
        objectsFile: join(folder, "cwd/var/objects.cache"),
        logFile: null,
        eventPipe: null,
      },
      {
        name: "b",
        site: null,
        type: "status-file",
        updateInterval: 10,
        intervalLength: 60,
        statusFile: "/s",
        objectsFile: join(folder, "home/o"),
        logFile: join(folder, "cwd/l"),
        eventPipe: null,
      },
    ]);
  });

  it("of Icinga 2 bring a login: a password or a certificate", () => {
    const icinga = (more: string) => `sources:\n  - { name: i, type: icinga2, url: "https://icinga:5665"${more} }\n`;
    write("etc/icinga.password", "s3cret\n", 0o640);
    write(
      "cwd/dotm.yaml",
      icinga(", user: dotm, password_file: ../etc/icinga.password, ca_file: ca.crt, servername: icinga2"),
    );
    const { config } = readConfig({}, around);
    expect(config?.sources[0]).toMatchObject({
      ...{ type: "icinga2", url: "https://icinga:5665", user: "dotm", queue: "dotm", certFile: null, keyFile: null },
      ...{ caFile: join(folder, "cwd/ca.crt"), servername: "icinga2" },
    });
    expect(`${JSON.stringify(config)} ${inspect(config, { depth: 9 })}`).not.toContain("s3cret");
    expect(problems(icinga(", cert_file: c, key_file: k"))).toEqual([]);
    expect(problems(icinga(""))).toEqual([
      "dotm.yaml:2:5: give user and password_file, or cert_file and key_file, to log in with",
    ]);
    expect(problems(icinga(", user: dotm"))[0]).toMatch(/^dotm\.yaml:2:5: user and password_file belong together/);
    expect(problems(icinga(", user: dotm, password_file: nowhere"))[0]).toMatch(/^dotm\.yaml:2:\d+: .*ENOENT/);
    expect(
      problems("sources:\n  - { name: i, type: icinga2, url: http://icinga:5665, user: u, password_file: p }\n"),
    ).toEqual([
      'dotm.yaml:2:36: sources[0].url: must be https://HOST:5665, without user and password, not "http://icinga:5665"',
    ]);
  });

  it("of Livestatus have a socket or an address, and a name to check where they are encrypted", () => {
    const live = (keys: string) => `sources:\n  - { name: l, type: livestatus, ${keys} }\n`;
    const defaults = { name: "l", site: null, type: "livestatus", interval: 2, resync: 300, timeout: 10 };
    write("cwd/dotm.yaml", live("socket: run/live"));
    const place = { kind: "unix", path: join(folder, "cwd/run/live") };
    expect(loadConfig({}, around).sources).toEqual([{ ...defaults, place }]);
    write(
      "cwd/dotm.yaml",
      live('address: "[::1]:6557", tls: true, ca_file: ca.pem, servername: mysite, interval: 0.5'),
    );
    const tls = { caFile: join(folder, "cwd/ca.pem"), servername: "mysite" };
    expect(loadConfig({}, around).sources).toEqual([
      { ...defaults, interval: 0.5, place: { kind: "tcp", host: "::1", port: 6557, tls } },
    ]);
    expect(problems(live("address: mon01:6557"))).toEqual([]);
    expect(problems(live("interval: 1"))[0]).toMatch(/^dotm\.yaml:2:\d+: .*needs either socket or address/);
    expect(problems(live("socket: /s, address: mon01:6557"))[0]).toContain("needs either socket or address");
    expect(problems(live("address: mon01"))[0]).toContain("must be HOST:PORT");
    expect(problems(live("address: mon01:0"))[0]).toContain("the port must be between 1 and 65535");
    expect(problems(live("address: mon01:6557, ca_file: c"))[0]).toContain("mean nothing without `tls: true`");
    expect(problems(live("socket: /s, tls: true"))[0]).toContain("tls needs address");
    expect(problems(live("socket: /s, interval: 0"))[0]).toContain("interval");
  });

  it("show no password that stands in a URL where it must not", () => {
    const [complaint] = problems("sources:\n  - { name: i, type: icinga2, url: https://u:s3cret@icinga:5665 }\n");
    expect(complaint).toContain('not "https://u:***@icinga:5665"');
  });

  it("of CGIs read their password from a file of its own, and refuse addresses that hold one", () => {
    write("cwd/mon.password", "s3cret\n");
    const source = (keys: string) => `sources:\n  - { name: a, type: cgi, ${keys} }\n`;
    write(
      "cwd/dotm.yaml",
      source("url: https://mon/cgi-bin, user: dotm, password_file: mon.password, ca_file: ca.pem"),
    );
    const [read] = loadConfig({}, around).sources;
    expect(read).toMatchObject({
      url: "https://mon/cgi-bin",
      format: "auto",
      user: "dotm",
      interval: 30,
      timezone: null,
    });
    expect(read).toMatchObject({ caFile: join(folder, "cwd/ca.pem"), password: expect.objectContaining({}) });
    expect(inspect(read)).not.toContain("s3cret");
    const folderOfCgis = /^dotm\.yaml:2:32: sources\[0\]\.url: must be the folder of the CGIs/;
    expect(problems(source("url: http://dotm:s3cret@mon/"))[0]).toMatch(folderOfCgis);
    expect(problems(source("url: http://dotm:s3cret@mon/"))[0]).not.toContain("s3cret");
    expect(problems(source("url: http://mon/status.cgi?host=all"))[0]).toMatch(folderOfCgis);
    expect(problems(source("url: http://mon/, user: dotm"))[0]).toMatch(/password_file: must stand together with user/);
    expect(problems(source("url: http://mon/, timezone: Berlin"))[0]).toMatch(/such as Europe\/Berlin/);
  });

  it("are not called as the source that a setting makes", () => {
    write("cwd/dotm.yaml", "sources:\n  - { name: nagios_instance, type: nagios, config: /x }\n");
    expect(() => loadConfig({}, around)).toThrow(/name.*is the source of the setting nagios_instance/s);
  });

  it("take reports over TLS at a port of their own, where address, certificate and key are given together", () => {
    write("cwd/dotm.yaml", 'agents: { listen: "[::]:4881", cert_file: a.crt, key_file: /etc/a.key }\n');
    expect(loadConfig({}, around).agents.listen).toEqual({
      ...{ host: "::", port: 4881, certFile: join(folder, "cwd/a.crt"), keyFile: "/etc/a.key" },
      ...{ clientCaFile: null, clientCrlFile: null },
    });
    write("cwd/dotm.yaml", 'agents: { listen: "[::]:4881", cert_file: a.crt }\n');
    expect(() => loadConfig({}, around)).toThrow(/belong together; key_file is missing/);
    write("cwd/dotm.yaml", "agents: { client_ca_file: a.crt }\n");
    expect(() => loadConfig({}, around)).toThrow(/client_ca_file is for listen/);
  });

  it("serve pages over TLS where certificate and key are given together", () => {
    write("cwd/dotm.yaml", "web: { cert_file: a.crt, key_file: /etc/a.key }\n");
    expect(loadConfig({}, around).web).toMatchObject({
      ...{ hsts: 86_400, tls: { certFile: join(folder, "cwd/a.crt"), keyFile: "/etc/a.key", clientCaFile: null } },
    });
    write("cwd/dotm.yaml", "web: { cert_file: a.crt }\n");
    expect(() => loadConfig({}, around)).toThrow(/web: cert_file and key_file belong together/);
  });

  it("are warned of passwords that would travel in the open", () => {
    const warned = (yaml: string) => {
      write("cwd/dotm.yaml", yaml);
      return readConfig({}, around).warnings.map(({ text }) => text.replace(/;.*/, ""));
    };
    const open = ["tokens and passwords travel unencrypted to 0.0.0.0:4880"];
    expect(warned("web: { listen: '0.0.0.0:4880' }\nauth: { read: known }\n")).toEqual(open);
    expect(
      warned("web: { listen: '0.0.0.0:4880' }\nauth: { read: known, proxy: { addresses: [10.0.0.1] } }\n"),
    ).toEqual([]);
    expect(warned("web: { listen: '127.0.0.1:4880' }\nauth: { read: known }\n")).toEqual([]);
    const tls = "web: { listen: '0.0.0.0:4880', cert_file: a, key_file: b }\nauth: { read: known }\n";
    expect(warned(tls)).toEqual([]);
  });

  it("are refused a restriction that who leaves out their name escapes", () => {
    const restrict = (who: string) => `restrict: [{ who: [${who}], host_groups: [web] }]`;
    write("cwd/dotm.yaml", `auth: { read: everybody, ${restrict("bob")} }\n`);
    expect(() => loadConfig({}, around)).toThrow(/who does not log in sees everything/);
    for (const auth of [`read: known, ${restrict("bob")}`, `read: everybody, ${restrict("bob, '*'")}`]) {
      write("cwd/dotm.yaml", `auth: { ${auth} }\n`);
      expect(loadConfig({}, around).auth.restrict[0]?.hostGroups).toEqual(["web"]);
    }
  });

  it("are warned of ranks of groups that no header tells of, and refused restrictions of such", () => {
    const reading = (auth: string) => {
      write("cwd/dotm.yaml", `auth: { read: known, ${auth} }\n`);
      return readConfig({}, around);
    };
    const proxy = (more: string) => `proxy: { addresses: [10.0.0.1], editors: [ann, "@sysops"], ${more} }`;
    const [warning] = reading(proxy('admins: ["@root"]')).warnings;
    expect([warning?.text, warning && placeText(warning.place)]).toEqual([
      expect.stringMatching(
        /auth\.proxy\.admins: @root makes nobody more than a viewer.*groups_header: X-Forwarded-Groups/,
      ),
      expect.stringMatching(/dotm\.yaml:1:\d+$/),
    ]);
    expect(reading(proxy("")).config?.auth.proxy?.groupsHeader).toBeNull();
    expect(reading(proxy("groups_header: X-Groups")).warnings).toEqual([]);
    expect(reading(proxy("groups_header: X-Groups")).config?.auth.proxy?.groupsHeader).toBe("x-groups");
    const restrict = 'restrict: [{ who: [bob, "@shop"], host_groups: [web] }]';
    for (const auth of [restrict, `${restrict}, ${proxy("")}`]) {
      expect(reading(auth).problems.map(({ text }) => text)).toEqual([expect.stringMatching(/@shop is a group/)]);
    }
    expect(reading(`${restrict}, ${proxy("groups_header: X-Groups")}`).problems).toEqual([]);
  });

  it("say what who sits at this machine may do, and are warned where that may be more than is meant", () => {
    const reading = (yaml: string) => {
      write("cwd/dotm.yaml", yaml);
      const { config, warnings } = readConfig({}, around);
      return [config?.auth.loopback, ...warnings.map(({ text }) => text)];
    };
    expect(reading("auth: none\n")).toEqual(["admin"]);
    expect(reading("auth: { loopback: viewer }\n")).toEqual(["viewer"]);
    expect(reading("auth: { loopback: nobody }\n")).toEqual([null]);
    const named = "web: { hosts: [dotm.example.com] }\n";
    expect(reading(named)).toEqual(["admin", expect.stringMatching(/dotm\.example\.com.*auth\.loopback: nobody/)]);
    expect(reading(`${named}auth: { loopback: admin }\n`)).toEqual(["admin"]);
    expect(reading(`${named}auth: { proxy: { addresses: [127.0.0.1] } }\n`)).toEqual(["admin"]);
    const push = "sources: [{ name: alerts, type: push }]\n";
    expect(reading(`${push}auth: { loopback: editor }\n`)).toEqual(["editor"]);
    expect(reading(`${push}auth: { loopback: nobody }\n`)).toEqual([
      null,
      expect.stringMatching(/nobody may push to alerts/),
    ]);
  });

  it("have different names", () => {
    const twice = "sources:\n  - { name: a, type: nagios, config: /x }\n  - { name: a, type: nagios, config: /y }\n";
    expect(problems(twice)).toEqual([
      "dotm.yaml:3:13: sources[1].name: another source is called a already; each name once",
    ]);
  });
});

describe("roles", () => {
  it("are all of them unless said otherwise, by file, environment or flag", () => {
    expect(loadConfig({}, around).roles).toEqual(["engine", "collector", "worker", "web"]);
    write("cwd/dotm.yaml", "roles: [engine, web, engine]\n");
    expect(loadConfig({}, around).roles).toEqual(["engine", "web"]);
    const env = { DOTM_ROLES: "collector, web", DOTM_REDIS__URL: "redis://db" };
    expect(loadConfig({}, { ...around, env }).roles).toEqual(["collector", "web"]);
    const flags = [{ path: "roles", flag: "--roles", value: ["engine"] }];
    expect(loadConfig({ flags }, { ...around, env }).roles).toEqual(["engine"]);
  });

  it("without engine need the Redis of another process", () => {
    expect(problems("roles: [web]\n")).toEqual([
      "dotm.yaml:1:8: roles: a process that is web must know the Redis of the one that is engine: set redis.url",
    ]);
    expect(problems("roles: [web]\nredis: { cluster: ['a:6379'] }\n")).toEqual([]);
  });
});

describe("secrets", () => {
  it("come from files of their own and are never shown", () => {
    write("etc/redis.password", "s3cret\nsecond line\n", 0o640);
    write("cwd/dotm.yaml", "redis:\n  password_file: ../etc/redis.password\n");
    const { config } = readConfig({}, around);
    expect(config?.redis.password?.reveal()).toBe("s3cret");
    expect(`${JSON.stringify(config)} ${inspect(config, { depth: 9 })} ${config?.redis.password}`).not.toContain(
      "s3cret",
    );
  });

  it("come from systemd's credentials", () => {
    write("etc/redis", "s3cret");
    write("cwd/dotm.yaml", ["redis:\n  password_file: $", "{CREDENTIALS_DIRECTORY}/redis\n"].join(""));
    const env = { CREDENTIALS_DIRECTORY: join(folder, "etc") };
    expect(loadConfig({}, { ...around, env }).redis.password?.reveal()).toBe("s3cret");
  });

  it("are refused where everybody may read them, where they are empty or missing", () => {
    const complaint = () => problems("redis:\n  password_file: ../etc/redis.password\n")[0];
    expect(complaint()).toMatch(/^dotm\.yaml:2:18: .*cannot be read.*ENOENT/);
    write("etc/redis.password", "s3cret", 0o644);
    expect(complaint()).toMatch(/^dotm\.yaml:2:18: Every user of this machine may read/);
    write("etc/redis.password", "\n", 0o600);
    expect(complaint()).toMatch(/is empty/);
  });

  it("in a URL are masked in what is shown and warned of", () => {
    write("cwd/dotm.yaml", "redis: { url: 'redis://:s3cret@h:1' }\n");
    const reading = readConfig({}, around);
    expect(configOrigins(reading).find(({ path }) => path === "redis.url")?.value).toBe("redis://:***@h:1");
    expect(reading.warnings.map((warning) => warning.text).join()).toContain("redis.password_file");
  });
});

describe("a configuration made of values", () => {
  it("passes the same check", () => {
    expect(configFrom({ data_dir: "/d", web: { listen: "127.0.0.1:0" } }, around)).toMatchObject({
      dataDir: "/d",
      web: { listen: { port: 0 } },
    });
    expect(() => configFrom({ web: { lisen: "x" } }, around)).toThrow(/did you mean listen/);
  });
});

describe("the hint for readers", () => {
  const hint = (flags: Parameters<typeof readStoreHint>[0] = {}, env = {}) => readStoreHint(flags, { ...around, env });

  it("agrees with the whole configuration", async () => {
    write(
      "cwd/dotm.yaml",
      "data_dir: data\nredis:\n  url: redis://h:1\n  username: u\n  ca_file: ca.pem\nnonsense: 1\n",
    );
    expect(await hint()).toEqual({
      url: "redis://h:1",
      username: "u",
      passwordFile: null,
      sentinelPasswordFile: null,
      caFile: join(folder, "cwd/ca.pem"),
      auditFile: null,
      dataDir: join(folder, "cwd/data"),
      dataDirNamed: true,
    });
    expect(await hint({}, { DOTM_REDIS__URL: "redis://env:1" })).toMatchObject({ url: "redis://env:1" });
    expect(await hint({ url: "redis://flag:1" }, { DOTM_REDIS__URL: "redis://env:1" })).toMatchObject({
      url: "redis://flag:1",
    });
  });

  it.each([
    ["cluster: ['a:1', '[::1]:2']", "redis-cluster://a:1,[::1]:2"],
    ["sentinel: { name: my master, hosts: ['a:1', b], db: 3 }", "redis-sentinel://a:1,b/my%20master/3"],
    ["sentinel: { name: m, hosts: [a] }\n  ca_file: /ca.pem", "rediss-sentinel://a/m"],
  ])("agrees with it on %s", async (written, url) => {
    write("cwd/dotm.yaml", `redis:\n  ${written}\n`);
    expect(await hint()).toMatchObject({ url });
    expect(loadConfig({}, around).redis.url).toBe(url);
  });

  it("agrees with it on the password of the sentinels", async () => {
    write("cwd/sentinel.password", "for-sentinels\n");
    chmodSync(join(folder, "cwd/sentinel.password"), 0o600);
    write("cwd/dotm.yaml", "redis:\n  sentinel: { name: m, hosts: [a], password_file: sentinel.password }\n");
    expect(await hint()).toMatchObject({ sentinelPasswordFile: join(folder, "cwd/sentinel.password") });
    expect(loadConfig({}, around).redis.sentinelPassword?.reveal()).toBe("for-sentinels");
  });

  it("is of one store", () => {
    write("cwd/dotm.yaml", "redis:\n  url: redis://h:1\n  cluster: ['a:1']\n");
    expect(() => loadConfig({}, around)).toThrow("url and cluster exclude each other");
  });

  it("goes to the store in a data folder that was named", async () => {
    write("cwd/dotm.yaml", "redis:\n  url: redis://h:1\n");
    expect(await hint({ dataDir: "here" })).toMatchObject({
      url: null,
      dataDir: join(folder, "cwd/here"),
      dataDirNamed: true,
    });
  });

  it("names the place of what it cannot read", async () => {
    write("cwd/dotm.yaml", "redis:\n  url: 5\n");
    await expect(hint()).rejects.toThrow(/dotm\.yaml:2:8: redis\.url must be text/);
    write("cwd/dotm.yaml", "redis: [\n");
    await expect(hint()).rejects.toThrow(/not YAML/);
  });
});
