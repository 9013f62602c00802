/** The demo: a whole daemon of its own, fed by a generated site, by this machine's agent, or by a real Nagios. */
import { mkdtemp } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { REPORT_PATH, type Report, SENT_HEADER } from "../../agent/report.ts";
import type { Config, SourceConfig } from "../config/config-value.ts";
import { configFrom } from "../config.ts";
import { type Daemon, startDaemon } from "../daemon/start-daemon.ts";
import { DotmError } from "../errors.ts";
import { findNagiosConfigs, NAGIOS_PLACES } from "../ingest/find-nagios.ts";
import { addToken } from "../ingest/token-file.ts";
import type { Logger } from "../logger.ts";
import { type LocalAgent, startLocalAgent } from "./local-agent.ts";
import { OBJECTS_FILE, prepareDemoSite, runDemoSite, STATUS_FILE } from "./site/run-demo-site.ts";

/** What the demo is asked for; see the command line's own words for them. */
export interface DemoRequest {
  readonly kind: "site" | "local" | "nagios";
  /** Path of nagios.cfg, null to search for it. */
  readonly nagiosConfig: string | null;
  /** Null for 4880, or a free one where that is taken. */
  readonly port: number | null;
  /** Null for a folder below `defaultDataDir`. */
  readonly dataDir: string | null;
  readonly defaultDataDir: string;
  readonly version: string;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A running demo: the daemon, and what feeds it; `ended` rejects where a feeding part ends by itself, too. */
export type Demo = Daemon;

const PORT = 4880;

/** Seconds between two reports of this machine's agent. */
const INTERVAL = 5;

/** Starts the demo; resolves when its pages are served. */
export async function startDemo(request: DemoRequest): Promise<Demo> {
  const { daemon, dataDir } = await startWherePossible(request);
  const feed = request.kind === "site" ? feedSite(daemon, dataDir, request) : feedLocal(daemon, dataDir, request);
  const stop = async () => {
    await feed.stop();
    await daemon.stop();
  };
  return { ...daemon, ended: Promise.race([daemon.ended, feed.ended]), stop };
}

/** Falls back to a free port where 4880 is taken, and to a folder of its own where another demo holds the usual one. */
async function startWherePossible(request: DemoRequest): Promise<{ daemon: Daemon; dataDir: string }> {
  const { logger, now, version } = request;
  const start = async (dataDir: string, port: number) => {
    const config = demoConfig(request, dataDir, port);
    if (request.kind === "site") {
      await prepareDemoSite(siteDir(dataDir), now());
    }
    return { daemon: await startDaemon({ config, logger, now, version }), dataDir };
  };
  const usual = request.dataDir ?? join(request.defaultDataDir, `demo-${request.kind}`);
  try {
    return await start(usual, request.port ?? PORT);
  } catch (error) {
    const locked = error instanceof DotmError && error.code === "DOTM_LOCKED" && request.dataDir === null;
    const taken = error instanceof DotmError && error.code === "DOTM_ADDRESS_TAKEN" && request.port === null;
    if (!locked && !taken) {
      throw error;
    }
    return start(locked ? await mkdtemp(join(tmpdir(), "dotm-demo-")) : usual, 0);
  }
}

function demoConfig(request: DemoRequest, dataDir: string, port: number): Config {
  const config = configFrom({
    data_dir: dataDir,
    roles: ["engine", "collector", "web"],
    web: { listen: `127.0.0.1:${port}` },
    agents: { auth: request.kind === "site" ? "none" : "token", interval: INTERVAL },
    log: { level: "warn", format: "text" },
  });
  return { ...config, sources: sourcesOf(request, dataDir) };
}

/** As Nagios writes its status file where nobody changed its configuration, seconds. */
const TIMES = { updateInterval: 10, intervalLength: 60 };

function sourcesOf({ kind, nagiosConfig }: DemoRequest, dataDir: string): SourceConfig[] {
  if (kind === "site") {
    const [statusFile, objectsFile] = [join(siteDir(dataDir), STATUS_FILE), join(siteDir(dataDir), OBJECTS_FILE)];
    return [
      {
        name: "nagios",
        site: null,
        type: "status-file",
        statusFile,
        objectsFile,
        logFile: null,
        eventPipe: null,
        ...TIMES,
      },
    ];
  }
  return kind === "nagios"
    ? [{ name: "nagios", site: null, type: "nagios", config: nagiosConfig ?? findNagios(), eventPipe: null }]
    : [];
}

function findNagios(): string {
  const [found] = findNagiosConfigs();
  if (found === undefined) {
    const next = "Give its path: npm start -- --nagios /path/to/nagios.cfg";
    throw new DotmError("DOTM_NOT_FOUND", `no nagios.cfg found (looked at ${NAGIOS_PLACES.configs.join(", ")})`, next);
  }
  return found;
}

function siteDir(dataDir: string): string {
  return join(dataDir, "site");
}

/** What feeds the daemon. */
interface Feed {
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

function feedSite(daemon: Daemon, dataDir: string, { now, logger }: DemoRequest): Feed {
  const end = new AbortController();
  const running = runDemoSite({
    dir: siteDir(dataDir),
    postReport: (_, report) => post(daemon.url, report, now()),
    now,
    scenario: "cascade",
    signal: end.signal,
    onTrouble: (host, error) => logger.warn({ host, error }, "a report of the demo could not be sent"),
  });
  return {
    ended: new Promise<never>((_, reject) => running.catch(reject)),
    stop: async () => {
      end.abort();
      await running.catch(() => undefined);
    },
  };
}

function feedLocal(daemon: Daemon, dataDir: string, { logger }: DemoRequest): Feed {
  const host = hostname();
  const token = addToken(join(dataDir, "agent-tokens.json"), host);
  const agent: LocalAgent = startLocalAgent({ server: daemon.url, host, token, dataDir, interval: INTERVAL, logger });
  return { ended: agent.ended, stop: () => agent.stop() };
}

async function post(url: string, report: Report, now: number): Promise<void> {
  const response = await fetch(new URL(REPORT_PATH.slice(1), url), {
    method: "POST",
    headers: { "Content-Type": "application/json", [SENT_HEADER]: new Date(now * 1000).toISOString() },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) {
    throw new DotmError("DOTM_REPORT_REFUSED", `HTTP ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }
  await response.arrayBuffer();
}
