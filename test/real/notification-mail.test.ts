/** A real Nagios notifies of a real problem by our command: the mail carries the sentence of the real `dotm impact`. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import { daemonConfig } from "../support/daemon-config.ts";
import { reportOf, sendReport } from "../support/dotm-process.ts";
import { type RunningNagios, startNagios } from "../support/nagios.ts";
import { eventually, freePort, ROOT } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";

describeReal("a notification of Nagios", ["nagios4", "redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let nagios: RunningNagios;
  let daemon: Daemon;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-mails-"));
    // Nagios runs as a user of its own.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "mails"));
    chmodSync(join(folder, "mails"), 0o777);
    const port = await freePort();
    store = await startTestStore("redis-server", [`port ${port}`, "bind 127.0.0.1"]);
    program("sendmail", `cat > ${folder}/mails/$$.part && mv ${folder}/mails/$$.part ${folder}/mails/$$`);
    program("dotm", `exec ${process.execPath} ${join(ROOT, "bin/dotm.js")} "$@"`);
    const env = `DOTM=${folder}/dotm SENDMAIL=${folder}/sendmail DOTM_REDIS__URL=redis://127.0.0.1:${port}`;
    const commands = readFileSync(join(ROOT, "nagios/nagios4/dotm-notify.cfg"), "utf8")
      .replaceAll("/usr/bin/env ", `/usr/bin/env ${env} `)
      .replaceAll(/\S+\/dotm-mail\.sh/g, join(ROOT, "nagios/notify/dotm-mail.sh"));
    nagios = await startNagios({
      hosts: [{ name: "app01", check: "check_state!up" }],
      services: [],
      states: { up: [0, "UP"], app: [0, "fine"] },
      config: ["enable_notifications=1"],
      also: () => `${commands}\n${MAILED}`,
    });
    const sources = [{ name: "nagios", site: null, type: "nagios", config: nagios.config, eventPipe: null }] as const;
    const config = daemonConfig(folder, store.options, { sources });
    daemon = await startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1_000 });
    expect(await sendReport(daemon.url, reportOf("app01", 1))).toBe(200);
  });
  afterAll(async () => {
    await daemon.stop();
    await nagios.stop();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  it("is a mail with the sentence first, and with all that Nagios says", async () => {
    nagios.setState("app", 2, 'refused; it\'s "down" $(id) | x=1');
    const mail = await eventually(
      "a mail with the sentence",
      async () => {
        const names = readdirSync(join(folder, "mails")).filter((name) => !name.endsWith(".part"));
        const mails = names.map((name) => readFileSync(join(folder, "mails", name), "utf8"));
        return mails.find((text) => /\n\napp01 \/ App 8080 is CRITICAL/.test(text));
      },
      40_000,
    );
    expect(mail).toContain("To: admins@example.net\nSubject: PROBLEM: app01 / App 8080 is CRITICAL\n");
    expect(mail).toMatch(
      /\n\napp01 \/ App 8080 is CRITICAL for .*\n\nHost: {4}app01 \(127\.0\.0\.1\)\nCheck: {3}App 8080\n/,
    );
    expect(mail).toMatch(/^Output: {2}refused: its down \(id\)/m);
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  }, 60_000);
});

const MAILED = `
define contact {
    contact_name                    admins
    email                           admins@example.net
    host_notifications_enabled      0
    host_notification_period        always
    service_notification_period     always
    service_notification_options    c
    host_notification_commands      dotm-mail-host
    service_notification_commands   dotm-mail-service
}

define service {
    host_name               app01
    service_description     App 8080
    check_command           check_state!app
    check_interval          1
    retry_interval          1
    max_check_attempts      1
    check_period            always
    notification_period     always
    notification_interval   3
    contacts                admins
}
`;
