/** Several services that fit, narrowed down by what else the check says: a number, a daemon, TLS, an address. */

import type { Question } from "./finding.ts";
import type { KnownService } from "./host-view.ts";
import { TLS_PORTS } from "./knowledge/plugins.ts";
import { resolve } from "./resolve.ts";

type Services = readonly KnownService[];

/** Narrows services by everything the question says besides; never to nothing. */
export function refine(services: Services, question: Question): Services {
  const steps = [byAddress, byNumber, byDaemon, byTransport];
  return steps.reduce((left, step) => (left.length > 1 ? orAll(step(left, question), left) : left), services);
}

/** Keeps the services at ports where TLS is usual, if TLS is meant, else those without, as far as there are any. */
export function byTls(services: Services, tls: boolean): Services {
  const secured = services.filter(({ service }) => TLS_PORTS.has(service.number ?? 0));
  return orAll(tls ? secured : services, services);
}

/** Keeps the services of one transport: the one that is named, else tcp, unless the same process serves both. */
export function byTransport(services: Services, question: Question): Services {
  const named = question.command.plugin.startsWith("udp")
    ? "udp"
    : (question.name.transport ?? question.plugin.transport);
  const wanted = question.command.asksPort && named === null ? "tcp" : named;
  return wanted === null
    ? services
    : orAll(
        services.filter(({ service }) => service.proto === wanted),
        services,
      );
}

/** Keeps the services that listen at an address of the command, else those that listen everywhere. */
export function byAddress(services: Services, question: Question): Services {
  const { addresses } = question.command.arguments;
  if (addresses.length === 0) {
    return services;
  }
  const exact = services.filter(({ service }) => service.addresses.some((address) => addresses.includes(address)));
  return exact.length > 0 ? exact : services.filter(({ service }) => service.addresses.some(isWildcard));
}

function byNumber(services: Services, question: Question): Services {
  const numbers = question.name.numbers;
  return services.filter(({ service }) => numbers.includes(service.number ?? 0));
}

function byDaemon(services: Services, question: Question): Services {
  const tls = question.name.tls || question.command.arguments.tls;
  for (const { subject, whole } of [...question.plugin.hits, ...question.name.hits]) {
    const meant = new Set(resolve(subject, question.view, { tls, whole: whole || subject.kind === "daemon" }).services);
    const both = services.filter((known) => meant.has(known));
    if (both.length > 0 && both.length < services.length) {
      return both;
    }
  }
  return byProcessName(services, question);
}

function byProcessName(services: Services, question: Question): Services {
  const words = new Set(question.name.words);
  return services.filter(({ service }) => words.has((service.process ?? "").toLowerCase()));
}

function orAll(some: Services, all: Services): Services {
  return some.length > 0 ? some : all;
}

/** Whether an address means all addresses of a host. */
export function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::" || address === "*" || address === "0:0:0:0:0:0:0:0";
}
