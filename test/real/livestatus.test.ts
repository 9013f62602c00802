/** What a real Icinga 2 does to whoever asks its Livestatus: it hangs, ends, comes back, and gets objects at run time. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { expect, it } from "vitest";
import { createLivestatusSource } from "../../src/ingest/livestatus-source.ts";
import { SILENT } from "../../src/logger.ts";
import type { CheckStatus, SourceObservation } from "../../src/model/monitoring.ts";
import { type RunningIcinga2, startIcinga2 } from "../support/icinga2.ts";
import { describeReal } from "../support/real.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const PATIENCE = 30_000;

const HOSTS = [
  { name: "gw", check: "check_state!gw" },
  { name: "behind", parents: ["gw"], check: "check_state!behind" },
];
const SERVICES = [{ host: "behind", name: "Büro #1 + 2/3", check: "check_state!load" }];
const STATES = { gw: [0, "up"], behind: [0, "up"], load: [0, "fine"] } as const;

/** A source over the Unix socket, started. */
async function follow({ livestatus }: RunningIcinga2, told: Told) {
  const source = createLivestatusSource({
    ...{ name: "live", place: { kind: "unix", path: livestatus.socket }, interval: 0.5, resync: 3600, timeout: 2 },
    ...{ sink: told.sink, logger: SILENT, now: () => Date.now() / 1000, random: () => 0 },
  });
  await source.start();
  return source;
}

/** Accepts the first word on a host (`check` null) or check that `is` likes. */
function says(host: string, check: string | null, is: (status: CheckStatus) => boolean) {
  return (observation: SourceObservation): boolean =>
    observation.kind === "states" &&
    observation.statuses.some((status) => status.host === host && status.check === check && is(status));
}

/** Makes or removes an object through the API. */
async function change({ api }: RunningIcinga2, method: "PUT" | "DELETE", path: string, body: object): Promise<void> {
  const { name, password } = api.users.root;
  const asking = request({
    ...{ host: "127.0.0.1", port: api.port, servername: api.serverName, ca: readFileSync(api.caFile), method, path },
    ...{ auth: `${name}:${password}`, headers: { accept: "application/json" }, agent: false },
  });
  asking.end(JSON.stringify(body));
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  await once(answer.resume(), "end");
}

describeReal("Livestatus of a real Icinga 2", ["icinga2"], () => {
  it("may hang, end and begin anew: the picture stays, and goes on where it was", async () => {
    const icinga = await startIcinga2({ hosts: HOSTS, services: SERVICES, states: STATES });
    const told = new Told();
    const source = await follow(icinga, told);
    try {
      await told.until(
        says("behind", null, ({ state }) => state === "UP"),
        PATIENCE,
      );
      told.clear();
      icinga.process.kill("SIGSTOP");
      expect((await told.until(isUnwell)).error).toMatch(/within 2 s/);
      icinga.process.kill("SIGCONT");
      await told.until(isWell(1), PATIENCE);
      told.clear();
      await icinga.shutDown();
      expect((await told.until(isUnwell, PATIENCE)) && told.states.flatMap(({ gone }) => gone)).toEqual([]);
      told.clear();
      icinga.setState("load", 2, "overloaded");
      await icinga.startAgain();
      await told.until(
        says("behind", "Büro #1 + 2/3", ({ state }) => state === "CRITICAL"),
        PATIENCE,
      );
      expect(told.states.every(({ full, gone }) => !full && gone.length === 0)).toBe(true);
    } finally {
      await source.stop();
      await icinga.stop();
    }
  });

  it("calls a host that answers UP although what is before it is down, and knows of objects that come and go", async () => {
    const icinga = await startIcinga2({ hosts: HOSTS, services: SERVICES, states: STATES });
    const told = new Told();
    const source = await follow(icinga, told);
    try {
      await told.until(
        says("behind", null, ({ state }) => state === "UP"),
        PATIENCE,
      );
      icinga.setState("gw", 2, "gone");
      await told.until(
        says("gw", null, ({ state }) => state === "DOWN"),
        PATIENCE,
      );
      await told.until(
        says("behind", null, ({ state, reachable }) => state === "UP" && !reachable),
        PATIENCE,
      );
      told.clear();
      icinga.setState("gw", 0, "back");
      await told.until(
        says("behind", null, ({ reachable }) => reachable),
        PATIENCE,
      );
      const attrs = { check_command: "passive", enable_active_checks: false, address: "127.0.0.9" };
      await change(icinga, "PUT", "/v1/objects/hosts/neu", { attrs });
      await told.until(
        says("neu", null, ({ state }) => state === "PENDING"),
        PATIENCE,
      );
      await change(icinga, "DELETE", "/v1/objects/hosts/neu?cascade=1", {});
      await told.until(
        (each) => each.kind === "states" && each.gone.some(({ host, check }) => host === "neu" && check === null),
        PATIENCE,
      );
    } finally {
      await source.stop();
      await icinga.stop();
    }
  });
});
