/** The kinds of monitoring sources `dotm.yaml` may name: one file each in `sources/`. */
import { z } from "zod";
import type { SourceConfig } from "./config-value.ts";
import { cgiConfig, cgiSchema } from "./sources/cgi.ts";
import { icinga2Config, icinga2Schema } from "./sources/icinga2.ts";
import { livestatusConfig, livestatusSchema } from "./sources/livestatus.ts";
import { pushConfig, pushSchema } from "./sources/push.ts";
import type { Locate } from "./sources/source-keys.ts";
import { nagiosConfig, nagiosSchema, statusFileConfig, statusFileSchema } from "./sources/status-file.ts";

/** One source, of any kind. */
export const sourceSchema = z.discriminatedUnion("type", [
  statusFileSchema,
  nagiosSchema,
  icinga2Schema,
  livestatusSchema,
  cgiSchema,
  pushSchema,
]);

/**
 * One source as everybody is handed it.
 * @throws DotmError DOTM_CONFIG_INVALID where a secret's file cannot be used
 */
export function sourceConfig(written: z.output<typeof sourceSchema>, locate: Locate): SourceConfig {
  switch (written.type) {
    case "status-file":
      return statusFileConfig(written, locate);
    case "nagios":
      return nagiosConfig(written, locate);
    case "icinga2":
      return icinga2Config(written, locate);
    case "livestatus":
      return livestatusConfig(written, locate);
    case "cgi":
      return cgiConfig(written, locate);
    case "push":
      return pushConfig(written, locate);
  }
}
