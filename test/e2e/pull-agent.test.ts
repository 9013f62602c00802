/** The daemon asks the real `dotm-agent serve`, by HTTP with a token and by the original's protocol, for its sockets. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { configFrom } from "../../src/config.ts";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { fetchAgent } from "../../src/ingest/fetch-agent.ts";
import { SILENT } from "../../src/logger.ts";
import type { Impact } from "../../src/model/impact.ts";
import { makeCertificate } from "../support/certificate.ts";
import { eventually, freePort, ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { describeReal, findProgram } from "../support/real.ts";
import { RunningAgent } from "../support/running-agent.ts";

const ADDRESS = "127.0.0.1";
const TALKER = join(ROOT, "test/support/talker.js");

describeReal("dotm-agent serve, pulled by the daemon", ["redis-server", "openssl"], () => {
  let folder = "";
  let ends: (() => unknown)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-pull-agent-"));
    ends = [() => rmSync(folder, { recursive: true, force: true })];
  });

  afterEach(async () => {
    for (const end of ends.reverse()) {
      await end();
    }
  });

  function ending<T extends { stop: () => Promise<unknown> }>(running: T): T {
    ends.push(() => running.stop());
    return running;
  }

  function talker(...words: readonly string[]): TestProcess {
    return ending(startProgram(process.execPath, [TALKER, ...words]));
  }

  async function redis(): Promise<{ client: Redis; url: string }> {
    const port = await freePort();
    const args = ["--port", `${port}`, "--bind", ADDRESS, "--save", "", "--dir", folder];
    await ending(startProgram(findProgram("redis-server") ?? "", args)).waitFor(/Ready to accept connections/);
    const client = new Redis({ host: ADDRESS, port });
    client.on("error", () => undefined);
    ends.push(() => client.disconnect());
    return { client, url: `redis://${ADDRESS}:${port}` };
  }

  function daemonFor(url: string, pull: readonly object[]): Promise<Daemon> {
    const config = configFrom({
      data_dir: join(folder, "data"),
      redis: { url },
      web: { listen: `${ADDRESS}:0` },
      agents: { pull },
    });
    return startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1000 });
  }

  it("asks over TLS, trusting a certificate for the host's name alone", async () => {
    const [own, foreign] = [makeCertificate(folder, "tls01"), makeCertificate(folder, "tls02")];
    const token = join(folder, "token");
    writeFileSync(token, "dotm_right\n", { mode: 0o600 });
    const secured = ["--cert-file", own.cert, "--key-file", own.key, "--token-file", token];
    const modern = ending(new RunningAgent([], ["--host", "tls01", ...secured]));
    const plain = ending(new RunningAgent([], ["--host", "plain01", "--token-file", token]));
    const [port, plainPort] = [await modern.port(), await plain.port()];
    const ask = (host: string, caFile: string, at = port) => {
      const pull = { type: "agent", host, address: ADDRESS, port: at, tokenFile: token, caFile } as const;
      return fetchAgent(pull, 10_000, new AbortController().signal);
    };
    const bytes = await ask("tls01", own.cert);
    expect(JSON.parse(`${bytes[0] === 0x1f ? gunzipSync(bytes) : bytes}`)).toMatchObject({ host: "tls01" });
    await expect(ask("tls01", foreign.cert)).rejects.toThrow("a certificate that ca_file does not vouch for");
    await expect(ask("tls02", own.cert)).rejects.toThrow("a certificate for another host");
    await expect(ask("plain01", own.cert, plainPort)).rejects.toThrow("speaks no TLS");
  });

  it("tells who listens and who talks to whom in both protocols, by HTTP only to who has the token", async () => {
    const [, served = ""] = await talker("pull-server", "serve", ADDRESS).waitFor(/listening (\w+)/);
    await talker("pull-client", "hold", ADDRESS, served, "3").waitFor(/connected/);
    const [agentToken, ourToken] = [join(folder, "agent-token"), join(folder, "our-token")];
    writeFileSync(agentToken, "dotm_right\n", { mode: 0o600 });
    writeFileSync(ourToken, "dotm_wrong\n", { mode: 0o600 });
    const modern = ending(new RunningAgent([], ["--host", "new01", "--token-file", agentToken]));
    const classic = ending(new RunningAgent([], ["--host", "old01", "--original", `${ADDRESS}:0`]));
    const { client, url } = await redis();
    await client.hset("dotm::config::fetch_parameters", "interval", "5", "parallel", "2");
    const daemon = ending(
      await daemonFor(url, [
        { host: "new01", type: "agent", address: ADDRESS, port: await modern.port(), token_file: ourToken },
        { host: "old01", type: "original", address: ADDRESS, port: await classic.port("the original's protocol") },
      ]),
    );
    const fetched = (host: string, what: RegExp) =>
      eventually(`fetch_status of ${host} is ${what}`, async () => {
        const { fetch_status: status = "" } = await client.hgetall(`dotm::nodes::${host}`);
        return what.test(status) ? status : undefined;
      });

    await fetched("new01", /wants another token/);
    expect(await client.exists(`dotm::services::new01::${served}`)).toBe(0);
    writeFileSync(ourToken, "dotm_right\n");
    await Promise.all(["new01", "old01"].map((host) => fetched(host, /^OK$/)));
    for (const host of ["new01", "old01"]) {
      const id = `${host}:${served}`;
      const { failed, affected } = await eventually(`${id} with its client`, async () => {
        const answer = await fetch(`${daemon.url}api/v1/impact?host=${host}&whatif=down:${id}`);
        const impact = (await answer.json()) as Impact;
        return impact.affected.length > 0 ? impact : undefined;
      });
      expect(failed).toMatchObject([{ id, process: "pull-server" }]);
      expect(affected).toMatchObject([{ id: `${host}/pull-client`, certainty: "both", path: [expect.anything(), id] }]);
      const [edge = ""] = await client.hmget(
        `dotm::edges::${host}`,
        `out|${host}/pull-client|tcp|${served}|${ADDRESS}`,
      );
      expect(JSON.parse(edge ?? "")).toMatchObject({ count: 3 });
    }
  });
});
