/** Every endpoint of a whole daemon, asked over a socket: never 500, never a hang, never a broken page or JSON. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon } from "../../../src/daemon/start-daemon.ts";
import { type Logger, SILENT } from "../../../src/logger.ts";
import { API_ROUTES } from "../../../src/web/api/api-v1.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { eventually } from "../../support/process.ts";
import { startTestStore } from "../../support/redis.ts";
import { loadHosts, sendRound } from "../../support/report-load.ts";
import { brokenMarkup, CANARY } from "./markup.ts";
import { ask, framed, type RawAnswer } from "./raw-request.ts";
import { demand, type Target } from "./target.ts";

/** Seconds that the daemon's clock goes on with each request: limits of how often one may ask are not what is looked for. */
const STEP = 0.2;

const VALUES = [
  "app00",
  "App 8080",
  "app01:8080",
  `"><${CANARY} a="`,
  `<${CANARY}>`,
  "%24HOSTNAME%24",
  "down:app00",
  "2026-11-22T14:00:00Z",
];
const NAMES = [
  "host",
  "srv",
  "q",
  "page",
  "at",
  "whatif",
  "theme",
  "palette",
  "dependents",
  "dependencies",
  "from",
  "to",
  "limit",
  "kind",
  "format",
];

const PAGES = [
  ...[
    "/",
    "/graph",
    "/image",
    "/popup",
    "/embed/graph",
    "/embed/map",
    "/map",
    "/host/app00",
    "/services",
    "/geo",
    "/report",
  ],
  ...[
    "/history",
    "/settings",
    "/rules",
    "/hosts",
    "/health",
    "/node/app00",
    "/api",
    "/api/v1/openapi.json",
    "/healthz",
  ],
  ...["/readyz", "/metrics", "/api/v1/changes", "/assets/nagios.js", "/nowhere"],
  ...[
    "nodes",
    "nodes/suggestions",
    "nodes/app00",
    "services",
    "geo/nodes",
    "settings",
    "mon/nodes",
    "mon/nodes/app00",
  ].map((path) => `/backend/${path}`),
  ...["mon/nodes/app00/status", "mon/services/app00", "report", "config", "history"].map((path) => `/compat/${path}`),
];

const HEADERS = [
  "Accept: text/html",
  "Accept: application/json",
  "Accept: image/svg+xml",
  'If-None-Match: "x"',
  "Last-Event-ID: 1-0",
  "X-Forwarded-Prefix: /dotm",
  "Range: bytes=0-1",
  "Accept-Encoding: gzip",
  "Accept-Language: de",
];

/** A started daemon as a target. */
export interface HttpTarget {
  readonly target: Target;
  readonly stop: () => Promise<void>;
}

/** Starts a daemon with a small site. */
export async function startHttpTarget(): Promise<HttpTarget> {
  const folder = await mkdtemp(join(tmpdir(), "dotm-fuzz-"));
  const store = await startTestStore();
  let ahead = 0;
  const now = () => Date.now() / 1_000 + ahead;
  const sources = [{ name: "alerts", site: null, type: "push", token: null, staleAfter: 86_400 }] as const;
  const config = daemonConfig(folder, store.options, { sources });
  let logged: object[] = [];
  const logger: Logger = { ...SILENT, error: (fields) => logged.push(fields) };
  const daemon = await startDaemon({ config, version: "0", logger, now });
  await sendRound([daemon], 1, loadHosts(5), now());
  await eventually("a site", async () => ((await fetch(`${daemon.url}host/app00`)).status === 200 ? true : undefined));
  const port = Number(new URL(daemon.url).port);
  return {
    target: {
      name: "http",
      seeds: () => requestsTo(port),
      run: async (input) => {
        ahead += STEP;
        const bytes = framed(input);
        logged = [];
        const answer = await ask(port, bytes);
        judge(answer, bytes, logged);
        const length = Math.floor(Math.log2(answer.body.length + 1));
        return `${answer.status} ${answer.headers.get("content-type")} ${length} ${bytes.toString("latin1", 0, 12)}`;
      },
    },
    stop: async () => {
      await daemon.stop();
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `logged`: errors that the daemon wrote down meanwhile. @throws where the answer is not one that anybody may get */
export function judge(
  { status, headers, body, hung }: RawAnswer,
  request: Buffer,
  logged: readonly object[] = [],
): void {
  // What failed may never fail again, so its place goes along.
  const log = logged.map((fields) => `\nlog: ${JSON.stringify(fields)}`).join("");
  demand(!hung, `no answer within 10 s${log}`);
  demand(status !== 0 || request.length === 0, `the server hung up without a word${log}`);
  demand(status !== 500 && status !== 502, `answered ${status}${log}\n${body.slice(0, 300)}`);
  demand(
    status !== 503 || headers.has("retry-after") || /readyz/.test(request.toString("latin1", 0, 200)),
    `503${log}\n${body.slice(0, 300)}`,
  );
  const type = headers.get("content-type") ?? "";
  if (body === "") {
    return;
  }
  if (/\bjson\b/.test(type)) {
    JSON.parse(body);
  }
  const kind = /^text\/html/.test(type) ? "html" : "svg";
  // Some of the original's answers are bare words of that type.
  if (/^(?:text\/html|image\/svg)/.test(type) && body !== "OK") {
    const broken = brokenMarkup(body, kind);
    demand(broken === undefined, `broken ${kind}: ${broken}`);
  }
}

/** A request of each kind for each page, picture, answer and write. */
export function requestsTo(port: number): Buffer[] {
  const paths = [...PAGES, ...API_ROUTES.filter(({ method }) => method === "get").map(apiPath)];
  const query = (at: number) => {
    const name = NAMES[at % NAMES.length];
    return `host=app00&srv=App+8080&${name}=${encodeURIComponent(VALUES[at % VALUES.length] ?? "")}`;
  };
  const get = paths.flatMap((path, at) => [
    request(port, `GET ${path}`),
    request(port, `GET ${path}?${query(at)}`, [HEADERS[at % HEADERS.length] ?? ""]),
  ]);
  return [...get, ...writes(port)];
}

function apiPath({ path, query }: (typeof API_ROUTES)[number]): string {
  const names = Object.keys(query.shape).map(
    (name, at) => `${name}=${encodeURIComponent(VALUES[at % VALUES.length] ?? "")}`,
  );
  return `${path.replace("{setting}", "aging").replace(/\{\w+\}/g, "app00")}?${names.join("&")}`;
}

function writes(port: number): Buffer[] {
  const json = ["Content-Type: application/json"];
  const form = ["Content-Type: application/x-www-form-urlencoded", `Origin: http://127.0.0.1:${port}`];
  const events = { events: [{ host: "app00", check: `<${CANARY}>`, state: "CRITICAL", output: `"><${CANARY} x='` }] };
  return [
    request(port, "POST /api/v1/agents/report", json, '{"version":1,"host":"app00","time":"2026-11-22T14:00:00Z"}'),
    request(port, "POST /api/v1/events?source=alerts", json, JSON.stringify(events)),
    request(port, "POST /api/v1/webhooks/alertmanager", json, '{"version":"4","alerts":[]}'),
    request(port, "PUT /api/v1/settings/aging", json, '{"values":{"Services":"300"}}'),
    request(port, "POST /api/v1/settings/service_mapping", json, `{"field":"mysqld","value":"^<${CANARY}>"}`),
    request(port, "DELETE /api/v1/settings/service_mapping?field=mysqld", json, "{}"),
    request(port, "POST /settings", form, "setting=aging&field=Services&value=300&action=set"),
    request(port, "POST /rules", form, `process=mysqld&check=%5E%3C${CANARY}%3E&action=add`),
    request(port, "POST /hosts", form, "host=%3Cx%3E&action=remove"),
    request(port, "POST /backend/settings/set/aging", form, "key=aging&value=%7B%22Services%22%3A300%7D"),
    request(port, "OPTIONS /"),
    request(port, "HEAD /graph?host=app00"),
    request(port, "TRACE /", ["X-A: b"]),
    request(port, "PUT /map", json, "{}"),
  ];
}

function request(port: number, line: string, headers: readonly string[] = [], body = ""): Buffer {
  return Buffer.from([`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, "", body].join("\r\n"), "latin1");
}
