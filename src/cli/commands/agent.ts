/** `dotm agent token HOST`: makes a token for an agent. */
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { addToken } from "../../ingest/token-file.ts";
import { EXIT } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Where the daemon keeps its tokens. */
export interface TokenPlace {
  readonly config?: string;
  readonly dataDir?: string;
}

/** Makes a token, prints it alone on stdout and what to do with it on stderr. A running daemon knows it at once. */
export function agentToken(host: string, place: TokenPlace, { around, out, err }: Terminal): number {
  if (host === "" || host.includes("::") || host.startsWith("-") || /[\p{Cc}/\s]/u.test(host)) {
    const next = "Give the name the agent reports: letters, digits, dots and dashes, as in the monitoring.";
    throw new DotmError("DOTM_USAGE", `"${host}" cannot be the name of a host`, next);
  }
  const agents = place.dataDir === undefined ? loadConfig({ file: place.config }, around).agents : undefined;
  const file = agents?.tokensFile ?? join(place.dataDir ?? "", "agent-tokens.json");
  const port = agents?.listen?.port;
  out.write(`${addToken(file, host)}\n`);
  err.write(
    `This is shown only now. On ${host} keep it in a file only the agent can read, and run:\n` +
      `  dotm-agent run --host ${host} --server https://SERVER:${port ?? 4881} --token-file FILE\n` +
      (port === undefined ? "Reports of other machines are taken where agents.listen opens a port for them.\n" : ""),
  );
  return EXIT.done;
}
