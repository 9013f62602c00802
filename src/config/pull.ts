/** What `agents.pull` may say: hosts that are asked for their report. */
import { z } from "zod";
import type { PullConfig } from "./config-value.ts";

const path = z.string().min(1, "must not be empty");

// No name begins with a dash: ssh would take it for an option.
const hostName = z
  .string()
  .regex(/^(?!-)(?!.*::)[^\s/\p{Cc}]{1,255}$/u, "must be the host's name in the monitoring")
  .describe("The host's name in the monitoring; the answer must be of this host");

const address = z
  .string()
  .regex(/^[A-Za-z0-9_[][\w.:%[\]-]{0,254}$/, "must be a host name or an IP address")
  .optional()
  .describe("Where it is reached; default: its name");

const port = (preset: number) => z.int().min(1).max(65_535).default(preset).describe("TCP port");

/** One host of `agents.pull`. */
export const pullSchema = z.discriminatedUnion("type", [
  z.strictObject({
    host: hostName,
    type: z.literal("agent").describe("Asks `dotm-agent serve`"),
    address,
    port: port(4849),
    token_file: path.optional().describe("File with the token the agent wants"),
    ca_file: path.optional().describe("Certificate authority of the agent; with it the agent is asked over TLS"),
  }),
  z.strictObject({
    host: hostName,
    type: z.literal("original").describe("Asks the agent of the original DOTM, plain text over TCP"),
    address,
    port: port(4848),
  }),
  z.strictObject({
    host: hostName,
    type: z.literal("ssh").describe("Runs ss or netstat, and ip, over the system's ssh; host keys are checked"),
    address,
    port: port(22),
    user: z
      .string()
      .regex(/^[A-Za-z_][\w.-]{0,63}$/, "must be a user name")
      .optional()
      .describe("User; default: the setting fetch_parameters.ssh_user"),
    identity_file: path.optional().describe("Private key; default: as ssh finds it"),
    known_hosts_file: path.optional().describe("Known host keys; default: as ssh finds them"),
  }),
]);

/** The value handed down; `file` makes a path absolute. */
export function pullConfig(
  pull: z.output<typeof pullSchema>,
  file: (key: string, value: string) => string,
): PullConfig {
  const { host, port } = pull;
  const at = { host, address: (pull.address ?? host).replace(/^\[(.*)\]$/, "$1"), port };
  const fileOr = (key: string, value: string | undefined) => (value === undefined ? null : file(key, value));
  if (pull.type === "agent") {
    const { token_file: token, ca_file: ca } = pull;
    return { ...at, type: pull.type, tokenFile: fileOr("token_file", token), caFile: fileOr("ca_file", ca) };
  }
  if (pull.type === "original") {
    return { ...at, type: pull.type };
  }
  return {
    ...at,
    type: pull.type,
    user: pull.user ?? null,
    identityFile: fileOr("identity_file", pull.identity_file),
    knownHostsFile: fileOr("known_hosts_file", pull.known_hosts_file),
  };
}
