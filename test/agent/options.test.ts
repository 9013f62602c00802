import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../agent/given-files.ts";
import { type InstallOptions, type RunOptions, readOptions, type ServeOptions } from "../../agent/options.ts";

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
    [[], "say once, run, serve or install"],
    [["server"], '"server" is no command'],
    [["once", "twice"], '"twice" is one argument too many'],
    [["once", "--prnt"], "--prnt"],
    [["once", "--server", "http://x"], '--server belongs to "dotm-agent run or install"'],
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
    [["serve", "--listen", "4849x"], "--listen 4849x: write it like 127.0.0.1:4849"],
    [["serve", "--listen", "localhost:4849"], "write it like 127.0.0.1:4849"],
    [["serve", "--listen", "0.0.0.0:4849"], "everybody could read the report; add --token-file"],
    [["serve", "--cert-file", "/x"], "belong together"],
    [["run", "--server", "https://x", "--key-file", "/x"], "belong together"],
    [["serve", "--original", "0.0.0.0:4848"], "say with --allow which addresses may ask"],
    [["serve", "--allow", "10.0.0.1"], "--original, which is not given"],
    [["serve", "--original", "4848", "--allow", "10.0.0.0/33"], "10.0.0.0/33: write an address or a network"],
    [["serve", "--server", "https://x"], '--server belongs to "dotm-agent run or install"'],
    [["install", "--server", "https://x", "--level", "3"], "--level 3: there are 0, 1 and 2"],
    [["install"], "no server given"],
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

  it("shows a certificate of its own over TLS only; the key may be what systemd hands it", () => {
    const files = ["--cert-file", tokenFile, "--key-file", tokenFile];
    const own = { cert: "dotm_abc\n", key: "dotm_abc\n" };
    expect(run(["--server", "https://x", ...files]).server.own).toEqual(own);
    expect(() => run(["--server", "http://localhost:4880", ...files])).toThrow("over TLS only");
    writeFileSync(join(folder, "key"), "dotm_abc\n", { mode: 0o600 });
    const env = { CREDENTIALS_DIRECTORY: folder };
    expect(run(["--server", "https://x", "--cert-file", tokenFile], env).server.own).toEqual(own);
  });

  it("serves on loopback by itself, and elsewhere with a token and a certificate", () => {
    const serve = (...argv: string[]) => readOptions(["serve", ...argv], {}) as ServeOptions;
    expect(serve()).toMatchObject({ listen: { address: "127.0.0.1", port: 4849 }, token: undefined, tls: undefined });
    expect(serve("--listen", "[::1]:0").listen).toEqual({ address: "::1", port: 0 });
    const token = ["--listen", "0.0.0.0:4849", "--token-file", tokenFile];
    expect(() => serve(...token)).toThrow("unencrypted");
    expect(serve(...token, "--allow-http").token).toBe("dotm_abc");
    const files = ["--cert-file", tokenFile, "--key-file", tokenFile];
    expect(serve(...token, ...files).tls).toEqual({ cert: "dotm_abc\n", key: "dotm_abc\n" });
    const { original } = serve("--original", "0.0.0.0:4848", "--allow", "10.0.0.0/24,2001:db8::1");
    expect(original?.port).toBe(4848);
    const allowed = ["10.0.0.7", "10.0.1.7"].map((address) => original?.allow.check(address));
    expect([...allowed, original?.allow.check("2001:db8::1", "ipv6")]).toEqual([true, false, true]);
  });

  it("installs what run would be told", () => {
    const installed = readOptions(
      ["install", "--server", "https://x", "--host", "web01", "--token-file", tokenFile, "--level", "2"],
      {},
    ) as InstallOptions;
    expect(installed).toMatchObject({
      level: 2,
      root: "/",
      tokenFile,
      run: ["--server", "https://x/", "--host", "web01"],
    });
  });
});
