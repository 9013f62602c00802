import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLivestatusSource, type LivestatusSourceOptions } from "../../src/ingest/livestatus-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import type { NotesObserved, ObjectsObserved } from "../../src/model/monitoring.ts";
import { checkRow, hostRow, LivestatusServer } from "../support/livestatus-server.ts";
import { isWell, Told } from "../support/told.ts";

const T = 1_795_000_200;

let server: LivestatusServer;
let told: Told;
let source: Source | undefined;

beforeEach(async () => {
  told = new Told();
  server = await new LivestatusServer().listen();
  server.waits = false;
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  await server.stop();
});

/** Starts a source that asks ten times a second. */
async function start(options: Partial<LivestatusSourceOptions> = {}): Promise<void> {
  source = createLivestatusSource({
    ...{ name: "live", place: server.place, interval: 0.1, resync: 3600, timeout: 2 },
    ...{ sink: told.sink, logger: SILENT, now: () => Date.now() / 1000, random: () => 0 },
    ...options,
  });
  await source.start();
}

/** Changes a row of the server. */
function change(table: "hosts" | "services", at: number, parts: object): void {
  Object.assign(server.tables[table]?.[at] ?? {}, parts);
}

/** Waits for the next look that begins from now on to end well. */
async function nextLook(): Promise<void> {
  await told.until(isWell(Date.now() / 1000));
}

/** The next states told, as `check or host: what`. */
async function nextStates(what: "state" | "acknowledgement" | "downtimeDepth" | "output") {
  const observed = await told.until((observation) => observation.kind === "states");
  return observed.kind === "states"
    ? observed.statuses.map((status) => `${status.check ?? status.host}: ${status[what]}`)
    : [];
}

const isNotes = (observation: { kind: string }): observation is NotesObserved => observation.kind === "notes";
const isObjects = (observation: { kind: string }): observation is ObjectsObserved => observation.kind === "objects";

describe("a Livestatus source", () => {
  it("tells configuration, states, notes and health at the start, over one connection", async () => {
    await start();
    expect(told.all.map(({ kind }) => kind)).toEqual(["objects", "states", "notes", "health"]);
    expect(told.states[0]).toMatchObject({ source: "live", full: true, gone: [] });
    expect(told.states[0]?.statuses.map(({ host, check, state }) => [host, check, state])).toEqual([
      ["web", null, "UP"],
      ["web", "HTTP", "OK"],
      ["web", "SSH", "OK"],
    ]);
    expect(told.all[3]).toMatchObject({ type: "livestatus", ok: true, error: null, hosts: 1, checks: 2, errors: 0 });
    await nextLook();
    expect(server.connections).toBe(1);
  });

  it("asks for what changed, and tells only that", async () => {
    await start();
    server.asked();
    told.clear();
    await nextLook();
    expect(told.states).toEqual([]);
    expect(server.asked().slice(0, 3)).toEqual([
      "status",
      "hosts & last_check >= 1795000085 & last_check >= 1794999950 & execution_time > 5 & state != 0 & acknowledged != 0 & scheduled_downtime_depth != 0 & is_flapping != 0",
      "services & last_check >= 1795000085 & last_check >= 1794999950 & execution_time > 5 & state != 0 & acknowledged != 0 & scheduled_downtime_depth != 0 & is_flapping != 0",
    ]);
    change("services", 0, { state: 2, last_check: T, last_state_change: T, plugin_output: "refused" });
    expect(await nextStates("state")).toEqual(["HTTP: CRITICAL"]);
    expect(told.states[0]).toMatchObject({ full: false, gone: [] });
  });

  it("sees an acknowledgement and a downtime come and go although no time tells of them", async () => {
    await start();
    for (const [parts, what, expected] of [
      [{ acknowledged: 1, acknowledgement_type: 2 }, "acknowledgement", "SSH: sticky"],
      [{ acknowledged: 0, acknowledgement_type: 0 }, "acknowledgement", "SSH: none"],
      [{ scheduled_downtime_depth: 1 }, "downtimeDepth", "SSH: 1"],
      [{ scheduled_downtime_depth: 0 }, "downtimeDepth", "SSH: 0"],
    ] as const) {
      told.clear();
      change("services", 1, parts);
      expect(await nextStates(what)).toEqual([expected]);
    }
    expect(server.asked()).toContain("services & host_name = web & description = SSH");
  });

  it("sees a recovery and a problem by a passive result that is dated long ago", async () => {
    await start();
    told.clear();
    change("services", 0, { state: 1, last_check: T - 9000, plugin_output: "late" });
    expect(await nextStates("state")).toEqual(["HTTP: WARNING"]);
    told.clear();
    change("services", 0, { state: 0, last_check: T - 8000, plugin_output: "late too" });
    expect(await nextStates("output")).toEqual(["HTTP: late too"]);
  });

  it("asks for everything where more leave their trouble at once than can be asked for by name", async () => {
    const many = Array.from({ length: 300 }, (_, at) => checkRow("web", `C${at}`, { scheduled_downtime_depth: 1 }));
    server.tables["services"]?.push(...many);
    await start();
    server.asked();
    told.clear();
    for (const row of many) {
      row["scheduled_downtime_depth"] = 0;
    }
    expect(await nextStates("downtimeDepth")).toHaveLength(300);
    expect(server.asked()).toContain("services");
  });

  it("tells of new and gone objects where the program says that there are more or fewer", async () => {
    Object.assign(server.tables["status"]?.[0] ?? {}, { num_hosts: 1, num_services: 2 });
    await start();
    told.clear();
    server.tables["hosts"]?.push(hostRow("db", { last_check: 0, has_been_checked: 0 }));
    Object.assign(server.tables["status"]?.[0] ?? {}, { num_hosts: 2 });
    expect(await nextStates("state")).toEqual(["db: PENDING"]);
    expect((await told.until(isObjects)).hosts.map(({ host }) => host)).toEqual(["web", "db"]);
    told.clear();
    server.tables["services"]?.pop();
    Object.assign(server.tables["status"]?.[0] ?? {}, { num_services: 1 });
    await nextStates("state");
    expect(told.states[0]?.gone).toEqual([{ host: "web", check: "SSH" }]);
    await nextLook();
    expect(told.all.at(-1)).toMatchObject({ kind: "health", hosts: 2, checks: 1 });
  });

  it("asks for everything when the program was restarted, and tells the configuration where it is another", async () => {
    await start();
    told.clear();
    Object.assign(server.tables["status"]?.[0] ?? {}, { program_start: T });
    change("hosts", 0, { parents: ["gw"], groups: ["dmz"] });
    expect((await told.until(isObjects)).hosts[0]).toMatchObject({ host: "web", parents: ["gw"], groups: ["dmz"] });
    told.clear();
    Object.assign(server.tables["status"]?.[0] ?? {}, { program_start: T + 1 });
    await nextLook();
    await nextLook();
    expect(told.all.filter(isObjects)).toEqual([]);
  });

  it("asks for everything now and then", async () => {
    await start({ resync: 0.5 });
    told.clear();
    // Nothing in the row says that it is new.
    change("services", 1, { check_command: "check_tcp!2222" });
    await nextStates("output");
    expect(told.states[0]?.statuses).toMatchObject([{ check: "SSH", command: "check_tcp!2222" }]);
  });

  it("tells comments and downtimes when there is another one, and when one begins", async () => {
    await start();
    told.clear();
    const now = Math.floor(Date.now() / 1000);
    const note = { host_name: "web", service_description: "HTTP", id: 7, author: "al", comment: "x", entry_time: T };
    server.tables["downtimes"]?.push({ ...note, start_time: now + 2, end_time: now + 60, fixed: 1, duration: 58 });
    expect((await told.until(isNotes)).downtimes).toMatchObject([{ id: "7", check: "HTTP", inEffect: false }]);
    told.clear();
    expect((await told.until(isNotes)).downtimes).toMatchObject([{ id: "7", inEffect: true }]);
    told.clear();
    server.tables["comments"]?.push({ ...note, service_description: "", entry_type: 4, persistent: 1 });
    expect((await told.until(isNotes)).comments).toMatchObject([{ check: null, origin: "acknowledgement" }]);
  });

  it.each(["refuse", "refuse unnamed"] as const)(
    "does without columns that the server does not know: %s",
    async (how) => {
      server.unknownColumn = how;
      await start();
      expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: true, errors: 0 });
      const [web, http] = told.states[0]?.statuses ?? [];
      expect([web, http]).toMatchObject([
        { host: "web", state: "UP", reachable: true },
        { check: "HTTP", state: "OK" },
      ]);
      expect(http?.output).toBe(how === "refuse" ? "fine" : "");
      server.asked();
      await nextLook();
      // Once it is known, nothing is refused any more.
      expect(server.asked().filter((table) => table.startsWith("services"))).toHaveLength(1);
    },
  );

  it("looks again at once where the server waits for a change, and rests where it only says so", async () => {
    server.waits = true;
    await start({ interval: 30 });
    told.clear();
    await expect.poll(() => server.queries.at(-1)?.headers.some(([name]) => name === "WaitTrigger")).toBe(true);
    change("services", 0, { state: 2, last_check: T });
    server.trigger();
    expect(await nextStates("state")).toEqual(["HTTP: CRITICAL"]);
    server.waits = false;
    server.trigger();
    await expect.poll(() => server.asked().filter((table) => table === "status").length, { interval: 2500 }).toBe(0);
  });

  it("ends while it waits for an answer", async () => {
    server.waits = true;
    await start({ interval: 600 });
    await expect.poll(() => server.queries.at(-1)?.headers.some(([name]) => name === "WaitTrigger")).toBe(true);
    told.clear();
    await source?.stop();
    expect(told.all).toEqual([]);
  });
});
