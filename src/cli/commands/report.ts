/** `dotm report`: what DOTM itself finds wrong, and where the site is weak. */
import type { StoreFlags } from "../../config/store-hint.ts";
import type { Survey } from "../../impact/survey.ts";
import type { Alarm, AlarmKind } from "../../model/alarm.ts";
import type { State } from "../../model/state.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { EXIT, pluginCode } from "../exit-code.ts";
import { type ListFormat, type ListOptions, printListing } from "../listing.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { alarmListing, chosenAlarms } from "../resources/alarms.ts";
import { hostBites } from "../resources/hosts-of.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";
import { PART_TITLES, partListing, REPORT_PARTS, type ReportContent, type ReportPart } from "./report-parts.ts";

/** Options of the command. */
export interface ReportOptions extends StoreFlags {
  readonly output: ListFormat;
  readonly kind: readonly AlarmKind[];
  readonly part: readonly ReportPart[];
  readonly exitCode: boolean;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

const NO_SURVEY: Survey = { singlePoints: [], unmonitored: [] };

/** Prints the parts asked for, of the named hosts only where there are any. */
export async function report(
  hosts: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const parts = chosenParts(options);
  const content = await withReader(options, terminal, open, async (reader) => {
    const request = { reader, hosts, now: terminal.now(), program: terminal.program };
    await hostBites(request, "nodes", "report");
    const alarms = chosenAlarms(await reader.alarms(), { hosts, kinds: options.kind });
    return { alarms, ...(parts.some((part) => part !== "alarms") ? await surveyOf(reader, hosts) : NO_SURVEY) };
  });
  await printParts(parts, content, options, terminal);
  return options.exitCode ? pluginCode(content.alarms.map(stateOf)) : EXIT.done;
}

/** Lists for scripts are of one kind: the alarms, where nobody says otherwise. */
function chosenParts({ part, kind, output }: ReportOptions): readonly ReportPart[] {
  if (part.length > 0) {
    return REPORT_PARTS.filter((each) => part.includes(each));
  }
  return kind.length === 0 && ["table", "wide", "json"].includes(output) ? REPORT_PARTS : ["alarms"];
}

async function surveyOf(reader: MapReader, hosts: readonly string[]): Promise<Survey> {
  const { askSurvey } = await import("../../impact/ask-survey.ts");
  const survey = await askSurvey(reader);
  const wanted = ({ host }: { readonly host: string }) => hosts.length === 0 || hosts.includes(host);
  return { singlePoints: survey.singlePoints.filter(wanted), unmonitored: survey.unmonitored.filter(wanted) };
}

async function printParts(
  parts: readonly ReportPart[],
  content: ReportContent,
  options: ReportOptions,
  terminal: Terminal,
): Promise<void> {
  const { output: format, headers } = options;
  const how: ListOptions = { format, headers, paint: paintFor(terminal, options.color) };
  const [only, ...more] = parts;
  if (only !== undefined && more.length === 0) {
    await printListing(partListing(only, content, terminal.now()), how, terminal);
  } else if (format === "json") {
    terminal.out.write(`${printableJson(wholeReport(content, terminal.now()), 2)}\n`);
  } else {
    await printTitled(parts, content, how, terminal);
  }
}

function wholeReport({ alarms, ...survey }: ReportContent, now: number): object {
  return { apiVersion: "dotm/v1", kind: "Report", alarms: alarmListing(alarms, now).items, ...survey };
}

async function printTitled(
  parts: readonly ReportPart[],
  content: ReportContent,
  how: ListOptions,
  terminal: Terminal,
): Promise<void> {
  for (const part of parts) {
    const listing = partListing(part, content, terminal.now());
    const count = listing.rows.length;
    terminal.out.write(`${part === parts[0] ? "" : "\n"}${PART_TITLES[part]}: ${count === 0 ? "none" : count}\n`);
    if (count > 0) {
      await printListing(listing, how, terminal);
    }
  }
}

function stateOf({ severity }: Alarm): State {
  return severity === "INFO" ? "OK" : severity;
}
