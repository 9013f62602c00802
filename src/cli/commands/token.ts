/** `dotm token add|list|remove`: tokens of people and programs. A running daemon goes by the file at once. */
import { DotmError } from "../../errors.ts";
import { addUserToken, readUserTokens, removeUserToken, type TokenRole } from "../../ingest/user-tokens.ts";
import { commandAudit } from "../audit.ts";
import { EXIT } from "../exit-code.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { isoTime } from "../words.ts";
import { type TokenPlace, tokenFiles } from "./agent.ts";

/** Makes a token, prints it alone on stdout and what to do with it on stderr. */
export async function tokenAdd(name: string, role: TokenRole, place: TokenPlace, terminal: Terminal): Promise<number> {
  if (!/^[^\p{Cc}]{1,100}$/u.test(name)) {
    throw new DotmError("DOTM_USAGE", "A token needs a name of 1 to 100 characters.", "Name who will use it.");
  }
  const { usersFile, auditFile } = tokenFiles(place, terminal);
  const { trail, by } = commandAudit(auditFile, terminal);
  const old = readUserTokens(usersFile).find((known) => known.name === name)?.role ?? null;
  const act = { action: "add", object: `token ${name}`, old, new: role };
  const token = await trail.around(by, act, () => addUserToken(usersFile, name, role, terminal.now()));
  terminal.out.write(`${token}\n`);
  terminal.err.write(
    "This is shown only now. Programs send it as `Authorization: Bearer TOKEN`; a browser takes it as the password.\n",
  );
  return EXIT.done;
}

/** Lists them, without the tokens themselves: only their hashes are kept. */
export function tokenList(place: TokenPlace, terminal: Terminal): number {
  for (const { name, role, created } of readUserTokens(tokenFiles(place, terminal).usersFile)) {
    terminal.out.write(`${harmless(name)}  ${role}  ${isoTime(created)}\n`);
  }
  return EXIT.done;
}

/** Takes one back. @throws DotmError DOTM_NOT_FOUND where there is none of that name */
export async function tokenRemove(name: string, place: TokenPlace, terminal: Terminal): Promise<number> {
  const { usersFile, auditFile } = tokenFiles(place, terminal);
  const known = readUserTokens(usersFile).find((token) => token.name === name);
  if (known === undefined) {
    throw new DotmError("DOTM_NOT_FOUND", `No token is called ${name}.`, `See: ${terminal.program} token list`);
  }
  const { trail, by } = commandAudit(auditFile, terminal);
  const act = { action: "remove", object: `token ${name}`, old: known.role, new: null };
  await trail.around(by, act, () => removeUserToken(usersFile, name));
  terminal.err.write(`The token of ${harmless(name)} no longer works.\n`);
  return EXIT.done;
}
