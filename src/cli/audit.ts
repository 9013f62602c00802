/** Writes down what is changed at a command line, by the name of the account that does it. */
import { hostname, userInfo } from "node:os";
import type { Actor } from "../audit/audit-entry.ts";
import { AuditTrail } from "../audit/audit-trail.ts";
import type { Terminal } from "./terminal.ts";

/** The log in a file, and who acts at this terminal. */
export interface CommandAudit {
  readonly trail: AuditTrail;
  readonly by: Actor;
}

/** The audit log of a command. */
export function commandAudit(file: string, { around, now }: Terminal, how = "command line"): CommandAudit {
  return { trail: new AuditTrail(file, now), by: { who: account(around.env), role: null, how, from: hostname() } };
}

/** The account, and the one that took its place. */
function account(env: Readonly<Record<string, string | undefined>>): string {
  const own = ownName();
  const sudo = env["SUDO_USER"];
  return sudo === undefined || sudo === "" || sudo === own ? own : `${sudo} as ${own}`;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
