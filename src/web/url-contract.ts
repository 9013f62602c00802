/**
 * Reads host and check out of the raw query string. Nagios and Icinga put names into `action_url` without encoding
 * them: a plus stays a plus, an ampersand splits nothing, old pages send Latin-1, and some pages write `&amp;`.
 */

/** Host and check as they were asked for, each in the readings that make sense, best first. */
export interface Asked {
  /** Empty where no host was asked for. */
  readonly host: readonly string[];
  /** Empty for the host itself. */
  readonly check: readonly string[];
}

const HOST_NAMES = "host|hostname|node|host_name";
const CHECK_NAMES = "srv|service|svc|servicedesc|service_description";
const OTHER_NAMES =
  "up|down|parentLayers|childLayers|dependents|dependencies|at|history|theme|palette|site|source|backend|whatif|fold";

/** A parameter stands at the beginning or after `&`, which pages may have written as `&amp;`. */
const HOST_MARK = new RegExp(`(?:^|&(?:amp;)?)(?:${HOST_NAMES})=`, "i");
const CHECK_MARK = new RegExp(`(?:^|&(?:amp;)?)(?:${CHECK_NAMES})=`, "gi");
const OTHER_MARK = new RegExp(`^&(?:amp;)?(?:${OTHER_NAMES})=`, "i");

/** What stands for the host itself where a check is asked for (PNP's habit). */
const HOST_ITSELF = new Set(["", "_HOST_"]);

/** Host and check of a raw query string, the part of the URL after `?`. */
export function parseTarget(query: string): Asked {
  const raw = splitTarget(query);
  const host = raw.host === null ? [] : readings(raw.host);
  const check = raw.check === null ? [] : readings(raw.check);
  return {
    host: host.filter((name) => name.trim() !== ""),
    check: HOST_ITSELF.has(check[0]?.trim() ?? "") ? [] : check,
  };
}

/** Every other parameter, decoded as forms are; the first of each name counts but for those that repeat. */
export function otherParameters(query: string): URLSearchParams {
  return new URLSearchParams(query.replaceAll("&amp;", "&"));
}

/** The time a query asks for; `history` is the original's name of it. Null for now. */
export function timeAsked(parameters: URLSearchParams): string | null {
  const asked = parameters.get("at") ?? parameters.get("history");
  return asked === null || asked.trim() === "" || asked.trim() === "now" ? null : asked;
}

/** Host and check still encoded: from the first `host=` and the last `&srv=`, whatever lies between. */
function splitTarget(query: string): { host: string | null; check: string | null } {
  const host = HOST_MARK.exec(query);
  const check = [...query.matchAll(CHECK_MARK)].at(-1);
  const hostEnd = host === null ? 0 : host.index + host[0].length;
  if (check === undefined) {
    return { host: host === null ? null : strip(query.slice(hostEnd)), check: null };
  }
  const checkEnd = check.index + check[0].length;
  if (host === null) {
    return { host: null, check: strip(query.slice(checkEnd)) };
  }
  return check.index >= hostEnd
    ? { host: strip(query.slice(hostEnd, check.index)), check: strip(query.slice(checkEnd)) }
    : { host: strip(query.slice(hostEnd)), check: strip(query.slice(checkEnd, host.index)) };
}

/** Without the other parameters that follow. Each is looked at once, from the end: an address may hold two thousand of them. */
function strip(value: string): string {
  let end = value.length;
  for (let at = value.lastIndexOf("&"); at >= 0; at = value.lastIndexOf("&", at - 1)) {
    if (!OTHER_MARK.test(value.slice(at, end))) {
      break;
    }
    end = at;
  }
  return value.slice(0, end);
}

/** Plus as plus, plus as space, not decoded at all; then the same up to the first ampersand. */
function readings(raw: string): string[] {
  const ampersand = raw.search(/&/);
  const parts = ampersand < 0 ? [raw] : [raw, raw.slice(0, ampersand)];
  return [...new Set(parts.flatMap((part) => [decodeLenient(part), decodeLenient(part.replaceAll("+", " ")), part]))];
}

/** Percent-decoded as UTF-8, where that fails as Latin-1; a percent sign that encodes nothing stays one. */
export function decodeLenient(text: string): string {
  const bytes: number[] = [];
  for (const piece of text.split(/(%[0-9a-f]{2})/i)) {
    if (/^%[0-9a-f]{2}$/i.test(piece)) {
      bytes.push(Number.parseInt(piece.slice(1), 16));
    } else {
      bytes.push(...Buffer.from(piece, "utf8"));
    }
  }
  const buffer = Buffer.from(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(buffer);
  } catch {
    return buffer.toString("latin1");
  }
}
