import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Environment, type RunOptions, readOptions } from "../../agent/options.ts";

let folder = "";
let tokenFile = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-options-"));
  tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "dotm_abc\n", { mode: 0o600 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(argv: readonly string[], env: Environment = {}): RunOptions {
  return readOptions(["run", ...argv], { STATE_DIRECTORY: "/state", ...env }) as RunOptions;
}

describe("readOptions", () => {
  it("knows the commands and their defaults", () => {
    expect(readOptions(["once"], {})).toEqual({
      command: "once",
      host: hostname(),
      interval: 60,
      out: undefined,
      print: true,
    });
    expect(readOptions(["once", "--out", "x"], {})).toMatchObject({ out: "x", print: false });
    expect(readOptions(["--help"], {})).toEqual({ command: "help" });
    expect(
      run([
        "--server",
        "https://dotm.example.net:4881",
        "--token-file",
        tokenFile,
        "--host",
        "web01",
        "--interval",
        "30",
      ]),
    ).toEqual({
      command: "run",
      host: "web01",
      interval: 30,
      server: { url: new URL("https://dotm.example.net:4881"), token: "dotm_abc", ca: undefined },
      spool: "/state",
    });
  });

  it("takes the token from a file, a systemd credential or the environment", () => {
    mkdirSync(join(folder, "credentials"));
    writeFileSync(join(folder, "credentials", "token"), "dotm_cred\n", { mode: 0o440 });
    const server = ["--server", "http://127.0.0.1:4880"];
    expect(run(server, { DOTM_AGENT_TOKEN: "dotm_env" }).server.token).toBe("dotm_env");
    expect(
      run(server, { DOTM_AGENT_TOKEN: "dotm_env", CREDENTIALS_DIRECTORY: join(folder, "credentials") }).server.token,
    ).toBe("dotm_cred");
    expect(run([...server, "--token-file", tokenFile], { DOTM_AGENT_TOKEN: "dotm_env" }).server.token).toBe("dotm_abc");
    expect(run(server).server.token).toBeUndefined();
    expect(run([], { DOTM_AGENT_SERVER: "http://[::1]:4880" }).server.url.hostname).toBe("[::1]");
  });

  it.each<[readonly string[], string]>([
    [[], "say once or run"],
    [["serve"], '"serve" is no command'],
    [["once", "twice"], '"twice" is one argument too many'],
    [["once", "--prnt"], "--prnt"],
    [["once", "--server", "http://x"], '--server belongs to "dotm-agent run"'],
    [["run", "--print"], '--print belongs to "dotm-agent once"'],
    [["run"], "no server given"],
    [["run", "--server", "dotm.example.net"], "is no address"],
    [["run", "--server", "ftp://dotm.example.net"], "is no address"],
    [["run", "--server", "https://u:secret@dotm.example.net"], "use --token-file".slice(4)],
    [["run", "--server", "https://x", "--interval", "0"], "--interval 0"],
    [["run", "--server", "https://x", "--interval", "soon"], "--interval soon"],
    [["run", "--server", "https://x", "--host", "a::b"], '"a::b" cannot be the name of a host'],
    [["run", "--server", "https://x", "--host="], '"" cannot be the name of a host'],
    [["run", "--server", "https://x", "--token-file", "/does/not/exist"], "cannot be read: ENOENT"],
    [["run", "--server", "https://x", "--ca-file", "/does/not/exist"], "--ca-file /does/not/exist cannot be read"],
  ])("explains what is wrong with %j", (argv, message) => {
    expect(() => readOptions(argv, {})).toThrow(message);
  });

  it("never shows a password that stands in an address", () => {
    expect(() => readOptions(["run", "--server", "https://u:secret@dotm.example.net"], {})).toThrow(
      /^(?!.*secret).*$/s,
    );
  });

  it("refuses a token that everyone can read or that is none", () => {
    const open = join(folder, "open");
    writeFileSync(open, "dotm_abc");
    chmodSync(open, 0o644);
    expect(() => run(["--server", "https://x", "--token-file", open])).toThrow(`run chmod 600 ${open}`);
    expect(() => run(["--server", "https://x"], { DOTM_AGENT_TOKEN: "a\nb" })).toThrow("copy it again");
    writeFileSync(open, "\n");
    chmodSync(open, 0o600);
    expect(() => run(["--server", "https://x", "--token-file", open])).toThrow("is empty");
  });

  it("sends no token unencrypted to another machine unless told to", () => {
    const env = { DOTM_AGENT_TOKEN: "dotm_env" };
    expect(() => run(["--server", "http://dotm.example.net"], env)).toThrow("unencrypted");
    expect(() => run(["--server", "http://127.0.0.1.example.net"], env)).toThrow("unencrypted");
    expect(run(["--server", "http://dotm.example.net", "--allow-http"], env).server.token).toBe("dotm_env");
    expect(run(["--server", "http://localhost:4880"], env).server.token).toBe("dotm_env");
  });
});
