import { describeConformance, type SourceCase } from "./conformance.ts";
import { type Icinga2Server, startIcinga2Server } from "./icinga2-server.ts";

const SOURCES: readonly SourceCase<Icinga2Server>[] = [
  {
    name: "status.dat",
    config: ({ icinga }) => ({ type: "status-file", status_file: icinga.statusFile }),
    deviations: [
      {
        reason: "last_check of Icinga's status.dat is not the time of the newest result, but an earlier one's",
        status: ({ state }) => (state === "PENDING" ? undefined : { lastCheck: null }),
      },
      {
        reason: "Icinga writes a check command as check_NAME! into its compatible files, for hosts, too",
        status: ({ active }) => ({ command: active ? "check_check_state!arg1=load!" : "check_passive!" }),
      },
      {
        reason:
          "Icinga writes line feeds as \\n but leaves backslashes alone, so that C:\\temp\\new reads as two lines",
        status: ({ longOutput }) =>
          longOutput.includes("\\n") ? { longOutput: longOutput.replaceAll("\\n", "\n") } : undefined,
      },
    ],
  },
];

describeConformance("the sources of a real Icinga 2", ["icinga2"], startIcinga2Server, SOURCES);
