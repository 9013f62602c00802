/** Evidence by a process, unit or container that the command names. */
import { type Finding, namesOf, noService, type Question, severalProcesses } from "./finding.ts";
import { type KnownService, servicesBegunBy, servicesOfProcess } from "./host-view.ts";
import { hasOwnListeners, meantByHits, meantByProcessWords } from "./meant.ts";
import { type Phrase, readPhrase } from "./phrase.ts";

type Services = readonly KnownService[];

/** A process, unit or container that the command names: check_procs -C mysqld, check_systemd!docker. */
export function namedProcess(question: Question): Finding | undefined {
  const { command } = question;
  if (!command.asksProcess) {
    return undefined;
  }
  const unit = command.arguments.names.find((name) => OTHER_UNIT.test(name));
  if (unit !== undefined) {
    return noService("plugin", `the command asks for the unit ${unit}, which is no service`);
  }
  const names = command.arguments.names.map(cleaned).filter((name) => /[a-z]{2}/i.test(name) && !NOT_A_NAME.has(name));
  const meant = names.map((name) => ({ name, ...processMeant(name, question) }));
  const found =
    meant.find(({ services, vague }) => services.length > 0 && !vague) ??
    meant.find(({ services }) => services.length > 0);
  if (found !== undefined) {
    return {
      kind: "plugin",
      services: refineInstances(found.services, question),
      confidence: 0.9,
      text: `the command asks for the process ${found.name}, which listens as ${namesOf(found.services)}`,
      ambiguous: severalProcesses(found.services),
    };
  }
  const silent = meant.find(({ known }) => known);
  return silent && noService("plugin", `the command asks for ${silent.name}, which listens nowhere on this host`);
}

const NOT_A_NAME: ReadonlySet<string> = new Set(
  "showall status running active enabled stopped start ok critical warning true false".split(" "),
);

/** Units of systemd that run nothing themselves. */
const OTHER_UNIT = /\.(?:timer|mount|automount|swap|slice|scope|path|target|device)$/i;

/** A named instance of SQL Server: MSSQL$SHOP. */
const INSTANCE = /(?<=\w)\$\w+$/;

/** Without regular expression signs, path, extension and arguments: '^/usr/sbin/named -u bind' is named. */
function cleaned(name: string): string {
  const value = name.slice(name.indexOf("=") + 1);
  const plain = value
    .replace(INSTANCE, "")
    .replace(/[\^$()[\]{}\\?*|'"]/g, "")
    .trim();
  const program = plain.split(/\s/)[0] ?? "";
  const base = program.split("/").at(-1) ?? "";
  return base
    .replace(/\.(?:service|socket|exe|py|pl|sh|target|jar)$/i, "")
    .replace(/@.*$/, "")
    .toLowerCase();
}

function processMeant(name: string, question: Question): { services: Services; known: boolean; vague: boolean } {
  const { view } = question;
  const phrase = readPhrase(name);
  const byName = servicesOfProcess(view, name);
  if (byName.length > 0) {
    return { services: hasOwnListeners(byName), known: true, vague: byName.every(({ nameless }) => nameless) };
  }
  const begun = covers(phrase) ? [] : servicesBegunBy(view, name);
  if (begun.length > 0) {
    return { services: hasOwnListeners(begun), known: true, vague: false };
  }
  const byWord = meantByHits(phrase.hits, question, { tls: false, whole: true });
  const known = phrase.hits.some(({ subject }) => !subject.vague);
  const services = byWord.length > 0 || known ? byWord : meantByProcessWords(phrase, view);
  return { services, known, vague: false };
}

/** Whether the dictionary knows the whole name; else it may be the beginning of a process: keystone_ad of keystone_admin. */
function covers({ hits, words }: Phrase): boolean {
  return hits.reduce((sum, { start, end }) => sum + end - start, 0) === words.length;
}

/** Instances of one process: a number in the check's name or in the command tells which. */
function refineInstances(services: Services, { name, command }: Question): Services {
  const inNames = command.arguments.names.flatMap((text) => readPhrase(text).numbers);
  const numbers = new Set([...name.numbers, ...command.arguments.numbers, ...inNames]);
  const numbered = services.filter(({ service }) => numbers.has(service.number ?? 0));
  return numbered.length > 0 ? numbered : services;
}
