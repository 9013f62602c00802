/** All tables of daemons, in order: where two share a word or the name of a process, the first owns it. */
import { ACCESS_AND_FILES } from "./access-and-files.ts";
import { BACKGROUND } from "./background.ts";
import { DATABASES } from "./databases.ts";
import { EXPORTERS } from "./exporters.ts";
import { INFRASTRUCTURE } from "./infrastructure.ts";
import { MAIL_AND_NAMES } from "./mail-and-names.ts";
import { OPERATIONS } from "./operations.ts";
import { SELF_HOSTED } from "./self-hosted.ts";
import { WEB_AND_APPS } from "./web-and-apps.ts";

/** One daemon a line; the columns are told in web-and-apps.ts. */
export const DAEMON_TABLES: readonly string[] = [
  WEB_AND_APPS,
  DATABASES,
  MAIL_AND_NAMES,
  ACCESS_AND_FILES,
  OPERATIONS,
  INFRASTRUCTURE,
  EXPORTERS,
  SELF_HOSTED,
  BACKGROUND,
];
