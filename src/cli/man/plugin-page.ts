/** check_dotm(8), made from the table of its options. */
import { MODES, OPTIONS, optionHead } from "../../plugin/options.ts";
import { bold, section, term, titleLine, verbatim } from "./roff.ts";

/** The page. */
export function pluginPage(version: string): string {
  return [
    titleLine("check_dotm", 8, version),
    section("Name", "check_dotm \\- plugin of Nagios and Icinga that asks DOTM\n"),
    section(
      "Synopsis",
      `${bold("check_dotm")} [-m \\fIMODE\\fR] [-H \\fIHOST\\fR [-s \\fICHECK\\fR]] [\\fIoptions\\fR]\n`,
    ),
    section(
      "Description",
      "Asks the API of DOTM one question and answers by the guidelines of the Monitoring Plugins.\n",
    ),
    section("Modes", table(Object.entries(MODES))),
    section("Options", table(Object.entries(OPTIONS).map(([name, each]) => [optionHead(name, each), each.text]))),
    section("Ranges", table(RANGES)),
    section("Exit status", table(EXITS)),
    section("Examples", verbatim(EXAMPLES)),
    section("See also", `${bold("dotm")}(1)\n`),
  ].join("");
}

function table(rows: readonly (readonly [name: string, text: string])[]): string {
  return rows.map(([name, text]) => term(bold(name), `${text}.`)).join("");
}

const RANGES = [
  ["10", "alerts outside of 0 to 10"],
  ["10:", "alerts below 10"],
  ["~:10", "alerts above 10"],
  ["10:20", "alerts outside of 10 to 20"],
  ["@10:20", "alerts from 10 to 20"],
] as const;

const EXITS = [
  ["0", "OK"],
  ["1", "WARNING"],
  ["2", "CRITICAL"],
  ["3", "UNKNOWN, and everything else: wrong usage, no answer, no answer in time"],
] as const;

const EXAMPLES = `check_dotm -H web01 -s HTTP
check_dotm -m source-age -w 60 -c 300
check_dotm -m coverage -w 80: -c 50:
check_dotm -m alarms --kind connection-gone -H db01 -v`;
