import { CGI_PROGRAMS } from "../../support/nagios-cgis.ts";
import { describeConformance, type SourceCase } from "./conformance.ts";
import { type NagiosServer, startNagiosServer } from "./nagios-server.ts";

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
];

describeConformance("the sources of a real Nagios", CGI_PROGRAMS, startNagiosServer, SOURCES);
