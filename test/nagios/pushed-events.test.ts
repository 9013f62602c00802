import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAlertmanager } from "../../nagios/alertmanager.ts";
import { readPushedEvents } from "../../nagios/pushed-events.ts";

const only = (value: object) => readPushedEvents(JSON.stringify(value));

describe("pushed events", () => {
  it("tell everything of a check", () => {
    const event = {
      ...{ host: "db01", check: "MySQL", state: "critical", stateType: "SOFT", attempt: 2, maxAttempts: 3 },
      ...{ output: "down | x=1\nline two\n<b>three</b>", time: "2026-11-22T14:00:00Z", acknowledged: "sticky" },
      ...{ inDowntime: true, flapping: true, interval: 60, command: "check_mysql!3306" },
    };
    expect(only(event)).toEqual({
      told: [
        {
          ...{ host: "db01", check: "MySQL", time: 1_795_356_000, gone: false },
          status: {
            ...{ host: "db01", check: "MySQL", state: "CRITICAL", stateType: "SOFT", attempt: 2, maxAttempts: 3 },
            ...{ output: "down | x=1", longOutput: "line two\n<b>three</b>", acknowledgement: "sticky" },
            ...{ downtimeDepth: 1, flapping: true, interval: 60, command: "check_mysql!3306" },
            ...{ active: false, reachable: true },
          },
        },
      ],
      refused: [],
    });
  });

  it("come alone, as a list or in an object, and need no more than host and state", () => {
    const event = { host: "db01", state: "DOWN" };
    const told = [{ host: "db01", check: null, gone: false, time: 0, status: { state: "DOWN", stateType: "HARD" } }];
    expect(only(event)).toMatchObject({ told });
    expect(only([event])).toMatchObject({ told });
    expect(only({ events: [event] })).toMatchObject({ told });
    expect(only({ host: "db01", check: "MySQL", gone: true })).toMatchObject({ told: [{ gone: true }] });
  });

  it.each([
    [{ host: "a::b", state: "UP" }, "host name with ::"],
    [{ host: "", state: "UP" }, "no host name"],
    [{ host: 7, state: "UP" }, "host must be a text, check a text or null"],
    [{ host: "a", check: "_HOST_", state: "OK" }, "service description reserved"],
    [{ host: "a", check: "x\ny", state: "OK" }, "check with control characters"],
    [{ host: "a", check: "x", state: "DOWN" }, "state must be one of OK, WARNING, CRITICAL, UNKNOWN, PENDING"],
    [{ host: "a", state: 2 }, "state must be one of UP, DOWN, UNREACHABLE, PENDING"],
    [{ host: "a", state: "UP", time: "soon" }, "time must be Unix seconds or ISO 8601"],
    ["nonsense", "not an object"],
  ])("refuses %j and takes its neighbours", (event, reason) => {
    const read = only([{ host: "ok", state: "UP" }, event, { host: "ok", state: "UP" }]);
    expect(read?.refused).toEqual([{ index: 1, reason }]);
    expect(read?.told).toHaveLength(2);
  });

  it.each(["", "no JSON", "7", "null", '{"events": 7}', "["])("are not read out of %j", (text) => {
    expect(readPushedEvents(text)).toBeUndefined();
  });

  it("never throw and never name anything a key cannot hold", () => {
    const value = fc.jsonValue();
    const event = fc.record({ host: fc.string(), check: fc.oneof(fc.string(), fc.constant(null)), state: value });
    fc.assert(
      fc.property(fc.oneof(value, fc.array(event)), (body) => {
        for (const read of [readPushedEvents(JSON.stringify(body)), readAlertmanager(JSON.stringify(body))]) {
          for (const { host } of read?.told ?? []) {
            expect(host).not.toMatch(/::|!|^$/);
          }
        }
      }),
    );
  });
});

/** As Alertmanager 0.27 posts it to a webhook. */
const WEBHOOK = {
  ...{ receiver: "dotm", status: "firing", version: "4", groupKey: '{}:{alertname="MysqlDown"}', truncatedAlerts: 0 },
  ...{ externalURL: "http://alertmanager:9093", groupLabels: { alertname: "MysqlDown" }, commonAnnotations: {} },
  commonLabels: { alertname: "MysqlDown" },
  alerts: [
    {
      status: "firing",
      labels: { alertname: "MysqlDown", instance: "db01:9104", job: "mysqld", severity: "critical" },
      annotations: { summary: "MySQL on db01 is down", description: "mysql_up is 0" },
      ...{
        startsAt: "2026-11-22T14:00:00.5Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "http://prometheus:9090/g",
      },
      fingerprint: "a1b2c3d4e5f60718",
    },
    {
      status: "resolved",
      labels: { alertname: "DiskFull", instance: "[2001:db8::21]:9100", severity: "warning" },
      annotations: {},
      ...{ startsAt: "2026-11-22T13:00:00Z", endsAt: "2026-11-22T14:00:00Z", fingerprint: "ffff" },
    },
  ],
};

describe("alerts of Alertmanager", () => {
  it("are problems of a check on the host that their labels name", () => {
    expect(readAlertmanager(JSON.stringify(WEBHOOK))).toEqual({
      told: [
        {
          ...{ host: "db01", check: "MysqlDown", fingerprint: "a1b2c3d4e5f60718", isFiring: true, state: "CRITICAL" },
          ...{ output: "MySQL on db01 is down", since: 1_795_356_000.5 },
        },
        {
          ...{ host: "2001:db8:0:0:0:0:0:21", check: "DiskFull", fingerprint: "ffff", isFiring: false },
          ...{ state: "WARNING", output: "DiskFull", since: 1_795_352_400 },
        },
      ],
      refused: [],
    });
  });

  it.each([
    [{ instance: "10.0.0.21:9100" }, "10.0.0.21"],
    [{ instance: "https://web01:8443/metrics" }, "web01"],
    [{ instance: "10.0.0.1:9100", host: "db01" }, "db01"],
    [{ instance: "10.0.0.1:9100", nodename: "db02.example.net" }, "db02.example.net"],
  ])("of %j are of the host %s", (labels, host) => {
    const alerts = [{ status: "firing", labels: { alertname: "X", ...labels } }];
    expect(readAlertmanager(JSON.stringify({ alerts }))?.told).toMatchObject([{ host, state: "UNKNOWN" }]);
  });

  it("say what is missing, and leave out what is no problem", () => {
    const alerts = [
      { status: "firing", labels: { alertname: "Watchdog" } },
      { status: "firing", labels: { alertname: "Deployed", host: "web01", severity: "info" } },
      { status: "firing", labels: { host: "web01" } },
      { status: "odd", labels: { alertname: "X", host: "web01" } },
    ];
    const reason = "no label tells the host: give the alert one of host, hostname, nodename, node, instance";
    expect(readAlertmanager(JSON.stringify({ alerts }))).toEqual({
      told: [],
      refused: [
        { index: 0, reason },
        { index: 2, reason: "no service description" },
        { index: 3, reason: "status must be firing or resolved" },
      ],
    });
  });
});
