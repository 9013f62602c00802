/** Sources of type `cgi`: the web server of a Nagios 4 or Icinga 1, asked for JSON. */
import { z } from "zod";
import type { CgiConfig } from "../config-value.ts";
import { readSecret } from "../secret.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

/** What `dotm.yaml` may say of a `cgi`. */
export const cgiSchema = z
  .strictObject({
    ...sourceKeys,
    type: z.literal("cgi").describe("Asks the CGIs of Nagios 4 (statusjson.cgi) or Icinga 1 (status.cgi?jsonoutput)"),
    url: z
      .string()
      .regex(
        /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/,
        "must be the folder of the CGIs, such as http://nagios/nagios4/cgi-bin, without user, query and program",
      )
      .describe("Folder of the CGIs, such as http://nagios/nagios4/cgi-bin"),
    format: z
      .enum(["auto", "nagios", "classic"])
      .default("auto")
      .describe("nagios: statusjson.cgi; classic: status.cgi?jsonoutput; auto: the first that is there"),
    user: z
      .string()
      .regex(/^[^\p{Cc}:]{1,128}$/u, "must be a user name")
      .optional()
      .describe("User of basic authentication"),
    password_file: path.optional().describe("File whose first line is the password; readable by DOTM only"),
    ca_file: path.optional().describe("Certificate authority that signed the certificate of an https server"),
    interval: z
      .int()
      .min(5)
      .max(86_400)
      .default(30)
      .describe("Seconds between two readings; a server that needs longer than a third of that is asked less often"),
    timezone: z
      .string()
      .refine(isTimezone, "must be the name of a time zone, such as Europe/Berlin")
      .optional()
      .describe("Time zone of the dates of a classic server; default: that of this machine"),
  })
  .refine(({ user, password_file: password }) => (user === undefined) === (password === undefined), {
    message: "must stand together with user, and user with it",
    path: ["password_file"],
  });

/** A `cgi` as everybody is handed it. */
export function cgiConfig(written: z.output<typeof cgiSchema>, locate: Locate): CgiConfig {
  const { name, type, site = null, url, format, user = null, interval, timezone = null } = written;
  const { password_file: password, ca_file: ca } = written;
  return {
    ...{ name, site, type, url, format, user, interval, timezone },
    password: password === undefined ? null : readSecret(locate("password_file", password)),
    caFile: ca === undefined ? null : locate("ca_file", ca),
  };
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
