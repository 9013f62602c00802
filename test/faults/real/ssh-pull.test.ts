/** A host asked over SSH: a real sshd of our own on loopback, with its own host key, key pair and known hosts. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PullConfig } from "../../../src/config/config-value.ts";
import { configFrom } from "../../../src/config.ts";
import { readHostText } from "../../../src/host-text/read-host-text.ts";
import { fetchSsh, sshArguments } from "../../../src/ingest/fetch-ssh.ts";
import { hostNameFault } from "../../../src/ingest/report-fields.ts";
import { eventually, freePort, startProgram, type TestProcess } from "../../support/process.ts";
import { describeReal, findProgram } from "../../support/real.ts";

describeReal("A host asked over SSH", ["sshd", "ssh", "ssh-keygen", "ip"], () => {
  let folder = "";
  let sshd: TestProcess | undefined;
  let pull: Extract<PullConfig, { type: "ssh" }>;
  const user = userInfo().username;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-ssh-"));
    const file = (name: string) => join(folder, name);
    for (const key of ["host", "client", "stranger"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(key)]);
    }
    const port = await freePort();
    writeFileSync(file("authorized_keys"), readFileSync(file("client.pub")));
    writeFileSync(file("banner"), "Welcome. tcp 0 0 looks like a row.\n");
    const known = (key: string) => `[127.0.0.1]:${port} ${readFileSync(file(`${key}.pub`), "utf8")}`;
    writeFileSync(file("known_hosts"), known("host"));
    writeFileSync(file("changed_hosts"), known("stranger"));
    writeFileSync(file("no_hosts"), "");
    const config = [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file("host")}`,
      `AuthorizedKeysFile ${file("authorized_keys")}`,
      `Banner ${file("banner")}`,
      `PidFile ${file("pid")}`,
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "UsePAM no",
      "StrictModes no",
      "PermitRootLogin yes",
    ];
    writeFileSync(file("sshd_config"), `${config.join("\n")}\n`);
    chmodSync(file("host"), 0o600);
    if (userInfo().uid === 0) {
      mkdirSync("/run/sshd", { recursive: true });
    }
    sshd = startProgram(findProgram("sshd") ?? "", ["-D", "-e", "-f", file("sshd_config")]);
    await eventually("sshd listens", async () => /Server listening/.test(sshd?.stderr ?? "") || undefined);
    pull = {
      host: "here",
      type: "ssh",
      address: "127.0.0.1",
      port,
      user,
      identityFile: file("client"),
      knownHostsFile: file("known_hosts"),
    };
  });

  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const fetch = (change: Partial<typeof pull> = {}) =>
    fetchSsh({ ...pull, ...change }, { user, total: 20_000 }, new AbortController().signal);

  it("tells its name, its sockets and its addresses, and the connection that asks", async () => {
    const text = readHostText((await fetch()).toString("utf8"));
    expect(text.host).toBe(execFileSync("hostname", { encoding: "utf8" }).trim());
    expect(text.faults.filter((fault) => fault !== "no addresses")).toEqual([]);
    const listening = text.listing.rows.find(
      ({ phase, localPort }) => phase === "listening" && localPort === pull.port,
    );
    expect(listening).toMatchObject({ local: "127.0.0.1" });
    expect(text.listing.rows.some(({ phase, localPort }) => phase === "established" && localPort === pull.port)).toBe(
      true,
    );
  });

  it("D31 refused with what to do, never a password typed; what a login prints before the text is left out", async () => {
    expect((await fetch()).toString("utf8")).toMatch(/^hostname=/);
    await expect(fetch({ knownHostsFile: join(folder, "no_hosts") })).rejects.toThrow(/Host key verification failed/);
    await expect(fetch({ knownHostsFile: join(folder, "changed_hosts") })).rejects.toThrow(/host's key has changed/);
    await expect(fetch({ identityFile: join(folder, "stranger") })).rejects.toThrow(/Permission denied/);
    // ssh itself ends with 255 then.
    await expect(fetch({ port: await freePort() })).rejects.toThrow(/Connection refused/);
  });

  it("may run the same command by itself, whatever is asked", async () => {
    const key = readFileSync(join(folder, "client.pub"), "utf8");
    writeFileSync(join(folder, "authorized_keys"), `restrict,command="echo hostname=forced; ip addr" ${key}`);
    expect(readHostText((await fetch()).toString("utf8")).host).toBe("forced");
    writeFileSync(join(folder, "authorized_keys"), `restrict,command="exit 3" ${key}`);
    await expect(fetch()).rejects.toThrow("ended with code 3 and said nothing");
  });

  it("that never ends is given up", async () => {
    const key = readFileSync(join(folder, "client.pub"), "utf8");
    writeFileSync(join(folder, "authorized_keys"), `restrict,command="sleep 30" ${key}`);
    const slow = fetchSsh(pull, { user, total: 500 }, new AbortController().signal);
    await expect(slow).rejects.toThrow("did not end within 0.5 s");
  });

  it("D32 one argument behind --, and no name that a report or a configuration may have", async () => {
    const proof = join(folder, "proof");
    const option = `-oProxyCommand=touch ${proof}`;
    expect(sshArguments({ ...pull, address: option }, user).slice(-3, -1)).toEqual(["--", option]);
    await expect(fetch({ address: option })).rejects.toThrow();
    expect(existsSync(proof)).toBe(false);
    expect(hostNameFault(option)).toContain('begins with "-"');
    expect(() => configFrom({ agents: { pull: [{ host: option, type: "ssh" }] } })).toThrow(/must be the host.s name/);
  });
});
