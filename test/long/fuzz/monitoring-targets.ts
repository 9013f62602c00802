/** Parsers of what Nagios, Icinga and their kin write. */
import { isDeepStrictEqual } from "node:util";
import { readAlertmanager } from "../../../nagios/alertmanager.ts";
import { eventLine, readEventLine } from "../../../nagios/event-line.ts";
import { attrsOf, parseAttrs } from "../../../nagios/icinga2-attrs.ts";
import { commandText } from "../../../nagios/icinga2-command.ts";
import { readEvent } from "../../../nagios/icinga2-event.ts";
import { commentOf, downtimeOf } from "../../../nagios/icinga2-notes.ts";
import { monitoredCheck, monitoredHost, parentHost } from "../../../nagios/icinga2-objects.ts";
import { readGreeting } from "../../../nagios/icinga2-permissions.ts";
import { Icinga2Results } from "../../../nagios/icinga2-results.ts";
import { nameOf, rowAfter, rowOf } from "../../../nagios/icinga2-row.ts";
import { openVars } from "../../../nagios/icinga2-vars.ts";
import { JsonRows } from "../../../nagios/json-rows.ts";
import { RowScan } from "../../../nagios/livestatus-rows.ts";
import { takeLogCensus } from "../../../nagios/log-census.ts";
import { readNagiosCfg } from "../../../nagios/nagios-cfg.ts";
import { readLogLine } from "../../../nagios/nagios-log.ts";
import { readObjectCache } from "../../../nagios/object-cache.ts";
import { readPushedEvents } from "../../../nagios/pushed-events.ts";
import { StatusReader } from "../../../nagios/status-dat.ts";
import { Warnings } from "../../../nagios/warnings.ts";
import { AnswerReading } from "../../../src/ingest/livestatus-reading.ts";
import { readSourceJson } from "../../../src/ingest/read-source-json.ts";
import { readStatusSlowly } from "../../support/slow-status.ts";
import { demand, fixtures, outline, type Target } from "./target.ts";

const NOW = 1_795_356_000;
const UTC = () => 0;

/** `status.dat`: the fast reader says what the slow one says, and what it says of the second file fits. */
const statusDat: Target = {
  name: "status-dat",
  seeds: () => fixtures("status", /status\.dat$/, 12_000),
  run: (input) => {
    const read = new StatusReader().read(input);
    const slow = readStatusSlowly(input);
    // Of a file that is not whole nothing is taken.
    demand(
      !slow.complete || isDeepStrictEqual([...read.statuses], slow.statuses),
      "reading by jumps and by lines differ",
    );
    demand(read.complete === slow.complete, "reading by jumps and line by line differ in whether the file is whole");
    const reader = new StatusReader();
    reader.read(input);
    reader.read(input.subarray(0, input.length >> 1));
    const again = reader.read(input);
    demand(again.complete === read.complete, "a second reading differs in whether the file is whole");
    return `${Math.min(20, read.statuses.length)} ${read.complete} ${outline(read)}`;
  },
};

const objectsCache: Target = {
  name: "objects-cache",
  seeds: () => fixtures("status", /objects\.cache$/, 12_000),
  run: (input) => outline(readObjectCache(input)),
};

const nagiosLog: Target = {
  name: "nagios-log",
  seeds: () => fixtures("status", /nagios\.log$/, 6_000),
  run: (input) => {
    const kinds = new Set<string>();
    for (let from = 0; from < input.length; ) {
      const end = input.indexOf(10, from);
      const to = end < 0 ? input.length : end;
      kinds.add(readLogLine(input.subarray(from, to))?.kind ?? "none");
      from = to + 1;
    }
    return `${[...kinds].toSorted()} ${outline(takeLogCensus(input))}`;
  },
};

const nagiosCfg: Target = {
  name: "nagios-cfg",
  seeds: () => fixtures("status", /nagios\.cfg$/),
  run: (input) => outline(readNagiosCfg(input.toString(), "/etc/nagios4")),
};

/** Answers of CGIs and of Livestatus: the same wherever they are cut into chunks. */
const answers: Target = {
  name: "json-answers",
  seeds: () => [...fixtures("cgi", /\.json$/, 8_000), ...fixtures("livestatus", /\.(?:out|json)$/, 8_000)],
  run: (input) => {
    const reading = readSourceJson(input, { now: NOW, offset: UTC });
    const scanned = (size: number) => {
      const scan = new RowScan();
      const rows = [];
      for (let at = 0; at < input.length; at += size) {
        rows.push(...scan.push(input.subarray(at, at + size)));
      }
      return { rows, fault: scan.end() };
    };
    const [whole, pieces] = [scanned(input.length + 1), scanned(61)];
    // What is wrong may be seen sooner or later, good rows before it may be told or not.
    demand(whole.fault !== null || isDeepStrictEqual(whole, pieces), "rows differ by how the answer is cut");
    const rows = (size: number) => {
      const told: unknown[] = [];
      const scan = new JsonRows(
        new Map([
          ["result", 0],
          ["data.hostlist", 1],
          ["data.servicelist", 2],
        ]),
        (row) => told.push(row),
      );
      for (let at = 0; at < input.length; at += size) {
        scan.feed(input.subarray(at, at + size));
      }
      return { told, broken: scan.broken, fault: scan.finish() };
    };
    demand(isDeepStrictEqual(rows(input.length + 1), rows(53)), "rows of JSON differ by how the answer is cut");
    return `${whole.fault} ${Math.min(9, whole.rows.length)} ${outline(reading)}`;
  },
};

const livestatusAnswer: Target = {
  name: "livestatus-answer",
  seeds: () =>
    fixtures("livestatus", /\.out$/, 4_000).map((body) =>
      Buffer.concat([Buffer.from(`200 ${`${body.length}`.padStart(11)}\n`), body]),
    ),
  run: (input) => {
    const taken: number[] = [];
    const take = (bytes: Buffer) => {
      taken.push(bytes.length);
      return null;
    };
    const reading = new AnswerReading({ kind: "unix", path: "/x" }, { table: "hosts", text: "", wait: 0, take });
    let progress: unknown = "more";
    for (let at = 0; at < input.length && progress === "more"; at += 97) {
      progress = reading.take(input.subarray(at, at + 97));
    }
    return typeof progress === "string" ? progress : outline(progress);
  },
};

const icinga2: Target = {
  name: "icinga2-objects",
  seeds: () => fixtures("icinga2", /\.json$/, 12_000),
  run: (input) => {
    const warnings = new Warnings();
    const told: string[] = [];
    for (const text of new Icinga2Results().take(input)) {
      const result = parseAttrs(text);
      const attrs = attrsOf(result?.["attrs"]) ?? result;
      if (attrs === undefined) {
        continue;
      }
      readGreeting(attrs);
      const vars = openVars(attrs);
      for (const isService of [true, false]) {
        const name = nameOf(attrs, isService, warnings);
        if (name !== undefined) {
          const command = commandText(String(attrs["check_command"]), vars as never, vars as never);
          told.push(outline(rowOf(name, attrs, command, warnings)), outline(monitoredHost(name, attrs)));
          monitoredCheck(name, attrs);
        }
      }
      told.push(outline(commentOf(attrs)), outline(downtimeOf(attrs, NOW)), outline(parentHost(attrs)));
    }
    return `${told.length} ${told.slice(0, 3).join(";")} ${warnings.list().length}`;
  },
};

const icinga2Event: Target = {
  name: "icinga2-event",
  seeds: () =>
    fixtures("icinga2", /events\.ndjson$/).flatMap((file) =>
      file
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => Buffer.from(line)),
    ),
  run: (input) => {
    const event = readEvent(input.toString());
    if (event !== undefined && "host" in event && event.kind === "result") {
      const warnings = new Warnings();
      rowAfter(rowOf(event, {}, null, warnings), event);
    }
    return outline(event);
  },
};

const eventLines: Target = {
  name: "event-line",
  seeds: () => {
    const fields = { host: "web01", check: "HTTP", state: "CRITICAL", stateType: "HARD", attempt: "3", output: "x; y" };
    return [eventLine({ time: `${NOW}`, ...fields } as never) ?? "", "SERVICE ALERT: a;b;OK;HARD;1;x"].map((line) =>
      Buffer.from(line),
    );
  },
  run: (input) => outline(readEventLine(input)),
};

const pushed: Target = {
  name: "pushed-events",
  seeds: () => [
    Buffer.from(
      JSON.stringify({
        events: [
          {
            host: "db01",
            check: "MySQL",
            state: "CRITICAL",
            stateType: "HARD",
            output: "down",
            time: "2026-11-22T13:58:02Z",
          },
          { host: "db01", state: "DOWN", gone: false, attempt: 1, maxAttempts: 3, command: "check_mysql!3306" },
        ],
      }),
    ),
    Buffer.from(
      JSON.stringify({
        version: "4",
        status: "firing",
        alerts: [
          {
            status: "firing",
            labels: { alertname: "Down", instance: "db01:9100", severity: "critical" },
            annotations: { summary: "gone" },
            startsAt: "2026-11-22T13:58:02Z",
            endsAt: "0001-01-01T00:00:00Z",
            fingerprint: "abc",
          },
        ],
      }),
    ),
  ],
  run: (input) => `${outline(readPushedEvents(input.toString()))} ${outline(readAlertmanager(input.toString()))}`,
};

/** All of them. */
export const MONITORING_TARGETS: readonly Target[] = [
  ...[statusDat, objectsCache, nagiosLog, nagiosCfg, answers, livestatusAnswer],
  ...[icinga2, icinga2Event, eventLines, pushed],
];
