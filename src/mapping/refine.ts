/** Several services that fit, narrowed down by what else the check says: a number, a daemon, TLS, an address. */

import { isWildcard } from "../model/address.ts";
import type { Question } from "./finding.ts";
import type { KnownService } from "./host-view.ts";
import { resolve } from "./resolve.ts";

type Services = readonly KnownService[];

/** Narrows services by everything the question says besides; never to nothing. */
export function refine(services: Services, question: Question): Services {
  const steps = [byAddress, byNumber, byDaemon, byTransport];
  return steps.reduce((left, step) => (left.length > 1 ? orAll(step(left, question), left) : left), services);
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
  const exact = services.filter((known) => known.addresses.some((address) => addresses.includes(address)));
  return exact.length > 0 ? exact : services.filter((known) => known.addresses.some(isWildcard));
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
