/** One host that is asked for its report: by its own agent, the original's, or over SSH. */
import type { PullConfig } from "../config/config-value.ts";
import type { SeenBefore } from "../host-text/group-rows.ts";
import { FAULTS } from "../host-text/text-report.ts";
import { type CapturedReport, type CaptureHead, capturedReport } from "./captured-report.ts";
import { fetchAgent } from "./fetch-agent.ts";
import { FetchFault } from "./fetch-fault.ts";
import { fetchSsh } from "./fetch-ssh.ts";
import { fetchTcp } from "./fetch-tcp.ts";
import type { PolledHost } from "./host-poller.ts";
import { ReportRefused } from "./report-refused.ts";

/** What asking a host needs. */
export interface PulledHostDeps {
  /** User of SSH where the configuration names none; seconds between two looks. Read anew each time. */
  readonly parameters: () => { readonly sshUser: string; readonly interval: number };
  /** Whether a host that calls itself `told` is the one of this name. */
  readonly isHost: (told: string, name: string) => boolean;
  /** Takes the report in; rejects where it cannot. */
  readonly take: (raw: Buffer) => Promise<void>;
  /** Told of an answer that is no report of this host. */
  readonly refused: (refusal: ReportRefused) => void;
  /** An opaque name for this run of the program: a new one begins a new count of reports. */
  readonly boot: string;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Milliseconds one host may take in all. */
const TOTAL = 30_000;
/** Parts without which a text says nothing; the host is then left as it was, as the original did. */
const NEEDED = ["no listing", "no addresses"] as const;
/** Faults of a text of which a part is missing: what there is, is taken. */
const CUT = ["cut", "too long"] as const;

/** The host as the poller takes it. */
export function pulledHost(pull: PullConfig, deps: PulledHostDeps): PolledHost {
  let sequence = 0;
  let before: SeenBefore = new Set();
  const ask = async (signal: AbortSignal) => {
    const { sshUser, interval } = deps.parameters();
    const bytes = await fetchFrom(pull, sshUser, signal);
    sequence++;
    const hostFor = (told: string | null) => (told !== null && deps.isHost(told, pull.host) ? pull.host : undefined);
    const captured = captureOf(bytes, { hostFor, now: deps.now(), interval, sequence, boot: deps.boot, before }, deps);
    const cut = CUT.find((fault) => captured.faults.includes(fault));
    const missing = NEEDED.find((fault) => captured.faults.includes(fault));
    if (missing !== undefined && cut === undefined) {
      throw new FetchFault(FAULTS[missing]);
    }
    await deps.take(captured.raw);
    before = captured.seen;
    if (cut !== undefined) {
      throw new FetchFault(FAULTS[cut]);
    }
  };
  return { host: pull.host, ask };
}

function captureOf(bytes: Buffer, head: CaptureHead, deps: PulledHostDeps): CapturedReport {
  try {
    return capturedReport(bytes, head);
  } catch (error) {
    if (error instanceof ReportRefused) {
      deps.refused(error);
    }
    throw error;
  }
}

function fetchFrom(pull: PullConfig, sshUser: string, signal: AbortSignal): Promise<Buffer> {
  switch (pull.type) {
    case "agent":
      return fetchAgent(pull, TOTAL, signal);
    case "original":
      return fetchTcp(pull, { total: TOTAL }, signal);
    case "ssh":
      return fetchSsh(pull, { user: pull.user ?? sshUser, total: TOTAL }, signal);
  }
}
