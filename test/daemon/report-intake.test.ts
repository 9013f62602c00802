import { expect, it } from "vitest";
import { countsText } from "../../src/daemon/intake-counts.ts";
import { ReportIntake } from "../../src/daemon/report-intake.ts";
import { DotmError } from "../../src/errors.ts";
import { bearerToken, createTokenCheck, createTokenSet, hashToken } from "../../src/ingest/agent-tokens.ts";
import { readReport } from "../../src/ingest/report-door.ts";
import { type Logger, SILENT } from "../../src/logger.ts";

const NOW = 1_795_356_000;

/** An intake as the daemon has it, with what it told and delivered. */
function intakeOf({
  needsToken = true,
  keep = async () => 1,
  mostHosts,
  logger = SILENT,
  clock = () => 0,
}: {
  clock?: () => number;
  needsToken?: boolean;
  keep?: () => Promise<number>;
  mostHosts?: number;
  logger?: Logger;
} = {}) {
  const delivered: string[] = [];
  const told: [string, string | null][] = [];
  const entries = [
    { host: "web01", hashes: [hashToken("right")] },
    { host: "web02", hashes: [hashToken("other")] },
  ];
  const check = createTokenCheck(entries);
  const isKnown = createTokenSet(entries);
  const intake = new ReportIntake(
    {
      read: ({ raw, receivedAt }) => readReport(raw, { receivedAt }),
      readWhole: ({ raw, receivedAt }) => readReport(raw, { receivedAt }).report,
      needsToken,
      mayKnock: ({ authorization }) => !needsToken || isKnown(bearerToken(authorization)),
      mayReport: ({ authorization }, host) => !needsToken || check(host, bearerToken(authorization)),
      nameOf: (host) => host.split(".")[0] ?? host,
      keep,
      deliver: ({ report: { host, sequence, boot } }) => delivered.push(`${host} ${boot} ${sequence}`),
      told: (host, fault) => told.push([host, fault]),
      logger,
      clock,
    },
    mostHosts,
  );
  const send = (
    host: string,
    sequence: number,
    { boot = "a", token = "right" as string | undefined, at = NOW } = {},
  ) => {
    const body = { version: 1, host, boot, sequence, time: NOW, listeners: [], connections: [] };
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return intake.acceptHttp(Buffer.from(JSON.stringify(body)), headers, at);
  };
  return { intake, send, delivered, told };
}

it("takes back what came after the clock was set back, though what came before seems to be later", () => {
  const { intake, delivered } = intakeOf();
  const replay = (sequence: number, receivedAt: number) => {
    const body = { version: 1, host: "web01", boot: "a", sequence, time: NOW, listeners: [], connections: [] };
    const how = { encoding: undefined, sent: undefined, authorization: undefined };
    intake.replay({ raw: Buffer.from(JSON.stringify(body)), ...how, receivedAt }, sequence);
  };
  replay(1, NOW + 7_200);
  replay(2, NOW + 60);
  replay(3, NOW);
  expect(delivered).toEqual(["web01 a 1", "web01 a 2"]);
});

it("lets a token speak for its host only, and counts what it refuses", async () => {
  const { intake, send, delivered } = intakeOf();
  expect((await send("web01", 1)).status).toBe(200);
  const refused = [
    await send("web01", 2, { token: "wrong" }),
    await send("web01", 2, { token: "other" }),
    await send("nobody", 2),
    await intake.acceptHttp(Buffer.from("no JSON, and nobody looks"), {}, NOW),
  ];
  // Whether the host exists shows in nothing.
  expect(new Set(refused.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(refused[0]?.status).toBe(401);
  expect((await intake.acceptHttp(Buffer.from("{"), { authorization: "Bearer right" }, NOW)).status).toBe(400);
  expect(delivered).toEqual(["web01 a 1"]);
  expect(intake.counts).toMatchObject({ accepted: 1, refused: { "wrong token": 3, "missing token": 1, malformed: 1 } });
  expect(countsText(intake.counts)).toBe("1 reports, refused: 1 missing token, 3 wrong token, 1 malformed");
});

it("reads nothing of who has no token, and of who has one no more than there is time for", async () => {
  let [now, reads] = [0, 0];
  // Each look at the clock takes half a second: there is one before and one after each reading.
  const { intake, send } = intakeOf({
    clock: () => {
      now += 500;
      reads += 0.5;
      return now;
    },
  });
  for (let at = 0; at < 30; at++) {
    expect((await intake.acceptHttp(Buffer.from("{"), { authorization: "Bearer wrong" }, NOW)).status).toBe(401);
  }
  expect(reads).toBe(0);
  const statuses: number[] = [];
  for (let at = 0; at < 30; at++) {
    statuses.push((await intake.acceptHttp(Buffer.from("{"), { authorization: "Bearer right" }, NOW)).status);
  }
  expect(statuses).toEqual([...Array(4).fill(400), ...Array(26).fill(429)]);
  expect(reads).toBe(4);
  // Others are not held up, and after a while there is time again.
  expect((await send("web02", 1, { token: "other" })).status).toBe(200);
  expect((await send("web01", 1, { at: NOW + 1 })).status).toBe(200);
});

it("keeps agents waiting where the file of tokens is broken, and tells them of no file", async () => {
  const { intake } = intakeOf();
  const broken = new DotmError("DOTM_CONFIG_INVALID", "cannot read /var/lib/dotm/tokens.json", "Make it readable.");
  const mayKnock = () => {
    throw broken;
  };
  const answer = await new ReportIntake({ ...intake["deps"], mayKnock }).acceptHttp(Buffer.from("{}"), {}, NOW);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([503, expect.not.stringContaining("/var")]);
});

it("warns of each kind of refusal once a minute, however many are refused", async () => {
  const warned: unknown[] = [];
  const logger: Logger = { ...SILENT, warn: (fields) => void warned.push(fields) };
  const { intake, send } = intakeOf({ needsToken: false, logger, keep: () => Promise.reject(new Error("disk full")) });
  for (let at = 0; at < 100; at++) {
    await intake.acceptHttp(Buffer.from("{"), {}, NOW + at / 10);
    await send("web01", at, { at: NOW + at / 10 });
  }
  expect(warned).toMatchObject([{ reason: "malformed", next: expect.any(String) }, { reason: "not stored" }]);
  expect(intake.counts.refused).toMatchObject({ malformed: 100, "not stored": 100 });
  await intake.acceptHttp(Buffer.from("{"), {}, NOW + 61);
  expect(warned).toHaveLength(3);
});

it("tells of two machines under one name, believes the first, and forgets it when the other is gone", async () => {
  const { intake, send, delivered, told } = intakeOf({ needsToken: false });
  for (let round = 1; round <= 6; round++) {
    await send("web01", round, { boot: "first", at: NOW + round * 60 });
    await send("web01", round, { boot: "clone", at: NOW + round * 60 + 30 });
  }
  const last = await send("web01", 7, { boot: "clone", at: NOW + 400 });
  expect(last.status).toBe(422);
  expect(delivered.at(-1)).toBe("web01 first 6");
  expect(told.at(-1)?.[1]).toContain("two machines report under this name");
  expect(intake.counts.refused["second machine"]).toBeGreaterThan(2);
  expect((await send("web01", 20, { boot: "clone", at: NOW + 2_000 })).status).toBe(200);
  expect(told.at(-1)).toEqual(["web01", null]);
});

it("tells of two names that are one in the picture, instead of mixing both machines", async () => {
  const { send, told } = intakeOf({ needsToken: false });
  for (let round = 1; round <= 4; round++) {
    await send("web01.north", round, { at: NOW + round });
    await send("web01.south", round, { at: NOW + round });
  }
  expect((await send("web01.south", 9, { at: NOW + 9 })).status).toBe(422);
  expect((await send("web01.north", 9, { at: NOW + 9 })).status).toBe(200);
  expect(told.at(-1)?.[0]).toBe("web01");
  expect(told.at(-1)?.[1]).not.toBeNull();
});

it("asks for the report again where it could not be kept", async () => {
  const { intake, send, delivered } = intakeOf({
    keep: async () => {
      throw new Error("disk");
    },
  });
  expect((await send("web01", 1)).status).toBe(503);
  expect(delivered).toEqual([]);
  expect(intake.counts.refused["not stored"]).toBe(1);
});

it("refuses hosts beyond all that may report, and goes on with those it knows", async () => {
  const { intake, send } = intakeOf({ needsToken: false, mostHosts: 2 });
  expect((await send("web01", 1)).status).toBe(200);
  expect((await send("web02", 1)).status).toBe(200);
  expect(await send("web03", 1)).toMatchObject({ status: 507, body: { error: "2 hosts report already" } });
  expect((await send("web01", 2)).status).toBe(200);
  expect(intake.counts.refused["too many hosts"]).toBe(1);
});

it("refuses a host that reports more than anybody can look at, until it has waited", async () => {
  const { intake, send } = intakeOf({ needsToken: false });
  let sequence = 0;
  let status = 200;
  while (status === 200 && sequence < 10_000) {
    sequence += 1;
    ({ status } = await send("web01", sequence));
  }
  expect([sequence, status]).toEqual([2_001, 429]);
  expect((await send("web02", 1)).status).toBe(200);
  expect((await send("web01", sequence + 1, { at: NOW + 1 })).status).toBe(200);
  expect(intake.counts.refused["too often"]).toBe(1);
});
