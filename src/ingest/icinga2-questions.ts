/** What a session asks Icinga 2 over its API, as far as the API user may: who it is, all objects of a type, or some. */
import { type Attrs, textAt } from "../../nagios/icinga2-attrs.ts";
import { RESULT_EVENTS } from "../../nagios/icinga2-event.ts";
import {
  eventPermission,
  type Greeting,
  type QueryType,
  queryPermission,
  readGreeting,
} from "../../nagios/icinga2-permissions.ts";
import type { Icinga2Client } from "./icinga2-client.ts";
import { Icinga2Fault, notPermitted } from "./icinga2-fault.ts";

/** Seconds without a byte while objects are read; whether anybody is there is asked for beside it. */
const QUERY_PATIENCE = 120;

/** The types of which single objects are asked for, by the path they are found at. */
const TYPE_AT = { hosts: "Host", services: "Service" } as const satisfies Record<string, QueryType>;

/** Questions of one session; `greet` comes first. All reject with an Icinga2Fault. */
export class Icinga2Questions {
  readonly #client: Icinga2Client;
  readonly #signal: AbortSignal;
  #greeting: Greeting = { user: "", version: "", missing: [] };

  constructor(client: Icinga2Client, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** Asks who answers and what the API user may do. Rejects where that is too little to go on. */
  async greet(patience: number): Promise<Greeting> {
    let greeting: Greeting | undefined;
    await this.#client.ask({ path: "", patience }, this.#signal, (result) => {
      greeting ??= result && readGreeting(result);
    });
    if (greeting === undefined) {
      throw new Icinga2Fault("unexpected answer", "the API says nothing of itself", "Is this the API of Icinga 2?");
    }
    this.#greeting = greeting;
    checkPermissions(greeting);
    return greeting;
  }

  /** The API user, as Icinga 2 calls it. */
  get user(): string {
    return this.#greeting.user;
  }

  /** Whether the API user has a permission. */
  may(permission: string): boolean {
    return !this.#greeting.missing.includes(permission);
  }

  /** Asks for all objects of a type; for none where that is not permitted, which was told by then. */
  async all(type: QueryType, path: string, attrs: readonly string[], onObject: (attrs: Attrs) => void): Promise<void> {
    const permission = queryPermission(type);
    if (this.may(permission)) {
      const question = { path: `objects/${path}`, body: { attrs }, patience: QUERY_PATIENCE, wanted: [permission] };
      await this.#client.ask(question, this.#signal, (result) => onObject(attrsOfResult(result, type)));
    }
  }

  /** Asks for some hosts or services, each by the name Icinga 2 gives it. Where one is not there, none is told. */
  async some(
    path: "hosts" | "services",
    names: readonly string[],
    attrs: readonly string[],
    onObject: (attrs: Attrs) => void,
  ): Promise<void> {
    if (names.length > 0) {
      const question = { path: `objects/${path}`, body: { [path]: names, attrs }, patience: QUERY_PATIENCE };
      await this.#client.ask(question, this.#signal, (result) => onObject(attrsOfResult(result, TYPE_AT[path])));
    }
  }
}

function checkPermissions({ user, missing }: Greeting): void {
  const results = RESULT_EVENTS.map(eventPermission);
  const needed = [queryPermission("Host"), queryPermission("Service")].filter((each) => missing.includes(each));
  const unheard = results.every((each) => missing.includes(each)) ? results : [];
  if (needed.length + unheard.length > 0) {
    throw notPermitted(`the API user ${user} may not read what is needed`, [...missing], `"${user}"`);
  }
}

/** The attributes of one result; nothing of an answer is taken that holds something else. */
function attrsOfResult(result: Attrs | undefined, type: QueryType): Attrs {
  const attrs = result?.["attrs"];
  if (result === undefined || typeof attrs !== "object" || attrs === null || textAt(result, "type") !== type) {
    throw new Icinga2Fault("unexpected answer", `an answer holds what is no ${type}`, "Look at Icinga 2's own log.");
  }
  return attrs as Attrs;
}
