/** From a running Nagios to its problems in the terminal, by the commands that a new user types; then another configuration by SIGHUP. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startNagios } from "../support/nagios.ts";
import { eventually, runScript, startScript } from "../support/process.ts";
import { describeReal } from "../support/real.ts";

const folder = mkdtempSync(join(tmpdir(), "dotm-init-real-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeReal("dotm init with a real Nagios", ["nagios4"], () => {
  it("leads to a DOTM that knows its problems, with two commands", async () => {
    const nagios = await startNagios({
      hosts: [{ name: "db 1", check: "check_state!ok" }],
      services: [{ host: "db 1", name: "MySQL", check: "check_state!bad" }],
      states: { ok: [0, "UP"], bad: [2, "no answer"] },
    });
    const config = join(folder, "dotm.yaml");
    const run = (...words: string[]) => runScript("bin/dotm.js", [...words, "--config", config], { cwd: folder });
    expect(await run("init", "--nagios", nagios.config)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Next:"),
    });
    expect(await run("config", "check")).toMatchObject({ code: 0 });
    const data = join(folder, "data");
    const daemon = startScript("bin/dotm.js", [
      "serve",
      "--config",
      config,
      "--data-dir",
      data,
      "--listen",
      "127.0.0.1:0",
    ]);
    await daemon.waitFor(/DOTM serves/);
    const told = await eventually("the problem", async () => {
      const { stdout } = await runScript("bin/dotm.js", ["get", "alerts", "--data-dir", data]);
      return stdout.includes("MySQL") ? stdout : undefined;
    });
    expect(told).toMatch(/^db 1 +MySQL +CRITICAL/m);

    // SIGHUP: what is written by now is taken.
    const good = readFileSync(config, "utf8");
    writeFileSync(config, good.replace("name: nagios", "name: renamed"));
    daemon.kill("SIGHUP");
    await daemon.waitFor(/DOTM serves[\s\S]*DOTM serves/);
    const sources = await eventually("the new source", async () => {
      const { stdout } = await runScript("bin/dotm.js", ["get", "sources", "-o", "name", "--data-dir", data]);
      return stdout === "renamed\n" ? stdout : undefined;
    });
    expect(sources).toBe("renamed\n");
    await daemon.stop();
  });
});
