/** dotm-agent(1), made from what `dotm-agent --help` prints: the agent knows nobody, and nobody knows the agent. */
import { bold, section, term, titleLine, verbatim } from "./roff.ts";

/** The page. */
export function agentPage(help: string, version: string): string {
  const [usage = "", commands = "", options = ""] = help.trimEnd().split("\n\n");
  return [
    titleLine("dotm-agent", 1, version),
    section("Name", "dotm-agent \\- tells DOTM who listens and who talks to whom on this host\n"),
    section("Synopsis", verbatim(usage.replace(/^usage: /, "").replaceAll(/^ {7}/gm, ""))),
    section("Description", DESCRIPTION),
    section("Commands", terms(commands)),
    section("Options", terms(options)),
    section("Exit status", EXITS),
    section("Environment", ENVIRONMENT),
    section("Files", FILES),
    section("See also", `${bold("dotm")}(1)\n`),
  ].join("");
}

const DESCRIPTION = `Reads the sockets of this host and whose they are, and sends a report of them to a DOTM server again and again. What
it sees depends on its rights; each report says what it could not see. Arguments of processes are never sent.
`;

/** `name  text` a line; what is indented deeper belongs to the line before. */
function terms(block: string): string {
  return block
    .replaceAll(/\n {10,}/g, " ")
    .split("\n")
    .map((line) => /^ *(\S.*?) {2,}(.*)$/.exec(line) ?? [])
    .map(([, name = "", text = ""]) => term(bold(name), `${text}.`))
    .join("");
}

const EXITS = [term("0", "done"), term("1", "something failed"), term("2", "wrong usage")].join("");

const ENVIRONMENT = [
  term(bold("DOTM_AGENT_SERVER"), "Address of the server, where --server does not name one."),
  term(bold("DOTM_AGENT_TOKEN"), "The token, where --token-file names none."),
].join("");

const FILES = [
  term(bold("/etc/dotm-agent/token"), "The token of this host, put there by install."),
  term(bold("/var/lib/dotm-agent"), "Reports that wait for the server, and their count."),
].join("");
