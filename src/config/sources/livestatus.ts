/** Sources of type `livestatus`: a Nagios, Naemon, Checkmk or Icinga 2 asked over its Livestatus socket. */
import { z } from "zod";
import type { LivestatusConfig } from "../config-value.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

const seconds = (most: number) => z.number().min(0.5).max(most);

const address = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, {
    error: "must be HOST:PORT, for example mon01:6557 or [::1]:6557",
    abort: true,
  })
  .refine((value) => portOf(value) >= 1 && portOf(value) <= 65_535, "the port must be between 1 and 65535");

/** What `dotm.yaml` may say of a `livestatus`. */
export const livestatusSchema = z
  .strictObject({
    ...sourceKeys,
    type: z.literal("livestatus").describe("Asks Livestatus of Nagios, Naemon, Checkmk or Icinga 2 (before 2.18)"),
    socket: path
      .optional()
      .describe("Its Unix socket; either this or address")
      .meta({ examples: ["/run/icinga2/cmd/livestatus"] }),
    address: address
      .optional()
      .describe("Its HOST:PORT; either this or socket")
      .meta({ examples: ["mon01:6557"] }),
    tls: z
      .boolean()
      .default(false)
      .describe("Whether the connection to address is encrypted, as Checkmk's is by default"),
    ca_file: path
      .optional()
      .describe("Authority that signed its certificate; default: those the system trusts")
      .meta({ examples: ["/etc/dotm/checkmk-ca.pem"] }),
    servername: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe("Name in its certificate (Checkmk: the name of the site); default: the host in address"),
    interval: seconds(3600).default(2).describe("Seconds between two questions for what changed"),
    resync: seconds(86_400).default(300).describe("Seconds between two questions for everything"),
    timeout: seconds(600).default(10).describe("Seconds an answer may take"),
  })
  .refine(({ socket, address: tcp }) => (socket === undefined) !== (tcp === undefined), {
    error: "needs either socket or address",
    path: ["socket"],
  })
  .refine(({ tls, ca_file: ca, servername }) => tls || (ca === undefined && servername === undefined), {
    error: "ca_file and servername mean nothing without `tls: true`",
    path: ["tls"],
  })
  .refine(({ tls, address: tcp }) => !tls || tcp !== undefined, {
    error: "a Unix socket is not encrypted; tls needs address",
    path: ["tls"],
  });

/** A `livestatus` as everybody is handed it. */
export function livestatusConfig(written: z.output<typeof livestatusSchema>, locate: Locate): LivestatusConfig {
  const { name, type, site = null, interval, resync, timeout } = written;
  return { name, site, type, place: placeOf(written, locate), interval, resync, timeout };
}

function placeOf(written: z.output<typeof livestatusSchema>, locate: Locate): LivestatusConfig["place"] {
  const { socket, address: tcp = "", tls, ca_file: ca, servername = null } = written;
  if (socket !== undefined) {
    return { kind: "unix", path: locate("socket", socket) };
  }
  const host = tcp.slice(0, tcp.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
  const encryption = { caFile: ca === undefined ? null : locate("ca_file", ca), servername };
  return { kind: "tcp", host, port: portOf(tcp), tls: tls ? encryption : null };
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(":") + 1));
}
