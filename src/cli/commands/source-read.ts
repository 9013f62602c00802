/** `dotm source read FILE|URL`: what a file or a server would say as a source, before it is configured. */
import { resolve } from "node:path";
import { readSourceFile } from "../../ingest/read-source-file.ts";
import { readSourceServer } from "../../ingest/read-source-server.ts";
import { sourcePlace } from "../../ingest/source-place.ts";
import type { SourceReading } from "../../ingest/source-reading.ts";
import { zoneOffset } from "../../ingest/zone-offset.ts";
import { SILENT } from "../../logger.ts";
import { EXIT } from "../exit-code.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { readingJson, readingTables } from "../reading-text.ts";
import type { Terminal } from "../terminal.ts";

/** Options of the command. */
export interface SourceReadOptions {
  readonly output: "table" | "json";
  readonly headers: boolean;
  readonly color: ColorChoice;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly servername?: string;
  readonly format?: string;
  readonly timezone?: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Reads the place once and prints what it says; the exit code tells whether it was whole. */
export async function sourceRead(place: string, options: SourceReadOptions, terminal: Terminal): Promise<number> {
  const reading = await readPlace(place, options, terminal);
  const now = terminal.now();
  if (options.output === "json") {
    terminal.out.write(`${printableJson(readingJson(place, reading, now), 2)}\n`);
  } else {
    const paint = paintFor(terminal, options.color);
    terminal.out.write(readingTables(place, reading, { now, headers: options.headers, paint }));
  }
  if (!reading.complete) {
    terminal.err.write("warning: it is cut or broken; as a source it would change nothing until it is whole again\n");
  }
  return EXIT.done;
}

function readPlace(text: string, options: SourceReadOptions, { around, now }: Terminal): Promise<SourceReading> {
  const { user, passwordFile: password_file, caFile: ca_file, servername, format, timezone, timeout } = options;
  const keys = Object.entries({ user, password_file, ca_file, servername, format, timezone });
  const place = sourcePlace(text, Object.fromEntries(keys.filter(([, value]) => value !== undefined)), (path) =>
    resolve(around.cwd, path),
  );
  return place.kind === "file"
    ? readSourceFile(place.path, zoneOffset(timezone ?? null))
    : readSourceServer({ config: place.config, timeout, logger: SILENT, now });
}
