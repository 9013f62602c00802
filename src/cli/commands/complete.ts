/** `dotm complete SHELL -- WORDS`: what may stand at the cursor; asked by the scripts of `dotm completion`. */
import type { Command } from "commander";
import { type Candidate, type Candidates, candidates, type Wanted } from "../completion/candidates.ts";
import { FILES_TOO, type Shell } from "../completion/scripts.ts";
import { bashReply, typedLine } from "../completion/shell-words.ts";
import { EXIT } from "../exit-code.ts";
import type { OpenReader } from "../open-store.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";

/** Milliseconds a person waits for names of the site after pressing TAB. */
const PATIENCE = 300;

/** Prints one candidate a line; exit code `FILES_TOO` where names of files may stand there, too. */
export async function complete(
  program: Command,
  shell: Shell,
  words: readonly string[],
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const typed = shell === "bash" ? typedLine(words.join(" ")) : undefined;
  const before = typed === undefined ? words.slice(0, -1) : typed.before.slice(1);
  const current = typed?.current ?? words.at(-1) ?? "";
  const found = candidates(program, before, current);
  const named = found.wanted === null ? [] : await namesOf(found.wanted, current, terminal, open);
  for (const candidate of fitting(found, named, current)) {
    const word = typed === undefined ? candidate.word : bashReply(candidate.word, typed);
    terminal.out.write(`${shell === "bash" || candidate.text === "" ? word : `${word}\t${candidate.text}`}\n`);
  }
  return found.files ? FILES_TOO : EXIT.done;
}

function fitting(found: Candidates, named: readonly string[], current: string): Candidate[] {
  const all = [...found.words, ...named.map((word) => ({ word, text: "" }))];
  return all.filter(({ word }) => word.startsWith(current) && !/\p{Cc}/u.test(word));
}

/** No names where the store does not answer in time: a shell that hangs is worse than one that knows nothing. */
async function namesOf(wanted: Wanted, current: string, terminal: Terminal, open: OpenReader): Promise<string[]> {
  const { siteNames } = await import("../completion/site-names.ts");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), PATIENCE);
  });
  const asked = withReader({}, terminal, open, (reader) => siteNames(reader, wanted, current)).catch(() => []);
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
