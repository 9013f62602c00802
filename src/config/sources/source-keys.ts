/** What all kinds of sources have in common in `dotm.yaml`. */
import { z } from "zod";

/** A path; relative ones begin at the folder of the file that names them. */
export const path = z.string().min(1, "must not be empty");

const word = z.string().regex(/^[\w.-]{1,64}$/, "must be letters, digits, dot, dash and underscore, 64 at most");

/** The keys every kind has. */
export const sourceKeys = {
  name: word
    .refine((name) => name !== "nagios_instance", "is the source of the setting nagios_instance; choose another name")
    .describe("Name shown with its states; each once"),
  site: word
    .optional()
    .describe("Keeps its hosts apart from equal names of other sources: they are called SITE!HOST then")
    .meta({ examples: ["munich"] }),
};

/** The absolute path meant by `value` of `key`. */
export type Locate = (key: string, value: string) => string;
