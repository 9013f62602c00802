/** Evidence by name: a process in the arguments, the plugin, the check's name, and at last what merely resembles. */
import { type Finding, namesOf, noService, type Question, severalProcesses, undecided } from "./finding.ts";
import type { KnownService } from "./host-view.ts";
import { meantByHits, meantByProcessWords, meantByResemblance } from "./meant.ts";
import { type Hit, hitsAcross, onlyTarget, type Phrase, phraseOf, readPhrase, similarHits } from "./phrase.ts";
import { refine } from "./refine.ts";
import { resolve, speakersOf } from "./resolve.ts";
import { tokens } from "./tokens.ts";
import { onlyTransports, type Subject, TRANSPORTS } from "./vocabulary.ts";

type Services = readonly KnownService[];

/** A plugin that was called without saying what to run: the check is about the agent itself. */
export function agentItself(question: Question): Finding | undefined {
  const { runner } = question.command;
  const { name } = question;
  if (runner === null || name.silences.length > 0) {
    return undefined;
  }
  const asked = readPhrase(runner.replace(/^(?:by|via)/, "").replace(/(?:1?args?|\d)$/, ""));
  const others = name.hits.some(({ subject }) => !subject.vague && subject.id !== asked.hits[0]?.subject.id);
  const services = meantByHits(asked.hits, question, { tls: false, whole: false });
  if (others || services.length === 0) {
    return undefined;
  }
  const text = `${runner} is called without a command, so the agent itself is checked`;
  return { kind: "plugin", services, confidence: 0.85, text, ambiguous: severalProcesses(services) };
}

/** The plugin's name: check_mysql, check_rabbitmq_watermark. */
export function knownPlugin(question: Question): Finding | undefined {
  const { command, plugin } = question;
  const target = onlyTarget(plugin);
  if (target !== undefined) {
    return noService("none", `plugin ${command.plugin} speaks of something that talks to ${target.word}`);
  }
  const argument = argumentHits(question);
  const hits = argument.length > 0 ? argument : plugin.hits;
  const specific = hits.filter(({ subject }) => !subject.vague);
  if (silencedByName(question, specific[0]) || leavesItToName(question)) {
    return undefined;
  }
  const tls = (command.arguments.tls && specific[0]?.subject.id !== "smtp") || plugin.tls;
  // check_consul_service!web asks Consul about something else, not for Consul's own process.
  const whole = (command.asksProcess || plugin.asksProcess) && command.arguments.names.length === 0;
  const meant =
    hits.length > 0 ? meantByHits(hits, question, { tls, whole }) : meantByProcessWords(plugin, question.view);
  if (meant.length === 0) {
    const missing = specific[0];
    return (
      missing &&
      noService("plugin", `plugin ${command.plugin} speaks of ${missing.subject.id}, which is not on this host`)
    );
  }
  const services = sharpened(meant, hits, question);
  const ambiguous = whole ? severalProcesses(services) : undecided(services);
  const text = `plugin ${command.plugin} speaks of ${namesOf(services)}`;
  return { kind: "plugin", services, confidence: confidenceOf(0.85, hits, ambiguous), text, ambiguous };
}

/** check_mssql_health for "Backup age": a name may say what a plugin is used for, the more so where its arguments are hidden. */
function silencedByName({ command, name }: Question, first: Hit | undefined): boolean {
  return name.silences.some(
    ({ strength, about }) =>
      (strength === "purpose" && (command.remote || first?.subject.kind === "daemon")) ||
      (strength === "always" && command.remote && first?.subject.speaks.has(about) !== true),
  );
}

/** check_docker_container_status tells how: what runs in the container stands in the check's name. */
function leavesItToName({ command, plugin, name }: Question): boolean {
  const tellsHow = command.asksProcess && plugin.hits.every(({ subject }) => TRANSPORTS.has(subject.id));
  return tellsHow && name.hits.some(({ subject }) => !TRANSPORTS.has(subject.id));
}

/** What is checked may be an argument: check_ssl_cert -P imap, check_sap!ms. */
function argumentHits({ command, plugin }: Question): readonly Hit[] {
  const across = hitsAcross(plugin.words, command.arguments.names[0]);
  const first = plugin.hits[0]?.subject.id;
  if (across.length > 0 || command.asksProcess || (first !== "tls" && first !== "rpcbind")) {
    return across;
  }
  const hits = readPhrase(command.arguments.names.slice(0, 4).join(" ")).hits;
  return hits.filter(({ subject }) => first === "rpcbind" || (subject.tlsPorts.length > 0 && subject.id !== "tls"));
}

/** Where the arguments are hidden (NRPE) the check's name may tell which of the speakers is meant; else it only narrows. */
function sharpened(meant: Services, hits: readonly Hit[], question: Question): Services {
  const { command, name } = question;
  const first = hits[0]?.subject;
  if (command.remote && command.bare && first?.kind === "protocol" && name.hits.length > 0) {
    const speakers = new Set(speakersOf(first, question.view));
    const named = meantByHits(name.hits, question, { tls: name.tls, whole: name.asksProcess }).filter((known) =>
      speakers.has(known),
    );
    return named.length > 0 ? named : refine(meant, question);
  }
  return refine(withNamedPort(meant, instancesOf(first, question), question), question);
}

function instancesOf(subject: Subject | undefined, { view }: Question): Services {
  if (subject === undefined) {
    return [];
  }
  return subject.kind === "protocol"
    ? speakersOf(subject, view)
    : resolve(subject, view, { tls: false, whole: true }).services;
}

/** "SMTP (Port 587)": a number in the name that is the port of another service speaking the same. */
function withNamedPort(meant: Services, speakers: Services, { name, command }: Question): Services {
  if (!command.bare && !command.remote) {
    return meant;
  }
  const named = speakers.filter(({ service }) => name.numbers.includes(service.number ?? 0));
  return named.length > 0 ? named : meant;
}

/** A check's name that speaks of no service: backups, disks, updates, logs. */
export function silentName({ name }: Question): Finding | undefined {
  const named = !onlyTransports(name.hits.map(({ subject }) => subject));
  const silence = name.silences.find(({ strength }) => strength !== "figure" || !named);
  if (silence !== undefined) {
    return noService("none", `the name speaks of ${silence.about} (${silence.word})`);
  }
  const target = onlyTarget(name);
  return target && noService("none", `the name speaks of something that talks to ${target.word}`);
}

/** The check's name: the presets, in several languages. */
export function presetOnName(question: Question): Finding | undefined {
  const { name, command } = question;
  const others = name.hits.filter(({ subject }) => !TRANSPORTS.has(subject.id));
  const hits = others.length > 0 ? others : name.hits;
  const asked = { tls: name.tls || command.arguments.tls, whole: name.asksProcess };
  const found = meantByHits(hits, question, asked);
  const byWord = found.length > 0 ? [] : meantByProcessWords(name, question.view);
  const services = refine(found.length > 0 ? found : byWord, question);
  if (services.length === 0) {
    return undefined;
  }
  const words = hits.map(({ word }) => word).join(", ");
  const ambiguous = asked.whole ? severalProcesses(services) : undecided(services);
  const text =
    found.length > 0
      ? `the name says ${words}: ${namesOf(services)}`
      : `the name is that of the process: ${namesOf(services)}`;
  return { kind: "preset", services, confidence: confidenceOf(0.75, hits, ambiguous), text, ambiguous };
}

/** Words that resemble: one typing error, a known word inside a longer one, a port number in the name. */
export function similarity(question: Question): Finding | undefined {
  for (const phrase of [question.plugin, question.name]) {
    const hits = similarHits(phrase);
    const services = meantByHits(hits, question, { tls: phrase.tls, whole: phrase.asksProcess });
    if (services.length > 0) {
      return similar(refine(services, question), `${hits.map(({ word }) => word).join(", ")} resembles`);
    }
  }
  const alike = meantByResemblance([...question.plugin.words, ...question.name.words], question.view);
  if (alike.services.length > 0) {
    return similar(alike.services, `${alike.word} resembles the process of`);
  }
  const numbered = question.name.numbers
    .filter((number) => number > 1000)
    .flatMap((number) => question.view.byPort.get(number) ?? []);
  return numbered.length > 0 ? similar(refine(numbered, question), "a number in the name is the port of") : undefined;
}

function similar(services: Services, text: string): Finding {
  const ambiguous = severalProcesses(services);
  return {
    kind: "similarity",
    services,
    confidence: ambiguous ? 0.5 : 0.6,
    text: `${text} ${namesOf(services)}`,
    ambiguous,
  };
}

function confidenceOf(base: number, hits: readonly Hit[], ambiguous: boolean): number {
  const vague = hits.every(({ subject }) => subject.vague);
  return Math.max(0.5, base - (vague ? 0.1 : 0) - (ambiguous ? 0.15 : 0));
}

/** The phrase of a plugin's name. */
export function pluginPhrase(words: readonly string[]): Phrase {
  return phraseOf(
    words.flatMap((word) => tokens(word)),
    words.join(" "),
  );
}
