/** Is the configuration readable and valid? */
import type { Config } from "../../config/config-value.ts";
import { placeText } from "../../config/place.ts";
import { type ConfigRequest, readConfig } from "../../config.ts";
import type { Terminal } from "../terminal.ts";
import { broken, doubtful, type Finding, failed, fine } from "./finding.ts";

const PART = "configuration";

/** The configuration, undefined where it cannot be used, with a finding for each fault. */
export function examineConfiguration(
  request: ConfigRequest,
  { around, program }: Terminal,
): { readonly config: Config | undefined; readonly findings: readonly Finding[] } {
  try {
    const { config, files, warnings, problems } = readConfig(request, around);
    const fix = `Correct it, then: ${program} config check`;
    const findings = [
      ...problems.map(({ place, text }) => broken(PART, `${placeText(place)}: ${text}`, fix)),
      ...warnings.map(({ place, text }) => doubtful(PART, `${placeText(place)}: ${text}`, fix)),
    ];
    const read = files.length === 0 ? "no file; the defaults hold" : files.join(", ");
    return { config, findings: findings.length === 0 ? [fine(PART, read)] : findings };
  } catch (error) {
    return { config: undefined, findings: [failed(PART, error)] };
  }
}
