/** Sources of type `icinga2`: the API of an Icinga 2. */
import { z } from "zod";
import { DotmError } from "../../errors.ts";
import type { Icinga2Config } from "../config-value.ts";
import { readSecret } from "../secret.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

/** What `dotm.yaml` may say of an `icinga2`. */
export const icinga2Schema = z.strictObject({
  ...sourceKeys,
  type: z.literal("icinga2").describe("Asks the API of Icinga 2, and listens to its events"),
  url: z
    .string()
    .regex(/^https:\/\/[^\s/@?#]+(?:\/[^\s?#]*)?$/, "must be https://HOST:5665, without user and password")
    .describe("Address of the API"),
  user: z
    .string()
    .regex(/^[^:\p{Cc}]+$/u, "must be the name of an ApiUser")
    .optional()
    .describe("Name of the ApiUser; without it cert_file says who we are"),
  password_file: path.optional().describe("File whose first line is the password; readable by DOTM only"),
  ca_file: path
    .optional()
    .describe("Certificate authority that signed Icinga's certificate, the only one trusted; default: the system's"),
  servername: z
    .string()
    .regex(/^[^\s/:]+$/, "must be a host name")
    .optional()
    .describe("Name that the certificate is for, where it is not the host in url"),
  cert_file: path.optional().describe("Certificate of ours, where an ApiUser has client_cn in place of a password"),
  key_file: path.optional().describe("Key of cert_file"),
  queue: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "must be letters, digits, dot, dash and underscore, 64 at most")
    .default("dotm")
    .describe("Name of our queue of events"),
});

/**
 * An `icinga2` as everybody is handed it.
 * @throws DotmError DOTM_CONFIG_INVALID where nothing says who we are, or a secret's file cannot be used
 */
export function icinga2Config(written: z.output<typeof icinga2Schema>, locate: Locate): Icinga2Config {
  const { name, type, site = null, url, user = null, servername = null, queue } = written;
  const { password_file: password, ca_file: ca, cert_file: cert, key_file: key } = written;
  if ((user === null) !== (password === undefined) || (cert === undefined) !== (key === undefined)) {
    const text = "user and password_file belong together, and so do cert_file and key_file; one of the two is missing";
    throw new DotmError("DOTM_CONFIG_INVALID", text);
  }
  if (user === null && cert === undefined) {
    throw new DotmError(
      "DOTM_CONFIG_INVALID",
      "give user and password_file, or cert_file and key_file, to log in with",
    );
  }
  const file = (setting: string, value: string | undefined) => (value === undefined ? null : locate(setting, value));
  return {
    ...{ name, site, type, url, user, servername, queue },
    password: password === undefined ? null : readSecret(locate("password_file", password)),
    caFile: file("ca_file", ca),
    certFile: file("cert_file", cert),
    keyFile: file("key_file", key),
  };
}
