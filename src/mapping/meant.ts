/** Which services the words of a text mean on a host, when several are named. */
import type { Question } from "./finding.ts";
import type { HostView, KnownService } from "./host-view.ts";
import { COMMON_WORDS } from "./knowledge/plugins.ts";
import { groupsOf, type Hit, type Phrase } from "./phrase.ts";
import { type Asked, resolve } from "./resolve.ts";

type Services = readonly KnownService[];

interface Meant {
  readonly hit: Hit;
  readonly services: Services;
}

/** The services that these words mean: daemons before protocols before vague words, common ones where they agree. */
export function meantByHits(hits: readonly Hit[], question: Question, asked: Asked): Services {
  const all = hits.map((hit): Meant => ({ hit, services: meantByHit(hit, question.view, asked) }));
  const found = all.filter(({ services }) => services.length > 0);
  const daemons = found.filter(({ hit }) => hit.subject.kind === "daemon");
  const protocols = found.filter(({ hit }) => hit.subject.kind === "protocol" && !hit.subject.vague);
  const vague = found.filter(({ hit }) => hit.subject.vague);
  if (daemons.length > 0) {
    return agreed(chosen(daemons, question), protocols, question, asked);
  }
  if (protocols.length > 0) {
    return secured(protocols, question, asked);
  }
  const missing = all.some(({ hit }) => !hit.subject.vague);
  return missing && !asked.whole ? [] : agreedAmong(vague);
}

/** What the dictionary says, unless another process that runs here has just this name: carbon-relay beside carbon-cache. */
function meantByHit(hit: Hit, view: HostView, asked: Asked): Services {
  const { services } = resolve(hit.subject, view, { ...asked, whole: asked.whole || hit.whole });
  const named = hit.subject.kind === "daemon" ? processOf(hit.wider, view) : [];
  const other = named.length > 0 && !named.some(({ daemons }) => daemons.includes(hit.subject));
  return other && !named.some((known) => services.includes(known)) ? named : services;
}

/** One of several daemons: what stands before "for" or a bracket, all where equals are joined, else the last word. */
function chosen(daemons: readonly Meant[], { name }: Question): Services {
  const before = daemons.filter(({ hit }) => name.hits.includes(hit) && hit.start < name.qualifiedFrom);
  const left = before.length > 0 ? before : daemons;
  const common = agreedAmong(left);
  if (left.length > 1 && name.joins && left.every(({ hit }) => name.hits.includes(hit))) {
    return union(left);
  }
  if (common.length < union(left).length && common !== left[0]?.services) {
    return common;
  }
  const byPlugin = left.findLast(({ hit }) => !name.hits.includes(hit));
  return (byPlugin ?? left.at(-1))?.services ?? [];
}

/** A daemon and a protocol named together mean what they share: "Exim SMTP". */
function agreed(services: Services, protocols: readonly Meant[], { view }: Question, asked: Asked): Services {
  for (const { hit } of protocols) {
    const speaking = new Set(resolve(hit.subject, view, asked).services);
    const both = services.filter((known) => speaking.has(known));
    if (both.length > 0) {
      return both;
    }
  }
  return services;
}

/** Several protocols: "HTTP SSL" is one, "LDAP certificate" is LDAP with TLS. */
function secured(protocols: readonly Meant[], { view }: Question, asked: Asked): Services {
  const others = protocols.filter(({ hit }) => hit.subject.id !== "tls");
  const tls = others.length < protocols.length || asked.tls;
  if (others.length === 0) {
    return union(protocols);
  }
  const meant = others.map(({ hit }) => resolve(hit.subject, view, { ...asked, tls }).services);
  const secure = others.flatMap(({ hit }, index) =>
    meant.some((_, other) => other !== index && hit.subject.id === "https") ? (meant[index] ?? []) : [],
  );
  return secure.length > 0 ? secure : [...new Set(meant.flat())];
}

function agreedAmong(meant: readonly Meant[]): Services {
  const [first, ...others] = meant;
  const common = (first?.services ?? []).filter((known) => others.every(({ services }) => services.includes(known)));
  return common.length > 0 ? common : (first?.services ?? []);
}

function union(meant: readonly Meant[]): Services {
  return [...new Set(meant.flatMap(({ services }) => services))];
}

/** Services whose process name itself stands in the text: "fedmsg-hub", "udpprofile". */
export function meantByProcessWords(phrase: Phrase, view: HostView): Services {
  return processOf(groupsOf(phrase), view);
}

/** The services of the first of these names that is a process. */
function processOf(names: Iterable<string>, view: HostView): Services {
  for (const name of names) {
    const found = view.byProcessWord.get(name) ?? beginningOf(name, view);
    if (found !== undefined) {
      return hasOwnListeners(found);
    }
  }
  return [];
}

function beginningOf(word: string, view: HostView): Services | undefined {
  for (const [beginning, services] of view.byBeginning) {
    if (word.startsWith(beginning)) {
      return services;
    }
  }
  return undefined;
}

const SHORTEST_STEM = 5;

/** Services of a process nobody knows whose name shares its stem with a word: "profiling" and udpprofile. */
export function meantByResemblance(
  words: readonly string[],
  view: HostView,
): { readonly word: string; readonly services: Services } {
  for (const word of words) {
    if (word.length < SHORTEST_STEM || COMMON_WORDS.has(word)) {
      continue;
    }
    const stem = word.slice(0, Math.max(SHORTEST_STEM, Math.ceil(word.length * 0.6)));
    for (const [process, services] of view.byProcessWord) {
      if (services[0]?.daemons.length === 0 && process.includes(stem)) {
        return { word, services };
      }
    }
  }
  return { word: "", services: [] };
}

/** The services of a process that serve clients; all where none does. */
export function hasOwnListeners(services: Services): Services {
  const clients = services.filter(({ service, daemons }) => !(daemons[0]?.admin.has(service.number ?? 0) ?? false));
  return clients.length > 0 ? clients : services;
}
