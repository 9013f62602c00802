/** `/metrics`: figures for Prometheus, from the stored picture and from the process that serves it. */
import { DotmError } from "../errors.ts";
import { ALARM_KINDS, type Alarm, SEVERITIES } from "../model/alarm.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { isStaleSource } from "../model/stale-source.ts";
import type { AppDeps, ProcessFigures, TargetFigures } from "./app-deps.ts";
import { type Metric, metricsText } from "./metrics-text.ts";
import type { Turns } from "./take-turns.ts";

/** What figures are read from. */
export interface MetricsDeps extends Pick<AppDeps, "reader" | "team" | "now" | "config" | "figures"> {
  /** Undefined where no pages are served. */
  readonly turns?: Turns;
}

/** The text of all figures; without those from the store while that is away, as the others tell so then. */
export async function readMetrics(deps: MetricsDeps): Promise<string> {
  const { figures, config } = deps;
  return metricsText([
    gauge("dotm_build_info", "Version of DOTM.", [[{ version: config.version }, 1]]),
    ...(await storedMetrics(deps)),
    ...processMetrics(figures()),
    ...turnMetrics(deps.turns),
  ]);
}

async function storedMetrics({ reader, team, now }: MetricsDeps): Promise<Metric[]> {
  try {
    const asked = [reader.sources(), reader.problems(), reader.alarms(), team.queue()] as const;
    const [sources, problems, alarms, queue] = await Promise.all(asked);
    return [
      ...sourceMetrics(sources, now()),
      gauge("dotm_problems", "Current problems.", [[{}, problems]]),
      gauge("dotm_alarms", "What DOTM itself finds wrong.", alarmCounts(alarms)),
      gauge("dotm_queue_tasks", "Tasks that wait for a worker.", [[{}, queue.waiting]]),
      gauge("dotm_queue_workers", "Workers that give signs of life.", [[{}, queue.workers]]),
      gauge("dotm_queue_poison_tasks", "Tasks set aside, as they are none or workers died of them.", [
        [{}, queue.poison],
      ]),
    ];
  } catch (error) {
    if (error instanceof DotmError) {
      return [];
    }
    throw error;
  }
}

function sourceMetrics(sources: readonly SourceHealth[], now: number): Metric[] {
  const each = (figureOf: (source: SourceHealth) => number | undefined) =>
    sources.flatMap((source) => {
      const value = figureOf(source);
      return value === undefined ? [] : ([[{ source: source.source, type: source.type }, value]] as const);
    });
  const age = ({ asOf }: SourceHealth) => (asOf > 0 ? Math.max(0, now - asOf) : undefined);
  return [
    gauge(
      "dotm_source_up",
      "Whether the last attempt to read the source succeeded.",
      each(({ ok }) => Number(ok)),
    ),
    gauge(
      "dotm_source_stale",
      "Whether what the source said is too old to be the present.",
      each((source) => Number(isStaleSource(source, now))),
    ),
    gauge("dotm_source_age_seconds", "Age of what the source said last.", each(age)),
    gauge(
      "dotm_source_lag_seconds",
      "From its saying the newest thing to our taking it in.",
      each(({ lag }) => lag),
    ),
    counter(
      "dotm_source_errors_total",
      "Failed attempts to read the source.",
      each(({ errors }) => errors),
    ),
    counter(
      "dotm_errors_total",
      "What was wrong with a source or with what it said.",
      sources.flatMap(({ source, reasons = {} }) =>
        Object.entries(reasons).map(([reason, count]) => [{ source, reason }, count] as const),
      ),
    ),
    gauge(
      "dotm_source_hosts",
      "Hosts the source speaks of.",
      each(({ hosts }) => hosts),
    ),
    gauge(
      "dotm_source_checks",
      "Service checks the source speaks of.",
      each(({ checks }) => checks),
    ),
  ];
}

/** All kinds and severities, those without an alarm too: a series that comes and goes cannot be alerted on. */
function alarmCounts(alarms: readonly Alarm[]): Metric["samples"] {
  return ALARM_KINDS.flatMap((kind) =>
    SEVERITIES.map((severity) => {
      const count = alarms.filter((alarm) => alarm.kind === kind && alarm.severity === severity).length;
      return [{ kind, severity }, count] as const;
    }),
  );
}

function processMetrics(figures: ProcessFigures): Metric[] {
  const { reportsAccepted, reportsRepeated, reportsRefused, storeConnected, storePendingKeys, lastTurn } = figures;
  const refused = Object.entries(reportsRefused).map(([reason, count]) => [{ reason }, count] as const);
  const { rss, heapUsed, external } = process.memoryUsage();
  const roles = figures.roles.map((role) => [{ role }, 1] as const);
  return [
    gauge("dotm_role", "What this process does.", roles),
    gauge("dotm_engine_leads", "Whether the engine of this process leads.", [[{}, Number(figures.leads)]]),
    counter("dotm_reports_accepted_total", "Reports of agents taken in.", [[{}, reportsAccepted]]),
    counter("dotm_reports_repeated_total", "Reports sent again, acknowledged without effect.", [[{}, reportsRepeated]]),
    counter("dotm_reports_refused_total", "Reports of agents refused.", refused),
    gauge("dotm_store_connected", "Whether the store can be written.", [[{}, Number(storeConnected)]]),
    gauge("dotm_store_pending_keys", "Keys whose change waits to be written.", [[{}, storePendingKeys]]),
    counter(
      "dotm_connections_forgotten_total",
      "Connections and listeners left out or forgotten before their time, as a host had too many, or too many new ones.",
      [[{}, figures.connectionsForgotten]],
    ),
    gauge("dotm_engine_last_turn_seconds", "When the engine turned last, Unix seconds.", [[{}, lastTurn]]),
    ...targetMetrics(figures),
    gauge("process_resident_memory_bytes", "Resident memory size in bytes.", [[{}, rss]]),
    gauge("nodejs_heap_size_used_bytes", "Process heap size used from Node.js in bytes.", [[{}, heapUsed]]),
    gauge("nodejs_external_memory_bytes", "Memory of buffers beside the heap in bytes.", [[{}, external]]),
    gauge("nodejs_eventloop_lag_p99_seconds", "How late the event loop was, 99th percentile since the last reading.", [
      [{}, figures.loopLag.p99],
    ]),
    gauge("nodejs_eventloop_lag_max_seconds", "How late the event loop was at most since the last reading.", [
      [{}, figures.loopLag.max],
    ]),
    ...fileMetrics(figures),
    counter("dotm_answers_dropped_total", "Answers given up, as nobody read them.", [[{}, figures.answersDropped]]),
    counter("dotm_sockets_refused_total", "Connections refused, as there were too many.", [
      [{}, figures.socketsRefused],
    ]),
    counter("process_cpu_seconds_total", "Total user and system CPU time in seconds.", [[{}, cpuSeconds()]]),
  ];
}

function turnMetrics(turns: Turns | undefined): Metric[] {
  if (turns === undefined) {
    return [];
  }
  const each = (figure: "waiting" | "refused") =>
    (["site", "host"] as const).map((about) => [{ about }, turns[about][figure]] as const);
  return [
    gauge("dotm_answers_waiting", "Requests that wait for their turn to be answered.", each("waiting")),
    counter("dotm_answers_refused_total", "Requests sent away, as too many waited or for too long.", each("refused")),
  ];
}

function fileMetrics({ openFiles }: ProcessFigures): Metric[] {
  return openFiles === undefined
    ? []
    : [
        gauge("process_open_fds", "Number of open file descriptors.", [[{}, openFiles.open]]),
        gauge("process_max_fds", "Maximum number of open file descriptors.", [[{}, openFiles.most]]),
      ];
}

function targetMetrics({ targets }: ProcessFigures): Metric[] {
  const each = (figureOf: (target: TargetFigures) => number) =>
    targets.map((target) => [{ target: target.name }, figureOf(target)] as const);
  return [
    counter(
      "dotm_notify_sent_total",
      "Results and notifications taken by the target.",
      each(({ sent }) => sent),
    ),
    counter(
      "dotm_notify_dropped_total",
      "Those given up: too old, too many, or refused.",
      each(({ dropped }) => dropped),
    ),
    counter(
      "dotm_notify_failures_total",
      "Failed attempts to send.",
      each(({ failures }) => failures),
    ),
    gauge(
      "dotm_notify_waiting",
      "Results and notifications that wait to be sent.",
      each(({ waiting }) => waiting),
    ),
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function gauge(name: string, help: string, samples: Metric["samples"]): Metric {
  return { name, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: Metric["samples"]): Metric {
  return { name, help, type: "counter", samples };
}
