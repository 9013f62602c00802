/** Sources of type `status-file` and `nagios`: the files of a Nagios, Naemon or Icinga on this machine. */
import { dirname, join } from "node:path";
import { z } from "zod";
import type { NagiosConfig, StatusFileConfig } from "../config-value.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

const eventPipe = path
  .optional()
  .describe("Named pipe into which event handlers of the monitoring write (dotm event); made where it is not there")
  .meta({ examples: ["/run/dotm/events.fifo"] });

/** What `dotm.yaml` may say of a `status-file`. */
export const statusFileSchema = z.strictObject({
  ...sourceKeys,
  type: z.literal("status-file").describe("Reads status.dat and objects.cache of Nagios or Naemon"),
  status_file: path.describe("The file named status_file in nagios.cfg"),
  objects_file: path
    .optional()
    .describe("The file named object_cache_file in nagios.cfg; default: objects.cache beside it"),
  update_interval: z
    .int()
    .min(1)
    .max(3600)
    .default(10)
    .describe("Seconds between two writes of the file: status_update_interval in nagios.cfg"),
  interval_length: z
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe("Seconds of one unit of check_interval: interval_length in nagios.cfg"),
  log_file: path
    .optional()
    .describe("The file named log_file in nagios.cfg, followed so that states show at once; default: none"),
  event_pipe: eventPipe,
});

/** What `dotm.yaml` may say of a `nagios`. */
export const nagiosSchema = z.strictObject({
  ...sourceKeys,
  type: z.literal("nagios").describe("Finds status_file, object_cache_file and log_file through nagios.cfg"),
  config: path.describe("nagios.cfg or naemon.cfg"),
  event_pipe: eventPipe,
});

/** A `status-file` as everybody is handed it. */
export function statusFileConfig(written: z.output<typeof statusFileSchema>, locate: Locate): StatusFileConfig {
  const { name, type, site = null, status_file: status, objects_file: objects, log_file: log } = written;
  const optional = (key: "log_file" | "event_pipe", value: string | undefined) =>
    value === undefined ? null : locate(key, value);
  const statusFile = locate("status_file", status);
  const objectsFile =
    objects === undefined ? join(dirname(statusFile), "objects.cache") : locate("objects_file", objects);
  const [logFile, eventPipe] = [optional("log_file", log), optional("event_pipe", written.event_pipe)];
  const { update_interval: updateInterval, interval_length: intervalLength } = written;
  return { name, site, type, statusFile, objectsFile, logFile, eventPipe, updateInterval, intervalLength };
}

/** A `nagios` as everybody is handed it. */
export function nagiosConfig(written: z.output<typeof nagiosSchema>, locate: Locate): NagiosConfig {
  const { name, type, site = null, config, event_pipe: pipe } = written;
  const eventPipe = pipe === undefined ? null : locate("event_pipe", pipe);
  return { name, site, type, config: locate("config", config), eventPipe };
}
