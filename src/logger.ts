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
  const serializers = { error: errorFields };
  return pino({ level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime }, to);
}

/** A logger that says nothing. */
export const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** What an error says, and none of what is attached to it: a client of Redis attaches the command, even one that logs in. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack };
}

function nothing(): void {
  // says nothing
}
