/** Which names of hosts and service checks are let in: what cannot be part of a key or an id is refused at the door. */
import { HOST_CHECK } from "../src/model/ids.ts";
import { hasControlCharacters } from "./field-text.ts";

/** Why a name is refused; fixed texts, so that refusals can be counted by reason. */
export type Refusal =
  | "no host name"
  | "host name with ::"
  | "host name with !"
  | "host name with control characters"
  | "name too long"
  | "no service description"
  | "service description reserved";

const LONGEST_NAME = 1024;

/** Why a host of this name is refused; undefined where it is let in. */
export function hostRefusal(host: string): Refusal | undefined {
  if (host === "") {
    return "no host name";
  }
  if (host.length > LONGEST_NAME) {
    return "name too long";
  }
  if (host.includes("::")) {
    return "host name with ::";
  }
  if (host.includes("!")) {
    return "host name with !";
  }
  return hasControlCharacters(host) ? "host name with control characters" : undefined;
}

/** Why a service check of this description is refused; undefined where it is let in. */
export function checkRefusal(check: string): Refusal | undefined {
  if (check === "") {
    return "no service description";
  }
  if (check.length > LONGEST_NAME) {
    return "name too long";
  }
  return check === HOST_CHECK ? "service description reserved" : undefined;
}
