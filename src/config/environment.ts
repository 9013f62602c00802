/** Configuration by environment variables: `DOTM_REDIS__URL` is `redis.url`. */
import { parse } from "yaml";
import { overlay, type Placed, single } from "./place.ts";

/** Variables of other meaning; the program reads them elsewhere. */
const OTHER_MEANING: ReadonlySet<string> = new Set(["DOTM_CONFIG", "DOTM_PAGER", "DOTM_REQUIRE_REAL", "DOTM_TOKEN"]);

/** Top-level keys that can be said without a double underscore. */
const TOP_LEVEL: ReadonlySet<string> = new Set(["DOTM_DATA_DIR", "DOTM_AUTH", "DOTM_ROLES"]);

/** What the environment says, laid over `under`. Values are read as YAML where they are YAML, so lists are `[a, b]`. */
export function overlayEnvironment(under: Placed, env: Readonly<Record<string, string | undefined>>): Placed {
  let result = under;
  for (const name of Object.keys(env).sort()) {
    const value = env[name];
    if (value !== undefined && value !== "" && isConfiguration(name)) {
      const path = name.slice("DOTM_".length).toLowerCase().split("__");
      result = overlay(result, single(path, readValue(name, value), { kind: "environment", name }));
    }
  }
  return result;
}

function isConfiguration(name: string): boolean {
  return name.startsWith("DOTM_") && !OTHER_MEANING.has(name) && (name.includes("__") || TOP_LEVEL.has(name));
}

function readValue(name: string, text: string): unknown {
  if (name === "DOTM_ROLES") {
    return listOf(text);
  }
  try {
    // An alias has no use in one line, and could hold itself.
    return parse(text, { logLevel: "silent", maxAliasCount: 0 });
  } catch {
    return text;
  }
}

/** `engine,web`, with or without brackets, as a list. */
export function listOf(text: string): string[] {
  return text
    .replace(/^\s*\[(.*)\]\s*$/s, "$1")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
