/** The part `notify` of `dotm.yaml`: where DOTM's own results go, and who is told of problems. */
import { z } from "zod";
import type { NotifyConfig, NotifyTarget } from "./config-value.ts";
import { readSecret } from "./secret.ts";
import { type Locate, path, sourceKeys } from "./sources/source-keys.ts";

const text = z.string().min(1, "must not be empty");

const web = z
  .string()
  .regex(/^https?:\/\/[^\s/@?#]+(?:\/[^\s#]*)?$/, "must be http://… or https://…, without user and password");

const named = { name: sourceKeys.name.describe("Name of the target in logs and figures") };

/** Of those that take results of checks. */
const checks = {
  ...named,
  site: sourceKeys.site.describe("Only hosts of this site, by their names there; default: those of none"),
};

const caFile = path
  .optional()
  .describe("Certificate authority that signed the server's certificate; default: the system's");

const target = z.discriminatedUnion("type", [
  z.strictObject({
    ...checks,
    type: z.literal("nagios").describe("The command pipe of a Nagios, Naemon or Icinga 1 on this machine"),
    command_file: path.describe("Its command_file"),
  }),
  z.strictObject({
    ...checks,
    type: z.literal("nrdp").describe("A Nagios that takes results by NRDP"),
    url: web.describe("Address of NRDP"),
    token_file: path.describe("File whose first line is the token; readable by DOTM only"),
    ca_file: caFile,
  }),
  z.strictObject({
    ...checks,
    type: z.literal("nsca").describe("A Nagios that takes results by NSCA, through the program send_nsca"),
    host: text.regex(/^[^\s-]\S*$/, "must be a host name or an address").describe("Where the NSCA daemon is"),
    port: z.int().min(1).max(65_535).default(5_667).describe("Its port"),
    command: text.default("send_nsca").describe("The program"),
    config_file: path
      .optional()
      .describe("Configuration of send_nsca, which holds password and encryption; default: its own"),
  }),
  z.strictObject({
    ...checks,
    type: z.literal("icinga2").describe("The API of an Icinga 2"),
    url: z
      .string()
      .regex(/^https:\/\/[^\s/@?#]+(?:\/[^\s?#]*)?$/, "must be https://HOST:5665, without user and password")
      .describe("Address of the API"),
    user: text.optional().describe("Name of an ApiUser with the permission actions/process-check-result"),
    password_file: path.optional().describe("File whose first line is the password; readable by DOTM only"),
    ca_file: caFile,
    servername: text.optional().describe("Name that the certificate is for, where it is not the host in url"),
    cert_file: path.optional().describe("Certificate of ours, where an ApiUser has client_cn in place of a password"),
    key_file: path.optional().describe("Key of cert_file"),
  }),
  z.strictObject({
    ...named,
    type: z.literal("webhook").describe("Is told of each root problem and of its end"),
    url: web.describe("Address that takes POST with JSON"),
    token_file: path.optional().describe("File whose first line is sent as bearer token; readable by DOTM only"),
    ca_file: caFile,
  }),
]);

/** The part. */
export const notifySchema = z
  .strictObject({
    url: web
      .optional()
      .describe("Address under which people reach the pages, for links in results and webhooks; default: no links")
      .meta({ examples: ["https://dotm.example.com/"] }),
    host: text
      .optional()
      .describe(
        "Host whose check `DOTM alarms` also tells what belongs to no host, such as a source that is stale; default: none",
      )
      .meta({ examples: ["mon01"] }),
    interval: z.int().min(10).max(3_600).default(60).describe("Seconds after which each result is written again"),
    ttl: z
      .int()
      .min(30)
      .max(86_400)
      .default(300)
      .describe("Seconds after which a result counts as stale where DOTM writes no more; above interval"),
    targets: z
      .array(target)
      .default([])
      .describe("Where results go, and who is told; none: nothing is written anywhere")
      .meta({ examples: [[{ name: "nagios", type: "nagios", command_file: "/var/lib/nagios4/rw/nagios.cmd" }]] }),
  })
  .prefault({})
  .describe("DOTM's own results, written back to the monitoring as passive checks, and webhooks; off without targets");

type Written = z.output<typeof notifySchema>;

/** The part as everybody is handed it. @throws DotmError DOTM_CONFIG_INVALID where a secret's file cannot be used */
export function notifyConfig(written: Written, locate: (target: number) => Locate): NotifyConfig {
  const { url, host = null, interval, ttl, targets } = written;
  const base = url === undefined || url.endsWith("/") ? (url ?? "") : `${url}/`;
  return { base, host, interval, ttl, targets: targets.map((each, at) => targetConfig(each, locate(at))) };
}

function targetConfig(written: Written["targets"][number], locate: Locate): NotifyTarget {
  const file = (key: string, value: string | undefined) => (value === undefined ? null : locate(key, value));
  const { name } = written;
  if (written.type === "webhook") {
    const { type, url, token_file: token, ca_file: ca } = written;
    return {
      name,
      type,
      url,
      token: token === undefined ? null : readSecret(locate("token_file", token)),
      caFile: file("ca_file", ca),
    };
  }
  const site = written.site ?? null;
  if (written.type === "nagios") {
    return { name, site, type: written.type, commandFile: locate("command_file", written.command_file) };
  }
  if (written.type === "nrdp") {
    const { type, url, token_file: token, ca_file: ca } = written;
    return { name, site, type, url, token: readSecret(locate("token_file", token)), caFile: file("ca_file", ca) };
  }
  if (written.type === "nsca") {
    const { type, host, port, command } = written;
    return { name, site, type, host, port, command, configFile: file("config_file", written.config_file) };
  }
  return icinga2Target(written, site, locate);
}

function icinga2Target(
  written: Extract<Written["targets"][number], { type: "icinga2" }>,
  site: string | null,
  locate: Locate,
): NotifyTarget {
  const { name, type, url, user = null, password_file: password, servername = null } = written;
  const file = (key: string, value: string | undefined) => (value === undefined ? null : locate(key, value));
  return {
    ...{ name, site, type, url, user, servername },
    password: password === undefined ? null : readSecret(locate("password_file", password)),
    caFile: file("ca_file", written.ca_file),
    certFile: file("cert_file", written.cert_file),
    keyFile: file("key_file", written.key_file),
  };
}
