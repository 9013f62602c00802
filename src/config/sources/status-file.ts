/** Sources of type `status-file` and `nagios`: the files of a Nagios, Naemon or Icinga on this machine. */
import { dirname, join } from "node:path";
import { z } from "zod";
import type { NagiosConfig, StatusFileConfig } from "../config-value.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

/** What `dotm.yaml` may say of a `status-file`. */
export const statusFileSchema = z.strictObject({
  ...sourceKeys,
  type: z.literal("status-file").describe("Reads status.dat and objects.cache of Nagios or Naemon"),
  status_file: path.describe("The file named status_file in nagios.cfg"),
  objects_file: path
    .optional()
    .describe("The file named object_cache_file in nagios.cfg; default: objects.cache beside it"),
  log_file: path
    .optional()
    .describe("The file named log_file in nagios.cfg, followed so that states show at once; default: none"),
});

/** What `dotm.yaml` may say of a `nagios`. */
export const nagiosSchema = z.strictObject({
  ...sourceKeys,
  type: z.literal("nagios").describe("Finds status_file, object_cache_file and log_file through nagios.cfg"),
  config: path.describe("nagios.cfg or naemon.cfg"),
});

/** A `status-file` as everybody is handed it. */
export function statusFileConfig(written: z.output<typeof statusFileSchema>, locate: Locate): StatusFileConfig {
  const { name, type, site = null, status_file: status, objects_file: objects, log_file: log } = written;
  const statusFile = locate("status_file", status);
  const objectsFile =
    objects === undefined ? join(dirname(statusFile), "objects.cache") : locate("objects_file", objects);
  const followed = log === undefined ? {} : { logFile: locate("log_file", log) };
  return { name, site, type, statusFile, objectsFile, ...followed };
}

/** A `nagios` as everybody is handed it. */
export function nagiosConfig(written: z.output<typeof nagiosSchema>, locate: Locate): NagiosConfig {
  const { name, type, site = null, config } = written;
  return { name, site, type, config: locate("config", config) };
}
