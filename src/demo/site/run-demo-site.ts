/** Runs the demo's site: writes its status.dat again and again as Nagios does, and sends its agents' reports. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../../../agent/report.ts";
import { agentReport } from "./agent-report.ts";
import { objectsText } from "./objects-text.ts";
import type { ScenarioName } from "./scenario.ts";
import { shop } from "./shop.ts";
import type { Site } from "./site.ts";
import { statusText } from "./status-text.ts";

/** What the site needs of the world. */
export interface DemoSiteOptions {
  /** Folder for status.dat and objects.cache; made where it is missing. */
  readonly dir: string;
  /** Sends one report; a rejection is told to `onTrouble`, the next round tries again. */
  readonly postReport: (host: string, report: Report) => Promise<void>;
  /** Unix seconds. */
  readonly now: () => number;
  readonly scenario: ScenarioName;
  /** Ends the site. */
  readonly signal: AbortSignal;
  readonly seed?: number;
  /** Told of reports that could not be sent. */
  readonly onTrouble?: (host: string, error: unknown) => void;
  /** Waits that many seconds, or until the signal; rejects then. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Names of the two files within the folder. */
export const STATUS_FILE = "status.dat";
export const OBJECTS_FILE = "objects.cache";

/** Seconds between two writes of status.dat, and between two reports of a host. */
const STATUS_SECONDS = 2;
const REPORT_SECONDS = 10;

/**
 * Writes both files as they are when nothing has happened yet, so that a source finds them before the site runs.
 * `now` is Unix seconds.
 */
export async function prepareDemoSite(dir: string, now: number): Promise<void> {
  await writeDemoFiles(dir, shop(), { scenario: "calm", now: () => now }, Math.floor(now));
}

/**
 * Runs the site until the signal; resolves then. status.dat and objects.cache are there before the first report.
 * Rejects where the folder cannot be written.
 */
export async function runDemoSite(options: DemoSiteOptions): Promise<void> {
  const site = shop();
  const startedAt = Math.floor(options.now());
  await writeDemoFiles(options.dir, site, options, startedAt);
  const running = new AbortController();
  const signal = AbortSignal.any([options.signal, running.signal]);
  const wait = options.wait ?? pause;
  try {
    await Promise.all([
      repeat(STATUS_SECONDS, signal, wait, () => writeStatus(options.dir, site, options, startedAt)),
      repeat(REPORT_SECONDS, signal, wait, (round) => sendReports(site, options, startedAt, round)),
    ]);
  } finally {
    // Where one of the two fails, the other must not go on by itself.
    running.abort();
  }
}

/** What the files depend on. */
type Story = Pick<DemoSiteOptions, "scenario" | "seed" | "now">;

async function writeDemoFiles(dir: string, site: Site, options: Story, startedAt: number): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, OBJECTS_FILE), objectsText(site));
  await writeStatus(dir, site, options, startedAt);
}

/** Nagios writes a temporary file beside status.dat and renames it, so that no reader sees half of it. */
async function writeStatus(dir: string, site: Site, options: Story, startedAt: number): Promise<void> {
  const { scenario, seed = 1, now } = options;
  const text = statusText(site, { scenario, seed, startedAt, now: Math.floor(now()) });
  const temporary = join(dir, `nagios.tmp${process.pid}`);
  await writeFile(temporary, text, { mode: 0o664 });
  await rename(temporary, join(dir, STATUS_FILE));
}

async function sendReports(site: Site, options: DemoSiteOptions, startedAt: number, round: number): Promise<void> {
  const { seed = 1, now, postReport, onTrouble, signal } = options;
  const boot = `demo-${seed}-${startedAt}`;
  for (const host of site.hosts.filter(({ agent }) => agent)) {
    if (signal.aborted) {
      return;
    }
    const moment = { now: now(), sequence: round + 1, interval: REPORT_SECONDS, boot, seed };
    try {
      await postReport(host.name, agentReport(site, host, moment));
    } catch (error) {
      onTrouble?.(host.name, error);
    }
  }
}

async function repeat(
  seconds: number,
  signal: AbortSignal,
  wait: (seconds: number, signal: AbortSignal) => Promise<unknown>,
  act: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    await act(round);
    try {
      await wait(seconds, signal);
    } catch {
      return;
    }
  }
}

function pause(seconds: number, signal: AbortSignal): Promise<unknown> {
  return sleep(seconds * 1000, undefined, { signal });
}
