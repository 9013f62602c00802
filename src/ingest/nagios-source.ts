/**
 * Tells what a Nagios says through its status file and, at once, through its log and its event handlers. All are one
 * source: the file is the whole picture and tells how the source is, the others only bring forward what the next file
 * will say.
 */
import { readEventLine } from "../../nagios/event-line.ts";
import type { LogEvent } from "../../nagios/log-event.ts";
import { readLogLine } from "../../nagios/nagios-log.ts";
import type { CheckStatus, SourceObservation } from "../model/monitoring.ts";
import { EventPipe } from "./event-pipe.ts";
import type { Teller } from "./heard-alerts.ts";
import { LogOverlay } from "./log-overlay.ts";
import { LogTail } from "./log-tail.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink, Source } from "./source.ts";
import { createStatusFileSource, type StatusFileSourceOptions } from "./status-file-source.ts";

/** What the source reads, and whom it tells. */
export interface NagiosSourceOptions extends StatusFileSourceOptions {
  /** Path of nagios.log, which need not exist; null where none is followed. */
  readonly logFile: string | null;
  /** Path of the pipe into which event handlers write; null where there is none. */
  readonly eventPipe: string | null;
}

/** Makes the source; it does nothing before `start`. */
export function createNagiosSource(options: NagiosSourceOptions): Source {
  return new NagiosSource(options);
}

class NagiosSource implements Source {
  readonly name: string;
  readonly #sink: ObservationSink;
  readonly #overlay: LogOverlay;
  readonly #status: Source;
  readonly #tail: LogTail | undefined;
  readonly #pipe: EventPipe | undefined;
  #stopped = false;

  constructor({ logFile, eventPipe, ...options }: NagiosSourceOptions) {
    const { name, sink, logger, now } = options;
    const quiet = new QuietLog(logger, now);
    this.name = name;
    this.#sink = sink;
    this.#overlay = new LogOverlay(now);
    this.#status = createStatusFileSource({ ...options, quiet, sink: (observation) => this.#takeFile(observation) });
    const onLines = (lines: readonly Buffer[]) => this.#takeEvents(lines.map(readLogLine), "log");
    const onEvents = (lines: readonly Buffer[]) => this.#takeEvents(lines.map(readEventLine), "handler");
    this.#tail = logFile === null ? undefined : new LogTail({ name, file: logFile, onLines, logger, quiet, now });
    this.#pipe =
      eventPipe === null ? undefined : new EventPipe({ name, path: eventPipe, onLines: onEvents, logger, quiet, now });
  }

  /** Begins with the status file, so that the first events find the objects they speak of. */
  async start(): Promise<void> {
    for (const part of [this.#status, this.#tail, this.#pipe]) {
      if (!this.#stopped) {
        await part?.start();
      }
    }
  }

  /** Ends; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pipe?.stop();
    await Promise.all([this.#status.stop(), this.#tail?.stop()]);
  }

  #takeFile(observation: SourceObservation): void {
    if (observation.kind === "states") {
      this.#sink(this.#overlay.takeFile(observation));
      return;
    }
    if (observation.kind === "health" && observation.ok) {
      // A file in which nothing changed is told by its time alone.
      this.#tell(this.#overlay.takeWritten(observation.asOf), observation.asOf);
    }
    this.#sink(observation);
  }

  #takeEvents(read: readonly (LogEvent | undefined)[], teller: Teller): void {
    const events = read.filter((event) => event !== undefined);
    this.#tell(this.#overlay.takeEvents(events, teller), events.at(-1)?.time ?? 0);
  }

  #tell(statuses: readonly CheckStatus[], asOf: number): void {
    if (statuses.length > 0) {
      this.#sink({ kind: "states", source: this.name, full: false, asOf, statuses, gone: [] });
    }
  }
}
