/** Readers of what people write (rules, settings, dotm.yaml, addresses of pages) and of what comes back from disk and Redis. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYamlFile } from "../../../src/config/yaml-file.ts";
import { readConfig } from "../../../src/config.ts";
import { DotmError } from "../../../src/errors.ts";
import { geoDatabase } from "../../../src/ingest/geo-database.ts";
import { readHtpasswd } from "../../../src/ingest/htpasswd-file.ts";
import { readRecords, recordHead } from "../../../src/ingest/journal-record.ts";
import { compileRules, ruleMeans, rulesFor } from "../../../src/mapping/user-rules.ts";
import { decodeRecord, encodeRecord } from "../../../src/store/dump-record.ts";
import { packEntry, snapshotHead, snapshotLines, unpackEntry } from "../../../src/store/history-codec.ts";
import { isHostPart, isPortPart, keys, parseConnectionKey, parseProblemMember } from "../../../src/store/keys.ts";
import * as codec from "../../../src/store/record-codec.ts";
import { isSettingName, refuseValue, type SettingName } from "../../../src/store/setting-rules.ts";
import { type SettingEntry, settingsFrom } from "../../../src/store/settings-from.ts";
import { taskFrom } from "../../../src/store/task.ts";
import { decodeLenient, parseTarget } from "../../../src/web/url-contract.ts";
import { parseView, viewQuery } from "../../../src/web/view-parameters.ts";
import { writeMmdb } from "../../support/mmdb.ts";
import { demand, outline, type Target } from "./target.ts";

const lines = (input: Buffer): string[] => input.toString().split("\n");

/** First line the check side, second the process side, the rest names they are held against. */
const rules: Target = {
  name: "rules",
  seeds: () =>
    [
      "^mysql.*\nmysqld\nMySQL\nmysqld",
      "(a+)+$|b\n^(a|aa)+$\naaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
      "[[:alpha:]]{1,50}\n\\p{Greek}.*\nÖÄ",
    ].map((text) => Buffer.from(text)),
  run: (input) => {
    const [check = "", process = "", ...names] = lines(input);
    const { rules: compiled, errors } = compileRules([
      { check, process },
      { check: process, process: check },
    ]);
    const hits = names.slice(0, 20).flatMap((name) => rulesFor(compiled, name));
    const means = names.slice(0, 20).filter((name) => compiled.rules.some((rule) => ruleMeans(rule, name)));
    return `${errors.map(({ reason }) => reason.replace(/[\d"].*/, "").slice(0, 40))} ${Math.min(5, hits.length)} ${means.length}`;
  },
};

const SETTINGS = [
  ...["fetch_parameters", "other_internal_networks", "user_node_aliases", "nagios_instance", "history", "aging"],
  ...["expire", "hiding", "service_mapping", "service_port_whitelist", "service_name_whitelist"],
].filter(isSettingName);

/** Lines `setting field value`, the value with what follows. */
const settings: Target = {
  name: "settings",
  seeds: () => [
    Buffer.from(
      "aging Services 300\nhiding Connections 3600\nother_internal_networks - 10.0.0.0/8\nuser_node_aliases web1 web01",
    ),
    Buffer.from(
      "service_mapping mysqld ^mysql.*\nservice_port_whitelist - 22,25,80\nnagios_instance url https://mon/nagios/",
    ),
    Buffer.from(
      "history interval 300\nexpire Services 30\nservice_name_whitelist - sshd ntpd\nfetch_parameters method agent",
    ),
  ],
  run: (input) => {
    const stored = new Map<SettingName, SettingEntry[]>();
    const refused = lines(input).map((line) => {
      const [name = "", field = "", ...value] = line.split(" ");
      const setting = isSettingName(name) ? name : (SETTINGS[line.length % SETTINGS.length] as SettingName);
      stored.set(setting, [...(stored.get(setting) ?? []), { field, value: value.join(" ") }]);
      return refuseValue(setting, value.join(" "), field) === undefined;
    });
    const { settings: made, problems } = settingsFrom(stored);
    return `${refused} ${problems.length} ${outline(made)}`;
  },
};

const AROUND = {
  env: {},
  cwd: "/nowhere",
  home: "/nowhere",
  root: false,
  systemFolder: "/nowhere",
  systemData: "/nowhere",
};
const YAML = `redis: { url: "redis://127.0.0.1:6379" }
web: { listen: "127.0.0.1:4880", base_path: /dotm/, frame_ancestors: ["https://icinga.example.net"] }
sources:
  - { name: nagios, type: status-file, status_file: /var/lib/nagios/status.dat, update_interval: 10 }
  - { name: icinga, type: icinga2, url: "https://127.0.0.1:5665", user: dotm, password_file: /etc/dotm/p }
  - { name: live, type: livestatus, socket: /run/live }
agents: { auth: token, pull: [{ host: web01, type: original, address: 127.0.0.1, port: 4848 }] }
topology: { dependencies: [{ from: "web01:80", to: "db01/mysqld" }], exclude: ["web01:*"], groups: [{ members: ["a:1"], operator: best }] }
`;

const yaml: Target = {
  name: "dotm-yaml",
  seeds: () => [Buffer.from(YAML), Buffer.from("web: &a { listen: '127.0.0.1:1' }\nauth: none\nlog: *a\n")],
  run: async (input) => {
    const { problems } = parseYamlFile(input.toString(), "dotm.yaml");
    const folder = mkdtempSync(join(tmpdir(), "dotm-fuzz-"));
    try {
      const file = join(folder, "dotm.yaml");
      writeFileSync(file, input);
      const read = readConfig({ file }, AROUND);
      demand(read.config !== undefined || read.problems.length > 0, "neither a configuration nor a problem");
      return `${problems.length} ${read.problems.map(({ text }) => text.slice(0, 20)).slice(0, 3)} ${outline(read.config)}`;
    } catch (error) {
      if (error instanceof DotmError) {
        return error.code;
      }
      throw error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A database of places; a foreign file as people fetch it. */
const mmdb: Target = {
  name: "mmdb",
  seeds: () => [
    writeMmdb({
      "203.0.113.0/24": { city: { names: { en: "Aachen" } }, location: { latitude: 50.8, longitude: 6.1 } },
      "198.51.100.0/25": { country: { names: { en: "Norway" } } },
    }),
  ],
  run: async (input) => {
    const folder = mkdtempSync(join(tmpdir(), "dotm-fuzz-"));
    try {
      const file = join(folder, "x.mmdb");
      writeFileSync(file, input);
      const places = await geoDatabase(file)();
      const found = ["203.0.113.7", "198.51.100.1", "10.0.0.1", "2001:db8::1", "nonsense"].map((address) =>
        places.find(address),
      );
      return `${places.fault.slice(-40)} ${found.map(outline)}`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const HEAD = { at: 1_795_000_000, hosts: 2, problems: 1, text: 10, from: { id: "1-0", writer: "a", n: 1 } };

const history: Target = {
  name: "history",
  seeds: () => [
    Buffer.concat([Buffer.from(`dotm-history 1 ${JSON.stringify(HEAD)}\n`), Buffer.from([0x8b, 1, 0x80, 0x61, 3])]),
  ],
  run: async (input) => {
    const text = input.toString();
    const packed = await packEntry([text] as never);
    const entries = [
      await unpackEntry(input),
      await unpackEntry(packed.subarray(0, packed.length - 1)),
      await unpackEntry(packed),
    ];
    return `${outline(snapshotHead(input))} ${(await snapshotLines(input))?.length} ${entries.map((entry) => typeof entry)}`;
  },
};

/** Values as they come back from Redis. */
const records: Target = {
  name: "redis-values",
  seeds: () =>
    [
      {
        node: "web01",
        status: "UP",
        last_check: 1,
        last_status_change: 1,
        status_information: "x",
        services_alerts: {},
        other_alerts: {},
      },
      {
        node: "web01",
        service: "HTTP",
        status: "OK",
        last_check: "1",
        last_status_change: 1,
        status_information: "",
        services: ["web01:80"],
      },
      { host: "web01", state: "UP", nodes: [{ id: "web01:80", checks: ["HTTP"] }], edges: [], lastReport: 1 },
      {
        problem: { host: "db01", check: "MySQL", state: "CRITICAL" },
        failed: [],
        affected: [],
        hosts: [],
        summary: "x",
      },
      { first: 1, last: 2, count: 3, provenance: "both", rhythm: [1, 2] },
      { id: "8f14e45f-ceea-4167-a7a0-000000000000", fn: "reload", args: [], kwargs: {}, declined: ["a"] },
      {
        kind: "health",
        source: "nagios",
        type: "status-file",
        ok: true,
        error: null,
        asOf: 1,
        staleAfter: 60,
        hosts: 1,
        checks: 1,
      },
    ].map((value) => Buffer.from(JSON.stringify(value))),
  run: (input) => {
    const json = input.toString();
    const readers = [
      ...[
        codec.nodeFromJson,
        codec.hostCheckFromJson,
        codec.serviceCheckFromJson,
        codec.checksFromJson,
        codec.edgeFromJson,
      ],
      ...[
        codec.listenerFromJson,
        codec.graphFromJson,
        codec.notesFromJson,
        codec.impactFromJson,
        codec.sourceFromJson,
        taskFrom,
      ],
    ];
    return readers.map((read) => outline(read(json)).length).join();
  },
};

/** Users of Nagios and Apache. */
const htpasswd: Target = {
  name: "htpasswd",
  seeds: () => [
    Buffer.from(
      "admin:$apr1$abcdefgh$ABCDEFGHIJKLMNOPQRSTU/\nops:$2y$10$abcdefghijklmnopqrstuv\nx:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n",
    ),
  ],
  run: (input) => {
    const { hashes, unusable, dearest } = readHtpasswd(input.toString());
    return `${Math.min(9, hashes.size)} ${Math.min(9, unusable.length)} ${dearest.slice(0, 6)}`;
  },
};

/** What our own files hold after a crash. */
const files: Target = {
  name: "own-files",
  seeds: () => {
    const payload = encodeRecord({
      kind: "value",
      key: Buffer.from("dotm::nodes"),
      value: Buffer.from("x"),
      expires: 0,
    } as never);
    return [payload, Buffer.concat([recordHead(payload), payload, recordHead(payload), payload])];
  },
  run: (input) => {
    const found = [...readRecords(input)].map(({ payload }) => outline(decodeRecord(payload)));
    return `${found} ${outline(decodeRecord(input))}`;
  },
};

/** Addresses of pages and names in keys. */
const addresses: Target = {
  name: "addresses",
  seeds: () =>
    [
      "host=db01&srv=MySQL&dependents=3&whatif=down:db01:3306&at=2026-11-22T14:00:00Z&theme=dark",
      "host=%24HOSTNAME%24&srv=a%2Bb&down=2",
      "dotm::connections::a::80::b",
    ].map((text) => Buffer.from(text)),
  run: (input) => {
    const text = input.toString();
    const target = parseTarget(text);
    const view = parseView(text);
    viewQuery(view);
    const key = parseConnectionKey(text);
    demand(
      key === undefined || keys.connection(key.node, key.port, key.remote) === text,
      "a key is not what it was made of",
    );
    const decoded = decodeLenient(text);
    demand(!/\p{Cs}/u.test(decoded), "a decoded text holds half a character");
    return `${outline(target)} ${outline(view)} ${outline(key)} ${outline(parseProblemMember(text))} ${isHostPart(text)} ${isPortPart(text)}`;
  },
};

/** All of them. */
export const OWN_TARGETS: readonly Target[] = [
  rules,
  settings,
  yaml,
  mmdb,
  history,
  records,
  htpasswd,
  files,
  addresses,
];
