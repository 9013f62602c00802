/** No secret reaches a log, a page or an error text: whole processes are led into every fault that holds one, and searched. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startDotm } from "../support/dotm-process.ts";
import { freePort, runScript } from "../support/process.ts";
import { plainClient, startTestStore, type TestStore } from "../support/redis.ts";

const SECRETS = {
  redis: "Rds-5ecret",
  inUrl: "Url-5ecret@5ign-5ecret",
  icinga: "Icinga-5ecret",
  push: "Push-5ecret",
  wrong: "Wrong-5ecret",
  agent: "Agent-5ecret",
} as const;

let folder = "";
let store: TestStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-secrets-"));
  store = await startTestStore();
});
afterAll(async () => {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

async function secretFile(name: keyof typeof SECRETS): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `${SECRETS[name]}\n`, { mode: 0o600 });
  return file;
}

async function configuration(): Promise<string> {
  const nobody = await freePort();
  return `
log: { level: debug, format: json }
redis: { password_file: ${await secretFile("redis")} }
sources:
  - { name: icinga, type: icinga2, url: "https://127.0.0.1:${nobody}", user: dotm, password_file: ${await secretFile("icinga")} }
  - { name: pushed, type: push, token_file: ${await secretFile("push")} }
`;
}

/** Everything that holds a secret, sent where it is refused, with what is answered. */
async function knock(url: string): Promise<string> {
  const { wrong, agent, push } = SECRETS;
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}`, "Content-Type": "application/json" });
  const answers = [
    await fetch(`${url}api/v1/events?source=pushed`, { method: "POST", headers: bearer(wrong), body: "[]" }),
    await fetch(`${url}api/v1/events?source=pushed`, { method: "POST", headers: bearer(push), body: "{broken" }),
    await fetch(`${url}api/v1/agents/report`, { method: "POST", headers: bearer(agent), body: "{}" }),
    await fetch(`${url}api/v1/settings/history`, { method: "PUT", headers: bearer(wrong), body: "{" }),
    await fetch(`${url}readyz`),
    await fetch(`${url}metrics`),
  ];
  return (await Promise.all(answers.map((answer) => answer.text()))).join("\n");
}

function expectNone(texts: readonly string[]): void {
  for (const text of texts) {
    // A URL's own rules may write what joins the parts otherwise.
    for (const [name, secret] of Object.entries(SECRETS).flatMap(([name, all]) =>
      all.split("@").map((part) => [name, part] as const),
    )) {
      expect(text.includes(secret) ? `${name} in: ${text.slice(Math.max(0, text.indexOf(secret) - 200))}` : "").toBe(
        "",
      );
    }
  }
}

it("that a daemon was given is in nothing it writes, though each of them is refused", async () => {
  const admin = await plainClient(store.options);
  await admin.config("SET", "requirepass", SECRETS.redis);
  const config = await configuration();
  const dotm = await startDotm({
    roles: "engine,collector,worker,web",
    name: "a",
    folder,
    store: store.options,
    config,
  });
  await dotm.process.waitFor(/The source cannot|icinga/);
  const answers = await knock(dotm.url);
  // Now the login of the daemon is wrong: what its client rejects with carries the command that logs in.
  await admin.config("SET", "requirepass", "another");
  await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await dotm.process.waitFor(/Redis is away/);
  await dotm.process.waitFor(/WRONGPASS|NOAUTH/);
  const unready = await (await fetch(`${dotm.url}readyz`)).text();
  await admin.config("SET", "requirepass", "");
  admin.disconnect();
  await dotm.process.stop();
  expect(dotm.process.stderr).toContain("Redis is away");
  expectNone([dotm.process.stdout, dotm.process.stderr, answers, unready]);
});

it("that a command was given is in nothing it prints", async () => {
  const file = join(folder, "dotm.yaml");
  await writeFile(file, `${await configuration()}web: { listen: "nonsense" }\n`);
  const nobody = await freePort();
  const url = `redis://dotm:${SECRETS.inUrl}@127.0.0.1:${nobody}/0`;
  const sentinel = `redis-sentinel://:${SECRETS.inUrl}@127.0.0.1:${nobody}/mymaster`;
  const runs = [
    ["get", "members", "--url", url],
    ["doctor", "--url", url, "-o", "json"],
    ["doctor", "--config", file],
    ["config", "check", "--config", file],
    ["config", "show", "--origin", "--config", file],
    ["serve", "--config", file],
  ];
  const env = { DOTM_REDIS__URL: sentinel };
  const ends = await Promise.all([
    ...runs.map((args) => runScript("bin/dotm.js", args, { cwd: folder })),
    runScript("bin/dotm.js", ["config", "show", "--origin"], { cwd: folder, env }),
    runScript("bin/dotm.js", ["config", "check"], { cwd: folder, env }),
    runScript("bin/dotm.js", ["get", "nodes"], { cwd: folder, env }),
  ]);
  expect(ends.every(({ stdout, stderr }) => stdout + stderr !== "")).toBe(true);
  expectNone(ends.flatMap(({ stdout, stderr }) => [stdout, stderr]));
});
