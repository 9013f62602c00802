/** `dotm nagios install` over files of a Nagios; what a real one makes of them is seen in test/real/nagios-install.test.ts. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { carryOut, changing, plansText, textAt } from "../../src/cli/setup/file-plan.ts";
import { type NagiosPlace, type NagiosWishes, planNagios, type Shipped } from "../../src/cli/setup/nagios-plan.ts";
import { findNagiosConfigs, lookAtNagios } from "../../src/ingest/find-nagios.ts";
import { ROOT } from "../support/process.ts";

const shipped = (path: string) => readFileSync(join(ROOT, "nagios", path), "utf8");
const SHIPPED: Shipped = {
  templates: shipped("nagios4/dotm-templates.cfg"),
  commands: shipped("nagios4/dotm-commands.cfg"),
  events: shipped("etc/dotm-events.cfg"),
  ssi: shipped("ssi/common-header.ssi"),
  apache: shipped("apache/dotm.conf"),
  nginx: shipped("nginx/dotm.conf"),
  plugin: "check_dotm asks DOTM",
};
const WISHES: NagiosWishes = { pages: "/dotm", api: "http://127.0.0.1:4999", eventHandler: false, uninstall: false };
const MAIN = "cfg_dir=/etc/nagios4/conf.d\nglobal_host_event_handler=mine";

let folder: string;
let place: NagiosPlace;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-install-"));
  mkdirSync(join(folder, "etc"));
  mkdirSync(join(folder, "html"));
  mkdirSync(join(folder, "plugins"));
  place = {
    config: join(folder, "etc/nagios.cfg"),
    htmlPath: join(folder, "html"),
    pluginFolder: join(folder, "plugins"),
    proxy: { kind: "apache", file: join(folder, "dotm.conf") },
  };
  writeFileSync(place.config, MAIN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plan(wishes: Partial<NagiosWishes> = {}) {
  const look = { text: textAt, isProgram: (path: string) => (statSync(path).mode & 0o111) !== 0 };
  const { files, notes } = planNagios(place, { ...WISHES, ...wishes }, SHIPPED, look);
  return { plans: changing(files), notes };
}

function tree(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
      }),
  );
}

describe("dotm nagios install", () => {
  it("shows everything, writes it, and has nothing to do the second time", () => {
    const { plans } = plan();
    expect(plansText(plans)).toContain("+cfg_file=");
    expect(tree()).toEqual({ "etc/nagios.cfg": MAIN });
    carryOut(plans);
    expect(Object.keys(tree()).sort()).toEqual([
      "dotm.conf",
      "etc/dotm-commands.cfg",
      "etc/dotm-templates.cfg",
      "etc/nagios.cfg",
      "html/ssi/common-header.ssi",
      "plugins/check_dotm",
    ]);
    expect(tree()["etc/nagios.cfg"]).toContain(`${MAIN}\n# BEGIN dotm`);
    expect(tree()["html/ssi/common-header.ssi"]).toContain('<script src="/dotm/assets/nagios.js" defer');
    expect(tree()["etc/dotm-templates.cfg"]).toContain("action_url  /dotm/graph?host=$HOSTNAME$&srv=$SERVICEDESC$\n");
    expect(tree()["etc/dotm-commands.cfg"]).toContain("-U 'http://127.0.0.1:4999/'");
    expect(tree()["dotm.conf"]).toContain('"http://127.0.0.1:4999/" flushpackets=on');
    expect(statSync(join(folder, "html/ssi/common-header.ssi")).mode & 0o777).toBe(0o644);
    expect(statSync(join(folder, "plugins/check_dotm")).mode & 0o111).not.toBe(0);
    expect(plan().plans).toEqual([]);
  });

  it("takes everything out again, and what others wrote meanwhile stays", () => {
    carryOut(plan({ eventHandler: true }).plans);
    carryOut(plan({ uninstall: true }).plans);
    expect(tree()).toEqual({ "etc/nagios.cfg": MAIN });

    const theirs = join(folder, "html/ssi/common-header.ssi");
    writeFileSync(theirs, "<p>theirs</p>\n");
    carryOut(plan().plans);
    writeFileSync(theirs, `${readFileSync(theirs, "utf8")}<p>later</p>\n`);
    carryOut(plan({ uninstall: true }).plans);
    expect(tree()).toEqual({ "etc/nagios.cfg": MAIN, "html/ssi/common-header.ssi": "<p>theirs</p>\n<p>later</p>\n" });
  });

  it("leaves event handlers as they are that somebody set, and says so", () => {
    const { plans, notes } = plan({ eventHandler: true });
    carryOut(plans);
    expect(tree()["etc/nagios.cfg"]).toContain(
      "enable_event_handlers=1\nglobal_service_event_handler=dotm-service-event\n",
    );
    expect(tree()["etc/nagios.cfg"]).not.toContain("dotm-host-event");
    expect(notes).toEqual([expect.stringContaining("global_host_event_handler is mine already")]);
    // Without the wish they go again.
    carryOut(plan().plans);
    expect(Object.keys(tree())).not.toContain("etc/dotm-events.cfg");
    expect(tree()["etc/nagios.cfg"]).not.toContain("event_handlers");
  });

  it("touches no header that is a program, nor files of its names that others made", () => {
    mkdirSync(join(folder, "html/ssi"));
    const program = join(folder, "html/ssi/common-header.ssi");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    writeFileSync(join(folder, "etc/dotm-commands.cfg"), "# mine\n");
    writeFileSync(join(folder, "plugins/check_dotm"), "#!/bin/sh\n");
    const { plans, notes } = plan();
    carryOut(plans);
    expect(tree()).toMatchObject({
      "html/ssi/common-header.ssi": "#!/bin/sh\n",
      "etc/dotm-commands.cfg": "# mine\n",
      "plugins/check_dotm": "#!/bin/sh\n",
    });
    expect(tree()["etc/nagios.cfg"]).not.toContain("dotm-commands.cfg");
    expect(notes).toHaveLength(3);
    expect(notes.join("")).toContain('<script src="/dotm/assets/nagios.js"');
  });

  it("changes nothing where one of the files cannot be written", () => {
    const { plans } = plan();
    rmSync(join(folder, "plugins"), { recursive: true });
    writeFileSync(join(folder, "plugins"), "no folder");
    expect(() => carryOut(plans)).toThrow(/Cannot write .*check_dotm/);
    expect(tree()).toEqual({ "etc/nagios.cfg": MAIN, plugins: "no folder" });
    expect(existsSync(join(folder, "html/ssi"))).toBe(false);
  });
});

describe("dotm nagios install, run by root in folders of others", () => {
  const asRoot = it.runIf(process.getuid?.() === 0);
  const OTHER = 65_534;
  const modeOf = (path: string) => statSync(join(folder, path)).mode & 0o7777;
  const header = () => join(folder, "html/ssi/common-header.ssi");

  asRoot("follows no link that somebody else put there, when it looks and when it writes", () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "the secret\n", { mode: 0o600 });
    const { plans } = plan();
    mkdirSync(join(folder, "html/ssi"));
    symlinkSync(secret, header());
    lchownSync(header(), OTHER, OTHER);
    expect(() => plan()).toThrow(/symbolic link that user 65534 has made/);
    expect(() => carryOut(plans)).toThrow(/symbolic link/);
    expect(readFileSync(secret, "utf8")).toBe("the secret\n");
    expect(tree()["etc/nagios.cfg"]).toBe(MAIN);
  });

  it("follows a link of its own, which stays one", () => {
    const real = join(folder, "real.cfg");
    renameSync(place.config, real);
    symlinkSync(real, place.config);
    carryOut(plan().plans);
    expect(lstatSync(place.config).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toContain("cfg_file=");
    expect(plan().plans).toEqual([]);
  });

  it("replaces what it has looked at and nothing else, and leaves what was changed since when it undoes", () => {
    const { plans } = plan();
    writeFileSync(place.config, "cfg_file=/etc/other.cfg\n");
    expect(() => carryOut(plans)).toThrow(/somebody else has changed it/);
    expect(tree()).toEqual({ "etc/nagios.cfg": "cfg_file=/etc/other.cfg\n" });

    const undo = carryOut(plan().plans);
    writeFileSync(place.config, "new\n");
    expect(undo()).toEqual([place.config]);
    expect(tree()).toEqual({ "etc/nagios.cfg": "new\n" });
  });

  it("waits for nobody who writes into a pipe in the place of a file", () => {
    execFileSync("mkfifo", [join(folder, "etc/dotm-commands.cfg")]);
    expect(() => plan()).toThrow(/no plain file/);
  });

  it("leaves files that Nagios and the web server can read whatever the umask, and no rights beyond those there were", () => {
    const umask = process.umask(0o077);
    try {
      chmodSync(place.config, 0o664);
      carryOut(plan().plans);
    } finally {
      process.umask(umask);
    }
    expect(modeOf("etc/nagios.cfg")).toBe(0o664);
    expect(modeOf("etc/dotm-commands.cfg")).toBe(0o644);
    expect(modeOf("html/ssi")).toBe(0o755);
    expect(modeOf("plugins/check_dotm")).toBe(0o755);
    chmodSync(join(folder, "plugins/check_dotm"), 0o4755);
    writeFileSync(join(folder, "plugins/check_dotm"), "check_dotm asks DOTM, an older one", { mode: 0o4755 });
    carryOut(plan().plans);
    expect(modeOf("plugins/check_dotm")).toBe(0o755);
  });

  it("keeps bytes that are no UTF-8", () => {
    const before = Buffer.from("# Prüfung\ncfg_dir=/etc/nagios4/conf.d\n", "latin1");
    writeFileSync(place.config, before);
    carryOut(plan().plans);
    expect(readFileSync(place.config).subarray(0, before.length)).toEqual(before);
    carryOut(plan({ uninstall: true }).plans);
    expect(readFileSync(place.config)).toEqual(before);
  });

  it("names Nagios no file that is not there, wherever it is broken off", () => {
    const missing = () =>
      [...(tree()["etc/nagios.cfg"] ?? "").matchAll(/^cfg_file=(.*)$/gm)].filter(([, path = ""]) => !existsSync(path));
    const stepByStep = (plans: Parameters<typeof carryOut>[0]) => {
      for (const step of plans) {
        carryOut([step]);
        expect(missing()).toEqual([]);
      }
    };
    stepByStep(plan({ eventHandler: true }).plans);
    stepByStep(plan().plans);
    stepByStep(plan({ uninstall: true }).plans);
    expect(tree()).toEqual({ "etc/nagios.cfg": MAIN });
  });
});

describe("the search for a Nagios", () => {
  it("finds that of a running daemon first, then those at known places", () => {
    const proc = join(folder, "proc");
    mkdirSync(join(proc, "17"), { recursive: true });
    mkdirSync(join(proc, "self"));
    writeFileSync(join(proc, "17/cmdline"), `/usr/sbin/nagios4\0-d\0${place.config}\0`);
    const known = join(folder, "etc/other.cfg");
    writeFileSync(known, "");
    expect(findNagiosConfigs({ proc, configs: [known, "/nonexistent/nagios.cfg"] })).toEqual([place.config, known]);
    expect(findNagiosConfigs({ proc: "/nonexistent", configs: [] })).toEqual([]);
  });

  it("reads where its pages and plugins are", () => {
    writeFileSync(place.config, "resource_file=resource.cfg\nstatus_file=/var/status.dat\n");
    writeFileSync(join(folder, "etc/resource.cfg"), "# $USER1$=/no\n$USER1$=/usr/lib/nagios/plugins\n");
    writeFileSync(join(folder, "etc/cgi.cfg"), "physical_html_path=/usr/share/nagios4/htdocs\n");
    expect(lookAtNagios(place.config)).toEqual({
      config: place.config,
      htmlPath: "/usr/share/nagios4/htdocs",
      pluginFolder: "/usr/lib/nagios/plugins",
      statusFile: "/var/status.dat",
      logFile: null,
    });
    expect(lookAtNagios("/nonexistent/nagios.cfg")).toMatchObject({ htmlPath: null, pluginFolder: null });
  });
});
