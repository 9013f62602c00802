/** `dotm agent parse [FILE]`: the report that a captured text becomes. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DotmError, messageOf } from "../../errors.ts";
import { type CapturedReport, capturedReport } from "../../ingest/captured-report.ts";
import { readReport } from "../../ingest/report-door.ts";
import type { HostReport } from "../../model/host-report.ts";
import { EXIT } from "../exit-code.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { tableText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { cell } from "../words.ts";

/** Options of the command. */
export interface ParseOptions {
  readonly host?: string;
  readonly output: "json" | "table";
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Stands for the host where neither the text nor the caller told it. */
const UNKNOWN_HOST = "unknown";

/** Prints the report on stdout and what is wrong with the text on stderr; nothing is stored. */
export async function agentParse(file: string | undefined, options: ParseOptions, terminal: Terminal): Promise<number> {
  const bytes = file === undefined || file === "-" ? await terminal.input() : readText(file, terminal);
  const now = terminal.now();
  const about = { interval: 60, sequence: Math.floor(now), boot: "captured" };
  const captured = capturedReport(bytes, { hostFor: (told) => told ?? options.host ?? UNKNOWN_HOST, now, ...about });
  const { report, warnings } = readReport(captured.raw, { receivedAt: now });
  terminal.out.write(options.output === "json" ? jsonText(captured) : reportTable(report, options, terminal));
  for (const warning of [...warnings, ...notesOf(captured, options.host)]) {
    terminal.err.write(`${terminal.program}: ${warning}\n`);
  }
  return EXIT.done;
}

function readText(file: string, { around }: Terminal): Buffer {
  try {
    return readFileSync(resolve(around.cwd, file));
  } catch (error) {
    throw new DotmError("DOTM_NOT_FOUND", `cannot read ${file}: ${messageOf(error)}`, "Give the file of a text.", {
      cause: error,
    });
  }
}

/** As it is: fields of later versions stay. */
function jsonText({ raw }: CapturedReport): string {
  return `${printableJson(JSON.parse(raw.toString("utf8")), 2)}\n`;
}

function notesOf({ raw, told }: CapturedReport, given: string | undefined): string[] {
  const { capture } = JSON.parse(raw.toString("utf8")) as { capture?: { notes?: string[] } };
  const missing = told === null && given === undefined ? ["give the host's name with --host NAME"] : [];
  return [...(capture?.notes ?? []), ...missing];
}

function reportTable(report: HostReport, { headers, color }: ParseOptions, terminal: Terminal): string {
  const heads = ["KIND", "PROTO", "PORT", "PEER", "PROCESS", "COUNT", "OPENED"];
  const listeners = report.listeners.map((row) => {
    const { proto, port, address, process } = row;
    return ["listen", proto, `${port}`, address, cell(process), "", ""];
  });
  const connections = report.connections.map((row) => {
    const { direction, proto, localPort, remotePort, remoteAddress, process, count, opened } = row;
    return [direction, proto, `${localPort ?? remotePort}`, remoteAddress, cell(process), `${count}`, `${opened}`];
  });
  const unix = report.unix.map(({ path, server, client, count }) => {
    return ["unix", "unix", "", `${path} ${server.process}`, cell(client.process), `${count}`, ""];
  });
  const about = `${report.host}: ${report.ips.join(", ") || "no addresses"}\n`;
  const paint = paintFor(terminal, color);
  return about + tableText(heads, [...listeners, ...connections, ...unix], { headers, paint });
}
