/** `dotm report`: what DOTM itself finds wrong. */
import type { StoreFlags } from "../../config/store-hint.ts";
import type { Alarm, AlarmKind } from "../../model/alarm.ts";
import type { State } from "../../model/state.ts";
import { EXIT, pluginCode } from "../exit-code.ts";
import { type ListFormat, printListing } from "../listing.ts";
import { unknownHost } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { alarmListing, chosenAlarms } from "../resources/alarms.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Options of the command. */
export interface ReportOptions extends StoreFlags {
  readonly output: ListFormat;
  readonly kind: readonly AlarmKind[];
  readonly exitCode: boolean;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Prints the alarms, gravest first; of the named hosts only where there are any. */
export async function report(
  hosts: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const { output: format, headers, kind: kinds } = options;
  const alarms = await withReader(options, terminal, open, async (reader) => {
    const known = hosts.length === 0 ? [] : await reader.nodes();
    const stranger = hosts.find((host) => !known.includes(host));
    if (stranger !== undefined) {
      throw unknownHost(stranger, known, terminal.program, (name) => `report ${shellWord(name)}`);
    }
    return chosenAlarms(await reader.alarms(), { hosts, kinds });
  });
  const paint = paintFor(terminal, options.color);
  await printListing(alarmListing(alarms, terminal.now()), { format, headers, paint }, terminal);
  return options.exitCode ? pluginCode(alarms.map(stateOf)) : EXIT.done;
}

function stateOf({ severity }: Alarm): State {
  return severity === "INFO" ? "OK" : severity;
}
