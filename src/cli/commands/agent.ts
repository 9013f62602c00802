/** `dotm agent token HOST`: makes a token for an agent. */
import { join } from "node:path";
import { AUDIT_FILE } from "../../audit/audit-file.ts";
import { loadConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { addToken } from "../../ingest/token-file.ts";
import { commandAudit } from "../audit.ts";
import { EXIT } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Where the daemon keeps its tokens. */
export interface TokenPlace {
  readonly config?: string;
  readonly dataDir?: string;
}

/** The files that hold tokens, the log of who made them, and the port for agents where one is open. */
export function tokenFiles({ config, dataDir }: TokenPlace, { around }: Terminal) {
  if (dataDir !== undefined) {
    return {
      agentsFile: join(dataDir, "agent-tokens.json"),
      usersFile: join(dataDir, "tokens.json"),
      auditFile: join(dataDir, AUDIT_FILE),
      port: undefined,
    };
  }
  const { agents, auth, audit } = loadConfig({ file: config }, around);
  return {
    agentsFile: agents.tokensFile,
    usersFile: auth.tokensFile,
    auditFile: audit.file,
    port: agents.listen?.port,
  };
}

/** Characters of a host's name; a longer one in the file would keep all tokens from being read. */
const LONGEST = 255;

/** Makes a token, prints it alone on stdout and what to do with it on stderr. A running daemon knows it at once. */
export async function agentToken(host: string, place: TokenPlace, terminal: Terminal): Promise<number> {
  const { out, err } = terminal;
  if (
    host === "" ||
    host.length > LONGEST ||
    host.includes("::") ||
    host.startsWith("-") ||
    /[\p{Cc}/\s]/u.test(host)
  ) {
    const next = "Give the name the agent reports: letters, digits, dots and dashes, as in the monitoring.";
    throw new DotmError("DOTM_USAGE", `"${host}" cannot be the name of a host`, next);
  }
  const { agentsFile, auditFile, port } = tokenFiles(place, terminal);
  const { trail, by } = commandAudit(auditFile, terminal);
  const act = { action: "add", object: `agent token ${host}`, old: null, new: "***" };
  out.write(`${await trail.around(by, act, () => addToken(agentsFile, host))}\n`);
  err.write(
    `This is shown only now. On ${host} keep it in a file only the agent can read, and run:\n` +
      `  dotm-agent run --host ${host} --server https://SERVER:${port ?? 4881} --token-file FILE\n` +
      (port === undefined ? "Reports of other machines are taken where agents.listen opens a port for them.\n" : ""),
  );
  return EXIT.done;
}
