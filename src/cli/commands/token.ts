/** `dotm token add|list|remove`: tokens of people and programs. A running daemon goes by the file at once. */
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { addUserToken, readUserTokens, removeUserToken, type TokenRole } from "../../ingest/user-tokens.ts";
import { EXIT } from "../exit-code.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { isoTime } from "../words.ts";
import type { TokenPlace } from "./agent.ts";

/** Makes a token, prints it alone on stdout and what to do with it on stderr. */
export function tokenAdd(name: string, role: TokenRole, place: TokenPlace, terminal: Terminal): number {
  if (!/^[^\p{Cc}]{1,100}$/u.test(name)) {
    throw new DotmError("DOTM_USAGE", "A token needs a name of 1 to 100 characters.", "Name who will use it.");
  }
  terminal.out.write(`${addUserToken(fileOf(place, terminal), name, role, terminal.now())}\n`);
  terminal.err.write(
    "This is shown only now. Programs send it as `Authorization: Bearer TOKEN`; a browser takes it as the password.\n",
  );
  return EXIT.done;
}

/** Lists them, without the tokens themselves: only their hashes are kept. */
export function tokenList(place: TokenPlace, terminal: Terminal): number {
  for (const { name, role, created } of readUserTokens(fileOf(place, terminal))) {
    terminal.out.write(`${harmless(name)}  ${role}  ${isoTime(created)}\n`);
  }
  return EXIT.done;
}

/** Takes one back. @throws DotmError DOTM_NOT_FOUND where there is none of that name */
export function tokenRemove(name: string, place: TokenPlace, terminal: Terminal): number {
  if (!removeUserToken(fileOf(place, terminal), name)) {
    throw new DotmError("DOTM_NOT_FOUND", `No token is called ${name}.`, `See: ${terminal.program} token list`);
  }
  terminal.err.write(`The token of ${harmless(name)} no longer works.\n`);
  return EXIT.done;
}

function fileOf({ config, dataDir }: TokenPlace, { around }: Terminal): string {
  return dataDir === undefined ? loadConfig({ file: config }, around).auth.tokensFile : join(dataDir, "tokens.json");
}
