/** Will the pages of the Nagios that is read show what DOTM put into them? */
import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/config-value.ts";
import { lookAtNagios } from "../../ingest/find-nagios.ts";
import { textAt } from "../setup/file-plan.ts";
import { shellWord } from "../words.ts";
import { broken, type Finding, failed, fine } from "./finding.ts";

const PART = "nagios pages";

/** One finding for each Nagios whose folder of pages is known. */
export function examineNagiosPages({ sources }: Pick<Config, "sources">, program: string): Finding[] {
  return sources.flatMap((source) => {
    const htmlPath = source.type === "nagios" ? lookAtNagios(source.config).htmlPath : null;
    return htmlPath === null ? [] : [examineHeaders(join(htmlPath, "ssi"), program)];
  });
}

/** The files that Nagios puts into its pages, `ssi` below them. */
function examineHeaders(folder: string, program: string): Finding {
  try {
    const ours = ["common-header.ssi", "status-header.ssi", "common-footer.ssi"]
      .map((name) => join(folder, name))
      .find((path) => textAt(path)?.includes("assets/nagios.js"));
    if (ours === undefined) {
      return fine(PART, `no icon in the rows of Nagios yet; to have it: ${program} nagios install`);
    }
    return isProgram(statSync(ours))
      ? broken(
          PART,
          `${ours} may be executed, so Nagios runs it instead of printing it`,
          `chmod 644 ${shellWord(ours)}`,
        )
      : fine(PART, ours);
  } catch (error) {
    return failed(PART, error);
  }
}

function isProgram({ mode }: Stats): boolean {
  return (mode & 0o111) !== 0;
}
