import { describeConformance, type SourceCase } from "./conformance.ts";
import { type Icinga2Server, startIcinga2Server } from "./icinga2-server.ts";
import type { Deviation } from "./picture.ts";

/** What Icinga's files and its Livestatus have in common, made to look like those of Nagios. */
const COMPATIBLE: readonly Deviation[] = [
  {
    reason: "Icinga tells a check command as check_NAME! where it is to look like Nagios, for hosts, too",
    status: ({ active }) => ({ command: active ? "check_check_state!arg1=load!" : "check_passive!" }),
  },
  {
    reason: "Icinga tells line feeds as \\n but leaves backslashes alone, so that C:\\temp\\new reads as two lines",
    status: ({ longOutput }) =>
      longOutput.includes("\\n") ? { longOutput: longOutput.replaceAll("\\n", "\n") } : undefined,
  },
];

const SOURCES: readonly SourceCase<Icinga2Server>[] = [
  {
    name: "status.dat",
    config: ({ icinga }) => ({ type: "status-file", status_file: icinga.statusFile }),
    deviations: [
      {
        reason: "last_check of Icinga's status.dat is not the time of the newest result, but an earlier one's",
        status: ({ state }) => (state === "PENDING" ? undefined : { lastCheck: null }),
      },
      ...COMPATIBLE,
    ],
  },
  {
    name: "Livestatus on a Unix socket",
    config: ({ icinga }) => ({ type: "livestatus", socket: icinga.livestatus.socket }),
    deviations: COMPATIBLE,
  },
  {
    name: "Livestatus over TCP",
    config: ({ icinga }) => ({ type: "livestatus", address: `127.0.0.1:${icinga.livestatus.port}`, interval: 1 }),
    deviations: COMPATIBLE,
  },
  {
    name: "the API",
    config: ({ icinga: { api } }) => ({
      type: "icinga2",
      url: api.url,
      servername: api.serverName,
      ca_file: api.caFile,
      user: api.users.reader.name,
      password_file: api.passwordFile("reader"),
    }),
    deviations: [
      {
        reason: "Icinga's command of passive checks, `passive`, is none",
        status: ({ active, command }) => (active || command === null ? undefined : { command: null }),
      },
    ],
  },
];

describeConformance("the sources of a real Icinga 2", ["icinga2"], startIcinga2Server, SOURCES);
