import { CGI_PROGRAMS } from "../../support/nagios-cgis.ts";
import { describeConformance, type SourceCase } from "./conformance.ts";
import { type NagiosServer, startNagiosServer } from "./nagios-server.ts";
import type { Deviation } from "./picture.ts";

const isAscii = (text: string | null) => /^[\t\n -~]*$/.test(text ?? "");
const asciiOf = (text: string) => (isAscii(text) ? text : "");
const unnamed = ({ host, check }: { host: string; check: string | null }) =>
  isAscii(host) && isAscii(check) ? undefined : null;

/** The CGIs write in a locale that the request names; the servers of the tests have none of them. */
const CGI_DEVIATIONS: readonly Deviation[] = [
  {
    reason: "the CGIs leave out names that are not ASCII where the server has no UTF-8 locale; the source warns of it",
    status: unnamed,
    host: ({ host }) => (isAscii(host) ? undefined : null),
    comment: unnamed,
    downtime: unnamed,
  },
  {
    reason: "they leave other texts empty that are not ASCII",
    status: ({ output, longOutput }) =>
      isAscii(output + longOutput) ? undefined : { output: asciiOf(output), longOutput: asciiOf(longOutput) },
    host: ({ alias }) => (isAscii(alias) ? undefined : { alias: "" }),
    comment: ({ text }) => (isAscii(text) ? undefined : { text: "" }),
    downtime: ({ text }) => (isAscii(text) ? undefined : { text: "" }),
  },
  {
    reason: "they leave out backslashes in the first line of output",
    status: ({ output }) => (output.includes("\\") ? { output: output.replaceAll("\\", "") } : undefined),
  },
  {
    reason:
      "they do not tell the unit of intervals, so that an interval is known only from the first check to the next",
    status: ({ active, lastCheck }) => (active && lastCheck === 0 ? { interval: 0 } : undefined),
  },
];

const SOURCES: readonly SourceCase<NagiosServer>[] = [
  {
    name: "status.dat",
    config: ({ nagios }) => ({ type: "status-file", status_file: nagios.statusFile }),
    deviations: [
      {
        reason: "the unit of intervals is in nagios.cfg alone; without it a minute is taken, as by default",
        status: ({ active, interval }) => (active ? { interval: interval * 60 } : undefined),
      },
    ],
  },
  {
    name: "status.dat and nagios.log",
    config: ({ nagios }) => ({ type: "nagios", config: nagios.config }),
  },
  {
    name: "the CGIs",
    config: ({ cgis }) => ({ type: "cgi", url: cgis.url, interval: 5 }),
    patience: 20,
    deviations: CGI_DEVIATIONS,
  },
];

describeConformance("the sources of a real Nagios", CGI_PROGRAMS, startNagiosServer, SOURCES);
