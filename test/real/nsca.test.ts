/** Results through the real `send_nsca` to a real NSCA daemon, which writes them into a command pipe. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PassiveResult } from "../../nagios/passive-result.ts";
import { nsca } from "../../src/notify/nsca.ts";
import { eventually, freePort, startProgram, type TestProcess } from "../support/process.ts";
import { describeReal } from "../support/real.ts";

describeReal("an NSCA daemon", ["nsca", "send_nsca"], () => {
  let folder: string;
  let port: number;
  let pipe: number;
  let daemon: TestProcess;
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-nsca-"));
    port = await freePort();
    execFileSync("mkfifo", [file("cmd")]);
    pipe = openSync(file("cmd"), "r+");
    const user = userInfo().username;
    const group = execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();
    const settings = {
      ...{ pid_file: file("pid"), server_port: port, server_address: "127.0.0.1", nsca_user: user, nsca_group: group },
      ...{ debug: 0, command_file: file("cmd"), alternate_dump_file: file("dump"), aggregate_writes: 0 },
      ...{ append_to_file: 0, max_packet_age: 30, password: "test", decryption_method: 3 },
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(file("nsca.cfg"), lines.join(""));
    writeFileSync(file("send.cfg"), "password=test\nencryption_method=3\n");
    daemon = startProgram("nsca", ["-c", file("nsca.cfg"), "-f"], { daemon: true });
  });
  afterAll(async () => {
    await daemon.stop();
    closeSync(pipe);
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes many results of one sending, each by itself", async () => {
    const result = (host: string, state: PassiveResult["state"]): PassiveResult => ({
      ...{ host, check: "DOTM impact", state, output: "DOTM - Füllstand \\ | hit", details: ["more"], at: 5 },
      figures: [["affected", 1]],
    });
    const target = nsca({ name: "n", command: "send_nsca", host: "127.0.0.1", port, configFile: file("send.cfg") });
    const results = [result("web 01", 2), result("web02", 1), result("web03", 0)];
    const sent = await eventually("the daemon listens", () =>
      target.send(results, AbortSignal.timeout(8_000)).catch(() => undefined),
    );
    expect(sent).toEqual({ refused: 0 });
    const bytes = Buffer.alloc(8_192);
    let text = "";
    while (text.split("\n").length < 4) {
      text += bytes.toString("utf8", 0, readSync(pipe, bytes));
    }
    // The program itself writes a backslash as Nagios reads it.
    const said = String.raw`DOTM - Füllstand \\ / hit | affected=1`;
    expect(text.replaceAll(/^\[\d+\] PROCESS_SERVICE_CHECK_RESULT;/gm, "").split("\n")).toEqual([
      ...[`web 01;DOTM impact;2;${said}`, `web02;DOTM impact;1;${said}`, `web03;DOTM impact;0;${said}`, ""],
    ]);
  });
});
