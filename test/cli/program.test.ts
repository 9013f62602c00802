import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DemoOptions, Running } from "../../src/cli/root.ts";
import type { Interruption } from "../../src/cli/terminal.ts";
import { pageUrl, shellWord } from "../../src/cli/words.ts";
import type { Config } from "../../src/config/config-value.ts";
import { DotmError } from "../../src/errors.ts";
import { dotm } from "./run-command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-cli-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("dotm itself", () => {
  it("prints help and versions on stdout", async () => {
    const help = await dotm(["--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    for (const command of ["impact", "graph", "get", "wait", "serve", "demo", "config"]) {
      expect(help.out).toContain(command);
    }
    expect(await dotm(["-V"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^dotm \d+\.\d+\.\d+ \(Node v\d+/),
    });
    expect((await dotm(["help", "impact"])).out).toContain("--what-if");
  });

  it("takes a missing or mistyped command as a usage error and says which was meant", async () => {
    expect(await dotm([])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage: dotm") });
    const typo = await dotm(["impct", "db01"]);
    expect(typo).toMatchObject({ code: 2, out: "" });
    expect(typo.err).toMatch(/unknown command 'impct'\s+\(Did you mean impact\?\)\s+See: dotm --help/);
    const option = await dotm(["impact", "--exitcode"]);
    expect(option.err).toMatch(/Did you mean --exit-code\?\)\s+See: dotm impact --help/);
    expect((await dotm(["agent", "parse", "--nope"])).err).toContain("See: dotm agent parse --help");
    expect((await dotm(["impact", "a", "b", "c"])).code).toBe(2);
  });

  it("quotes words for the shell, and finds its pages on this machine", () => {
    expect(shellWord("db01")).toBe("db01");
    expect(shellWord("Disk C:\\ it's")).toBe("'Disk C:\\ it'\\''s'");
    expect(pageUrl({ listen: { host: "::", port: 80 }, basePath: "/dotm/" })).toBe("http://[::1]:80/dotm/");
    expect(pageUrl({ listen: { host: "0.0.0.0", port: 4880 }, basePath: "/" })).toBe("http://127.0.0.1:4880/");
  });
});

describe("how much is said", () => {
  it("is with -q nothing beside data, and with -v also what was read and how long it took", async () => {
    const usual = await dotm(["map", "accept", "--all", "--dry-run"]);
    expect(usual.err).not.toBe("");
    expect(await dotm(["map", "accept", "--all", "--dry-run", "-q"])).toEqual({ ...usual, err: "" });
    const more = await dotm(["map", "accept", "--all", "--dry-run", "-v"]);
    expect(more.out).toBe(usual.out);
    expect(more.err.replace(usual.err, "")).toBe(
      "configuration: no file, the defaults hold\nstore: a store of the test\ntook 0.00 s\n",
    );
    expect((await dotm(["get", "nodes", "-q", "-v"])).code).toBe(2);
  });

  it("is the error in any case, and with -vv where it came from", async () => {
    const asked = ["impact", "nobody"];
    const { err } = await dotm([...asked, "-q"]);
    expect(err).toMatch(/^error: /);
    expect((await dotm([...asked, "-vv"])).err).toMatch(/\n {4}at /);
    expect((await dotm(asked)).err).toBe(err);
  });
});

describe("where the store is", () => {
  it("is asked for in plain words where no daemon left word of one", async () => {
    const { code, err } = await dotm(["impact", "db01"], { real: true, cwd: folder });
    expect(code).toBe(4);
    expect(err).toMatch(
      /^error: No DOTM is running here that keeps its own store \(looked for \/nonexistent\/home\/.*store\.json and /,
    );
    expect(err).toContain("Start one (dotm serve)");
  });

  it("is never guessed where a file cannot be understood", async () => {
    writeFileSync(join(folder, "dotm.yaml"), "redis:\n  url: [1]\n");
    const { code, err } = await dotm(["get", "nodes"], { real: true, cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain("dotm.yaml:2:8: redis.url must be text\nSee: dotm config check");
  });
});

describe("dotm config", () => {
  const inFolder = (args: readonly string[], env = {}) => dotm(["config", ...args], { cwd: folder, env });

  it("checks as nagios -v does", async () => {
    writeFileSync(join(folder, "dotm.yaml"), "web:\n  listen: 0.0.0.0:80\nauth: none\n");
    expect(await inFolder(["check"])).toEqual({
      code: 0,
      out: `Read ${folder}/dotm.yaml\n\nTotal Warnings: 1\nTotal Errors:   0\n\nThings look okay\n`,
      err: `Warning: ${folder}/dotm.yaml:2:11: everybody who reaches 0.0.0.0:80 can read the whole map (auth: none)\n`,
      closed: 0,
    });
    writeFileSync(join(folder, "dotm.yaml"), "web:\n  lisen: 0.0.0.0:80\n");
    const bad = await inFolder(["check"]);
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining("Total Errors:   1\n") });
    expect(bad.err).toBe(`Error: ${folder}/dotm.yaml:2:3: unknown key \`web.lisen\`; did you mean listen?\n`);
    expect(await inFolder(["check", "--config", "gone.yaml"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("does not exist"),
    });
  });

  it("shows what holds and where it was written, without passwords", async () => {
    writeFileSync(join(folder, "dotm.yaml"), "redis:\n  url: redis://:s3cret@h:1\n");
    const shown = await inFolder(["show"], { DOTM_AGENTS__INTERVAL: "30" });
    expect(shown.out).toContain("url: redis://:***@h:1\n");
    expect(shown.out).toContain("interval: 30\n");
    const origins = await inFolder(["show", "--origin"], { DOTM_AGENTS__INTERVAL: "30" });
    expect(origins.out).toMatch(/^redis\.url +"redis:\/\/:\*\*\*@h:1" +\/.*dotm\.yaml:2:8$/m);
    expect(origins.out).toMatch(/^agents\.interval +30 +environment DOTM_AGENTS__INTERVAL$/m);
    expect(origins.out).toMatch(/^web\.listen +"127\.0\.0\.1:4880" +default$/m);
    expect(shown.out + origins.out).not.toContain("s3cret");
  });

  it("shows of a webhook neither the end of its path nor its query, where chats keep their secret", async () => {
    const target = (url: string) => `notify: { targets: [{ name: c, type: webhook, url: "${url}" }] }\n`;
    writeFileSync(join(folder, "dotm.yaml"), target("https://chat.example.com/services/T0/s3cret?key=s3cret"));
    const [shown, origins] = [await inFolder(["show"]), await inFolder(["show", "--origin"])];
    expect(shown.out).toContain("url: https://chat.example.com/services/T0/***?***\n");
    expect(origins.out).toContain('"https://chat.example.com/services/T0/***?***"');
    writeFileSync(join(folder, "dotm.yaml"), target("https://u:s3cret@chat.example.com/s3cret"));
    const refused = await inFolder(["check"]);
    expect(refused.err).toContain("without user and password");
    expect(shown.out + origins.out + refused.err + refused.out).not.toContain("s3cret");
  });

  it("prints the defaults and the files that are read", async () => {
    expect((await inFolder(["default"])).out).toContain("listen: 127.0.0.1:4880");
    expect(await inFolder(["path"])).toMatchObject({ code: 0, out: "", err: expect.stringContaining("defaults hold") });
    writeFileSync(join(folder, "dotm.yaml"), "");
    expect(await inFolder(["path"])).toMatchObject({ code: 0, out: `${folder}/dotm.yaml\n`, err: "" });
  });
});

function running(stopped: () => void): Running {
  return {
    url: "http://127.0.0.1:4880/",
    dataDir: "/data with blank",
    store: "a private redis-server",
    stop: async () => stopped(),
  };
}

describe("dotm serve", () => {
  it("hands the checked configuration on, flags first, and stops cleanly", async () => {
    const configs: Config[] = [];
    let stopped = 0;
    const startDaemon = async (config: Config) => {
      configs.push(config);
      return running(() => {
        stopped += 1;
      });
    };
    const run = (signal: Interruption) =>
      dotm(["serve", "--listen", "127.0.0.1:0", "--data-dir", "here", "--log-level", "debug"], {
        cwd: folder,
        root: { startDaemon },
        interrupted: async () => signal,
      });
    expect(await run("SIGINT")).toMatchObject({
      code: 130,
      out: "",
      err: expect.stringContaining("DOTM serves http://127.0.0.1:4880/"),
    });
    expect(await run("SIGTERM")).toMatchObject({ code: 0 });
    expect(stopped).toBe(2);
    expect(configs[0]).toMatchObject({
      dataDir: join(folder, "here"),
      web: { listen: { port: 0 } },
      log: { level: "debug" },
    });
  });

  it("starts nothing with a configuration that is wrong", async () => {
    const wrong = await dotm(["serve", "--listen", "0.0.0.0:80"], { cwd: folder });
    expect(wrong).toMatchObject({
      code: 1,
      err: expect.stringContaining("error: --listen: web.listen: 0.0.0.0:80 can be reached"),
    });
  });

  it("reads its configuration again when asked, and keeps what holds where that is wrong", async () => {
    const file = join(folder, "dotm.yaml");
    const started: { config: Config; fault: () => string | null }[] = [];
    let stopped = 0;
    const startDaemon = async (config: Config, fault: () => string | null) => {
      if (config.log.level === "error") {
        throw new Error("no such port");
      }
      started.push({ config, fault });
      return running(() => {
        stopped += 1;
      });
    };
    const texts = ["log: { level: debug }", "log: { levle: warn }", "log: { level: error }", "log: { level: warn }"];
    writeFileSync(file, "log: { level: info }");
    let end: (signal: Interruption) => void = () => undefined;
    const interrupted = new Promise<Interruption>((resolve) => {
      end = resolve;
    });
    const faults: (string | null)[] = [];
    const reloadAsked = async () => {
      faults.push(started.at(-1)?.fault() ?? null);
      const text = texts.shift();
      if (text === undefined) {
        end("SIGTERM");
        return new Promise<never>(() => {});
      }
      writeFileSync(file, text);
      return "SIGHUP" as const;
    };
    const { code, err } = await dotm(["serve"], {
      ...{ cwd: folder, root: { startDaemon }, reloadAsked, interrupted: () => interrupted },
      env: { DOTM_AUDIT__FILE: join(folder, "audit.log") },
    });
    expect(code).toBe(0);
    const noted = readFileSync(join(folder, "audit.log"), "utf8").trimEnd().split("\n");
    const entries = noted.map((line) => JSON.parse(line) as { result: string; how: string; reason: string | null });
    expect(entries.map(({ result }) => result)).toEqual(["done", "failed", "done", "failed", "done"]);
    expect(entries.map(({ how }) => how)).toEqual(Array.from({ length: 5 }, () => "signal"));
    expect(entries[3]?.reason).toContain("no such port");
    expect(started.map(({ config }) => config.log.level)).toEqual(["info", "debug", "debug", "warn"]);
    expect(stopped).toBe(4);
    expect(faults).toEqual([null, null, expect.stringContaining("levle"), null, null]);
    expect(err).toContain("Not reloaded: what is written by now is wrong");
    expect(err).toContain("Not reloaded, as DOTM cannot start so: no such port");
  });

  it("tells why it could not start or why it ended", async () => {
    const locked = new DotmError("DOTM_LOCKED", "Another DOTM (pid 7) uses /data.", "Stop it first.");
    const refused = await dotm(["serve"], { cwd: folder, root: { startDaemon: () => Promise.reject(locked) } });
    expect(refused).toMatchObject({ code: 1, err: "error: Another DOTM (pid 7) uses /data.\nStop it first.\n" });
    const ended = Promise.reject(new DotmError("DOTM_STORE_FAILED", "The store is gone."));
    ended.catch(() => undefined);
    let stopped = false;
    const root = { startDaemon: async () => ({ ...running(() => (stopped = true)), ended }) };
    expect(await dotm(["serve"], { cwd: folder, root })).toMatchObject({
      code: 1,
      err: expect.stringContaining("The store is gone."),
    });
    expect(stopped).toBe(true);
  });
});

describe("dotm demo", () => {
  async function demo(...args: string[]) {
    const asked: DemoOptions[] = [];
    const startDemo = async (options: DemoOptions) => {
      asked.push(options);
      return running(() => {});
    };
    const outcome = await dotm(["demo", ...args], { root: { startDemo }, interrupted: async () => "SIGINT" });
    return { ...outcome, asked: asked[0] };
  }

  it("prints its address, three commands that can be pasted, and where its data lies", async () => {
    const { code, out, asked } = await demo();
    expect(code).toBe(130);
    expect(asked).toEqual({ kind: "site", nagiosConfig: null, port: null, dataDir: null });
    expect(out).toContain("Open http://127.0.0.1:4880/\n");
    const commands = out.split("\n").filter((line) => line.startsWith("  dotm "));
    expect(commands).toEqual([
      "  dotm impact db01 MySQL --data-dir '/data with blank'",
      "  dotm impact cache01 Redis -o tree --data-dir '/data with blank'",
      "  dotm get alerts --data-dir '/data with blank'",
    ]);
    expect(out).toContain("Data: /data with blank\nStore: a private redis-server\nCtrl-C ends it.\n");
  });

  it("maps this machine, or a real Nagios", async () => {
    const local = await demo("--local", "--port", "0");
    expect(local.asked).toMatchObject({ kind: "local", port: 0 });
    expect(local.out).toMatch(/dotm get connections .*\n.*dotm get services .*\n.*dotm graph \S+ -o mermaid/);
    expect((await demo("--nagios")).asked).toMatchObject({ kind: "nagios", nagiosConfig: null });
    const named = await demo("--nagios", "/etc/nagios4/nagios.cfg", "--data-dir", "/d");
    expect(named.asked).toMatchObject({ kind: "nagios", nagiosConfig: "/etc/nagios4/nagios.cfg", dataDir: "/d" });
    expect(named.out).toContain("get mappings");
    expect((await demo("--local", "--nagios")).code).toBe(2);
    expect((await demo("--port", "high")).code).toBe(2);
  });
});

describe("dotm wait", () => {
  async function answering(statuses: readonly number[]) {
    const left = [...statuses];
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url);
      response.writeHead(left.length > 1 ? (left.shift() ?? 200) : (left[0] ?? 200)).end("not yet");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { port, seen, stop: () => new Promise((resolve) => server.close(resolve)) };
  }

  it("returns when /readyz says yes, at the address of the configuration", async () => {
    const { port, seen, stop } = await answering([503, 200]);
    try {
      const env = { DOTM_WEB__LISTEN: `127.0.0.1:${port}`, DOTM_WEB__BASE_PATH: "/dotm" };
      expect(await dotm(["wait", "--ready"], { cwd: folder, env })).toMatchObject({ code: 0, out: "", err: "" });
      expect(seen).toEqual(["/dotm/readyz", "/dotm/readyz"]);
    } finally {
      await stop();
    }
  });

  it("gives up with what it last heard", async () => {
    const { port, stop } = await answering([503]);
    const waited = await dotm(["wait", "--ready", "--timeout", "0", "--web", `http://127.0.0.1:${port}`]);
    expect(waited).toMatchObject({ code: 1, err: expect.stringContaining("it answers 503: not yet") });
    await stop();
    const nobody = await dotm(["wait", "--ready", "--timeout", "0", "--web", `http://127.0.0.1:${port}`]);
    expect(nobody).toMatchObject({ code: 4, err: expect.stringContaining("ECONNREFUSED") });
    expect((await dotm(["wait"])).code).toBe(2);
  });
});
