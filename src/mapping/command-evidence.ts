/** Evidence that the check command itself carries: another host, a port, a URL, a socket. */

import { isLinkLocal, isLoopback, isWildcard, normalizeAddress } from "../model/address.ts";
import type { CommandUrl } from "./argument-words.ts";
import { type Finding, namesOf, noService, type Question, severalProcesses } from "./finding.ts";
import { couldBe, type KnownService, runsAs } from "./host-view.ts";
import { AGGREGATES } from "./knowledge/plugins.ts";
import { type Phrase, readPhrase, type SilentHit } from "./phrase.ts";
import { byAddress, byTransport, refine } from "./refine.ts";
import { resolve } from "./resolve.ts";
import { onlyTransports, type Subject } from "./vocabulary.ts";

/** A plugin that says nothing about a network service: check_disk, check_load, check_apt, an aggregate. */
export function silentPlugin(question: Question): Finding | undefined {
  const { command, plugin } = question;
  if (AGGREGATES.has(command.plugin.replace(/\d+$/, ""))) {
    return noService("none", `${command.plugin} sums up other checks or hosts`);
  }
  const link = plugin.hits.length === 0 && command.arguments.names.find((name) => NETWORK_INTERFACE.test(name));
  if (link) {
    return noService("none", `the command speaks of the network interface ${link}`);
  }
  const silence = decisiveSilence(plugin, command.asksProcess) ?? silentMode(question);
  return silence && noService("none", `the plugin speaks of ${silence.about} (${silence.word})`);
}

const NETWORK_INTERFACE =
  /^(?:eth|ens|enp|eno|em|bond|br|team|wlan|vlan|wlp|ppp|tun|tap|veth|virbr|docker)\d[\w.:-]*$/i;

function silentMode({ command }: Question): SilentHit | undefined {
  return command.arguments.modes
    .flatMap((mode) => readPhrase(mode).silences)
    .find(({ strength }) => strength === "purpose" || strength === "always");
}

/** The word of a plugin's name that silences it, by its strength and by what daemon is named before it. */
function decisiveSilence(plugin: Phrase, asksProcess: boolean): SilentHit | undefined {
  const transported = onlyTransports(plugin.hits.map(({ subject }) => subject));
  const firstHit = transported ? Number.POSITIVE_INFINITY : (plugin.hits[0]?.start ?? Number.POSITIVE_INFINITY);
  return plugin.silences.find(({ strength, start }) => {
    if (strength === "purpose" || strength === "always") {
      return true;
    }
    return strength === "storage" ? start < firstHit : transported && !asksProcess;
  });
}

/** A command that goes to another host than the check's own. */
export function otherHost(question: Question): Finding | undefined {
  const { arguments: args, remote, plugin } = question.command;
  if (args.macroOfOtherHost) {
    return noService("none", "the command names another host by a macro");
  }
  const urlHosts = args.urls.map(({ host }) => host);
  const addresses = [...args.addresses, ...urlHosts.filter((host) => /^[\d.]+$|:/.test(host))];
  const foreign = addresses.filter((address) => isForeign(address, question));
  if (addresses.length > 0 && foreign.length === addresses.length) {
    return noService("none", `the command goes to ${foreign[0]}, which is not this host`);
  }
  if (!remote || plugin.startsWith("dns") || plugin.startsWith("dig") || addresses.length > 0) {
    return undefined;
  }
  const names = [...args.hostNames, ...urlHosts.filter((host) => host !== "" && !/^[\d.$]/.test(host))];
  const away = names.find((name) => !isOwnName(name, question));
  return away === undefined ? undefined : noService("none", `the command runs on this host but goes to ${away}`);
}

function isForeign(address: string, question: Question): boolean {
  if (isLoopback(address) || isWildcard(address)) {
    return false;
  }
  const { hostAddresses, view, command, check } = question;
  const own = [check.host, ...hostAddresses].map((text) => normalizeAddress(text) ?? text);
  if (own.includes(address) || view.addresses.has(address)) {
    return false;
  }
  // Without a list of its addresses a host may own any; what it listens at is a list of its own.
  const bound = [...view.addresses].some(
    (other) => !isLocalOnly(other) && other.includes(":") === address.includes(":"),
  );
  return command.remote || hostAddresses.some((text) => normalizeAddress(text) !== undefined) || bound;
}

function isLocalOnly(address: string): boolean {
  return isWildcard(address) || isLoopback(address) || isLinkLocal(address);
}

function isOwnName(name: string, { check, hostAddresses }: Question): boolean {
  const lower = name.toLowerCase();
  const own = check.host.toLowerCase();
  const label = (text: string) => text.split(".")[0];
  return lower.startsWith("localhost") || label(lower) === label(own) || hostAddresses.includes(name);
}

/** A port that the command gives as such: nobody listening there means no service. */
export function givenPort(question: Question): Finding | undefined {
  const { arguments: args, asksPort, asksProcess } = question.command;
  const first = asksPort && args.ports.length === 0 ? args.numbers.slice(0, 1) : [];
  const ports = [...args.ports, ...first];
  if (ports.length === 0 || asksProcess) {
    return undefined;
  }
  return atPorts(ports, question, "port", `port ${ports.join(", ")} in the check command`, 0.95);
}

function atPorts(
  ports: readonly number[],
  question: Question,
  kind: "port" | "url",
  text: string,
  confidence: number,
): Finding {
  const there = ports.flatMap((port) => question.view.byPort.get(port) ?? []);
  if (there.length === 0) {
    return noService(kind, `${text}, but nobody listens there on this host`);
  }
  const services = narrow(there, question);
  const ambiguous = severalProcesses(services);
  return { kind, services, ambiguous, confidence: ambiguous ? confidence * 0.7 : confidence, text };
}

/** Listeners that share a port: told apart by address, daemon and transport. */
function narrow(services: readonly KnownService[], question: Question): readonly KnownService[] {
  const there = byTransport(byAddress(services, question), question);
  if (there.length === 0) {
    return services;
  }
  return severalProcesses(there) ? refine(there, question) : there;
}

/** A URL in the command: its port, or the port of its scheme. */
export function givenUrl(question: Question): Finding | undefined {
  const { urls, tls } = question.command.arguments;
  const url = urls[0];
  if (url === undefined || question.command.asksProcess || asksProxy(question) || leadsToHelper(question, url)) {
    return undefined;
  }
  const port = tls && url.scheme === "http" && !url.portWritten ? 443 : url.port;
  return atPorts([port], question, "url", `URL ${url.text.slice(0, 80)} in the check command, port ${port}`, 0.9);
}

/** check_http_proxy: the URL is what is fetched through the proxy. */
function asksProxy({ plugin }: Question): boolean {
  const subject = plugin.hits[0]?.subject;
  return subject !== undefined && (subject.id === "proxy" || subject.speaks.has("proxy"));
}

/** A plugin for one daemon that runs here under its own name, told the URL of another: check_glance and Keystone's. */
function leadsToHelper(question: Question, { host, port }: CommandUrl): boolean {
  const daemon = question.plugin.hits[0]?.subject;
  if (daemon?.kind !== "daemon" || host === "" || /^(?:127\.|::1|\$)/.test(host) || isOwnName(host, question)) {
    return false;
  }
  const own = question.view.services.filter((known) => !known.nameless && runsAs(known, daemon));
  return own.length > 0 && own.every(({ service }) => service.number !== port);
}

/** A Unix socket in the command: the daemon whose name its path carries. */
export function givenSocket(question: Question): Finding | undefined {
  const path = question.command.arguments.sockets[0];
  if (path === undefined) {
    return undefined;
  }
  const phrase = readPhrase(path.replaceAll("PGSQL", "postgres"));
  const atPort = phrase.numbers.flatMap((number) => question.view.byPort.get(number) ?? []);
  const meant = phrase.hits.flatMap(
    ({ subject }) => resolve(subject, question.view, { tls: false, whole: false }).services,
  );
  const services = atPort.length > 0 ? atPort : [...new Set(meant)];
  if (services.length === 0) {
    return undefined;
  }
  const text = `socket ${path.slice(0, 80)} in the check command belongs to ${namesOf(services)}`;
  return { kind: "socket", services, confidence: 0.85, text, ambiguous: severalProcesses(services) };
}

/** A bare number in the arguments that is the port of a listener which fits the plugin. */
export function numberThatListens(question: Question): Finding | undefined {
  const { command, plugin } = question;
  const subject = plugin.hits[0]?.subject;
  if (command.asksProcess) {
    return undefined;
  }
  for (const number of command.arguments.numbers) {
    const there = (question.view.byPort.get(number) ?? []).filter((known) => fits(known, subject, number));
    if (there.length > 0) {
      const services = narrow(there, question);
      const text = `${number} in the check command is the port of ${namesOf(services)}`;
      return { kind: "port", services, confidence: 0.8, text, ambiguous: severalProcesses(services) };
    }
    if (subject !== undefined && isPortOf(subject, number)) {
      return noService("port", `port ${number} in the check command, but nobody listens there on this host`);
    }
  }
  return undefined;
}

function fits(known: KnownService, subject: Subject | undefined, number: number): boolean {
  return subject === undefined ? number > 100 : (number > 20 && couldBe(known, subject)) || isPortOf(subject, number);
}

function isPortOf(subject: Subject, number: number): boolean {
  const known = [subject.ports, subject.tlsPorts, subject.more].some((ports) => ports.includes(number));
  return known || (subject.id === "tls" && number > 400);
}
