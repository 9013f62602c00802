/** What is wrong with keys in Redis, said once: whoever reads or writes meets the same key. */
import type { Logger } from "../logger.ts";

/** Keys remembered; beyond them nothing more is said, as nobody would read it. */
const MOST_KEYS = 10_000;

/** The same logger for all parts of a process, which warns of a key and what is wrong with it (`reason`) once. */
export function oncePerKey(logger: Logger): Logger {
  const told = new Set<string>();
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    error: (fields, message) => logger.error(fields, message),
    warn: (fields, message) => {
      const key = "key" in fields && "reason" in fields ? fields.key : undefined;
      if (typeof key === "string") {
        if (told.has(key) || told.size >= MOST_KEYS) {
          return;
        }
        told.add(key);
      }
      logger.warn(fields, message);
    },
  };
}
