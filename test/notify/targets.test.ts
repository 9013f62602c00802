import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PassiveResult } from "../../nagios/passive-result.ts";
import { Secret } from "../../src/config/secret.ts";
import { commandPipe } from "../../src/notify/command-pipe.ts";
import { nrdp } from "../../src/notify/nrdp.ts";
import { nsca } from "../../src/notify/nsca.ts";
import { webhook } from "../../src/notify/webhook.ts";
import { impact } from "../store/examples.ts";

const RESULT: PassiveResult = {
  ...{ host: "web01", check: "DOTM impact", state: 2, output: "DOTM CRITICAL - hit", details: [], figures: [], at: 5 },
};
const SIGNAL = AbortSignal.timeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-notify-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the command pipe", () => {
  const file = () => join(folder, "nagios.cmd");

  it("is written where somebody reads it", async () => {
    execFileSync("mkfifo", [file()]);
    const reader = openSync(file(), "r+");
    const sent = await commandPipe("n", file()).send([RESULT, { ...RESULT, host: "a;b" }], SIGNAL);
    const bytes = Buffer.alloc(4_096);
    const text = bytes.toString("utf8", 0, readSync(reader, bytes));
    closeSync(reader);
    expect(text).toBe("[5] PROCESS_SERVICE_CHECK_RESULT;web01;DOTM impact;2;DOTM CRITICAL - hit\n");
    expect(sent).toMatchObject({ refused: 1 });
  });

  it("that is full, as Nagios hangs, is told", async () => {
    execFileSync("mkfifo", [file()]);
    const reader = openSync(file(), "r+");
    const many = Array.from({ length: 200 }, () => ({ ...RESULT, output: "x".repeat(3_000) }));
    await expect(commandPipe("n", file()).send(many, SIGNAL)).rejects.toMatchObject({
      message: expect.stringContaining("is full"),
    });
    closeSync(reader);
  });
});

describe("over HTTP", () => {
  let server: Server;
  let url: string;
  let heard: { headers: Record<string, unknown>; body: string }[];
  let answer: [status: number, body: string];

  beforeEach(async () => {
    heard = [];
    server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) {
        body += piece;
      }
      heard.push({ headers: request.headers, body });
      response.writeHead(answer[0], { location: "http://127.0.0.1:1/" }).end(answer[1]);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  });
  afterEach(() => server.close());

  it("NRDP gets a form with its token, and what it says tells whether it took it", async () => {
    const target = nrdp({ name: "n", url, token: new Secret("t0ken"), caFile: null });
    answer = [200, "<result><status>0</status><message>OK</message></result>"];
    expect(await target.send([RESULT], SIGNAL)).toEqual({ refused: 0 });
    const form = new URLSearchParams(heard[0]?.body);
    expect([form.get("token"), form.get("cmd")]).toEqual(["t0ken", "submitcheck"]);
    expect(JSON.parse(form.get("json") ?? "").checkresults).toHaveLength(1);
    answer = [200, '{"result":{"status":-1,"message":"BAD TOKEN"}}'];
    await expect(target.send([RESULT], SIGNAL)).rejects.toMatchObject({
      message: expect.stringContaining("BAD TOKEN"),
    });
    answer = [200, "<html>"];
    await expect(target.send([RESULT], SIGNAL)).rejects.toMatchObject({ code: "DOTM_NOTIFY_FAILED" });
  });

  it("a webhook is asked again where that may help, and no redirect is followed", async () => {
    const target = webhook({ name: "w", url, token: new Secret("t0ken"), base: "", caFile: null });
    const told = { event: "problem", impact: impact("db01", "MySQL") } as const;
    answer = [204, ""];
    expect(await target.send([told], SIGNAL)).toEqual({ refused: 0 });
    expect(heard[0]?.headers["authorization"]).toBe("Bearer t0ken");
    expect(JSON.parse(heard[0]?.body ?? "")).toMatchObject({ kind: "Notification", event: "problem" });
    answer = [410, ""];
    expect(await target.send([told], SIGNAL)).toMatchObject({ refused: 1 });
    for (const status of [302, 429, 503]) {
      answer = [status, ""];
      await expect(target.send([told], SIGNAL)).rejects.toMatchObject({
        message: expect.stringContaining(`${status}`),
      });
    }
  });
});

describe("send_nsca", () => {
  const program = (script: string) => {
    const file = join(folder, "send_nsca");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return nsca({ name: "n", command: file, host: "mon01", port: 5_667, configFile: "/etc/send_nsca.cfg" });
  };

  it("is given the lines, the place and its configuration", async () => {
    expect(await program(`echo "$@" > ${folder}/args; cat > ${folder}/lines`).send([RESULT, RESULT], SIGNAL)).toEqual({
      refused: 0,
    });
    expect(readFileSync(join(folder, "args"), "utf8")).toBe("-H mon01 -p 5667 -c /etc/send_nsca.cfg\n");
    expect(readFileSync(join(folder, "lines"), "utf8")).toBe(
      "web01\tDOTM impact\t2\tDOTM CRITICAL - hit\u0017web01\tDOTM impact\t2\tDOTM CRITICAL - hit\n",
    );
  });

  it("that fails, hangs or is missing is told with what it says", async () => {
    await expect(program("echo Connection refused; exit 2").send([RESULT], SIGNAL)).rejects.toMatchObject({
      message: expect.stringContaining("Connection refused"),
    });
    await expect(program("exec sleep 60").send([RESULT], AbortSignal.timeout(50))).rejects.toThrow();
    rmSync(join(folder, "send_nsca"));
    const gone = nsca({ name: "n", command: join(folder, "send_nsca"), host: "h", port: 1, configFile: null });
    await expect(gone.send([RESULT], SIGNAL)).rejects.toMatchObject({ message: expect.stringContaining("ENOENT") });
  });
});
