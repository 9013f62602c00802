/** What is asked of an address with every report; the same addresses come in every one. */
import { createNetworks, isLinkLocal, isLoopback, isPrivate } from "../model/address.ts";

/** Answers a question of a normalised address. */
export type AddressQuestion = (address: string) => boolean;

/** Addresses that are remembered at most, Internet's included. */
const ADDRESSES = 65_536;

/** Whether an address is of the site: private, link-local, or in one of `networks` (CIDR). */
export function askInternal(networks: readonly string[]): AddressQuestion {
  const others = createNetworks(networks);
  return remembering((address) => isPrivate(address) || isLinkLocal(address) || others.has(address));
}

/** Whether an address is the host's own loopback. */
export function askLoopback(): AddressQuestion {
  return remembering(isLoopback);
}

function remembering(ask: AddressQuestion): AddressQuestion {
  const answers = new Map<string, boolean>();
  return (address) => {
    const known = answers.get(address);
    if (known !== undefined) {
      return known;
    }
    if (answers.size >= ADDRESSES) {
      answers.clear();
    }
    const answer = ask(address);
    answers.set(address, answer);
    return answer;
  };
}
