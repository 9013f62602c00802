/** The decision which services of its host a service check speaks of. */
import type { MappableCheck, MappableService, Mapping } from "../model/mapping.ts";
import { NO_COMMAND, readCommand } from "./check-command.ts";
import { givenPort, givenSocket, givenUrl, numberThatListens, otherHost, silentPlugin } from "./command-evidence.ts";
import type { EvidenceStep, Finding, Question } from "./finding.ts";
import { namesOf, undecided } from "./finding.ts";
import { hostView, type KnownService } from "./host-view.ts";
import { boundedMemo } from "./memo.ts";
import { agentItself, knownPlugin, pluginPhrase, presetOnName, silentName, similarity } from "./named-evidence.ts";
import { mappingOf, namesHost, outlineOf, rememberedOutline } from "./outline.ts";
import { readPhrase } from "./phrase.ts";
import { namedProcess } from "./process-evidence.ts";
import { refine } from "./refine.ts";
import { type CompiledRule, type CompiledRules, ruleMeans, rulesFor } from "./user-rules.ts";

const MEMORIZED = 20_000;

/** Kinds of evidence, most specific first. The first that says something decides. */
const STEPS: readonly EvidenceStep[] = [
  byUserRule,
  silentPlugin,
  otherHost,
  givenPort,
  givenUrl,
  givenSocket,
  namedProcess,
  numberThatListens,
  agentItself,
  knownPlugin,
  silentName,
  presetOnName,
  similarity,
];

const commands = boundedMemo<Pick<Question, "command" | "plugin">>(MEMORIZED);
const names = boundedMemo<Question["name"]>(MEMORIZED);

/**
 * Says which of its host's services a check speaks of, how sure that is, and why.
 * `hostAddresses` are the addresses of the host, where known: a literal address in a command that is none of them is
 * another host's. A check that is known to speak of no service has evidence; one about which nothing is known has none.
 */
export function mapCheck(
  check: MappableCheck,
  services: readonly MappableService[],
  rules: CompiledRules,
  hostAddresses: readonly string[] = [],
): Mapping {
  const { command, plugin } = understood(check.command);
  const question: Question = {
    check,
    rules,
    view: hostView(services),
    command,
    plugin,
    name: names.get(check.check, () => readPhrase(check.check)),
    hostAddresses,
  };
  const compute = () => outlineOf(...inOrder(question));
  const outline = namesHost(command) ? compute() : rememberedOutline(check, question.view.shape, rules, compute);
  return mappingOf(check, outline, services);
}

function understood(text: string | null): Pick<Question, "command" | "plugin"> {
  return commands.get(text ?? "", () => {
    const command = text === null ? NO_COMMAND : readCommand(text);
    return { command, plugin: pluginPhrase(command.words) };
  });
}

/** The deciding finding and, behind it, the next one that would have chosen otherwise. */
function inOrder(question: Question): [decided: Finding | undefined, next: Finding | undefined] {
  let decided: Finding | undefined;
  for (const step of STEPS) {
    const finding = decided !== undefined && step === similarity ? undefined : step(question);
    if (finding === undefined) {
      continue;
    }
    if (decided !== undefined && differs(finding, decided)) {
      return [decided, finding];
    }
    decided ??= finding;
    if (step === silentPlugin) {
      // What check_disk or check_load would mean otherwise helps nobody.
      break;
    }
  }
  return [decided, undefined];
}

function differs(finding: Finding, from: Finding): boolean {
  const same = new Set(from.services);
  return (
    finding.services.some((known) => !same.has(known)) ||
    (finding.services.length > 0 && finding.services.length < same.size)
  );
}

/** The user's own rules; where several speak they are united, whatever their order. */
function byUserRule(question: Question): Finding | undefined {
  const { rules, check, view } = question;
  const speaking = rulesFor(rules, check.check)
    .map((rule) => ({ rule: rule.rule, services: view.services.filter(({ service }) => meansProcess(rule, service)) }))
    .filter(({ services }) => services.length > 0);
  if (speaking.length === 0) {
    return undefined;
  }
  const narrowed = speaking.flatMap((rule) => refine(atGivenPort(rule.services, question), question));
  const services = view.services.filter((known) => narrowed.includes(known));
  const ambiguous = undecided(services);
  const rulesText = [...new Set(speaking.map(({ rule }) => `${rule.check} -> ${rule.process}`))].sort().join("; ");
  return {
    kind: "user-rule",
    services,
    confidence: ambiguous ? 0.8 : 0.99,
    text: `your rule ${rulesText} means ${namesOf(services)}`,
    ambiguous,
  };
}

function meansProcess(rule: CompiledRule, { process }: MappableService): boolean {
  return process !== null && ruleMeans(rule, process);
}

/** A rule names a process; where that has several ports, a port of the command tells which. */
function atGivenPort(services: readonly KnownService[], { command }: Question): readonly KnownService[] {
  const { ports, urls } = command.arguments;
  const given = services.filter(({ service }) =>
    [...ports, ...urls.map(({ port }) => port)].includes(service.number ?? 0),
  );
  return given.length > 0 ? given : services;
}
