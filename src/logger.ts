/** The logger everyone is handed. Messages are fixed texts; particulars go into the fields. */
import { type DestinationStream, pino } from "pino";

/** What a part of DOTM may do with the log. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Lowest level written. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** A logger writing JSON lines to `to`, standard error where absent. */
export function createLogger(level: LogLevel, to: DestinationStream = pino.destination(2)): Logger {
  const serializers = { error: pino.stdSerializers.err };
  return pino({ level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime }, to);
}

/** A logger that says nothing. */
export const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // says nothing
}
