/**
 * Addresses that `netstat` cut. Without `-W` net-tools prints ADDRESS:PORT in a column of 23 characters (27 in RHEL 6)
 * and cuts the address to fit: `2001:db8:10:20::15:59656` becomes `2001:db8:10:20::1:59656`, which is another host.
 * BusyBox cuts the whole text, port included. Nothing in the row tells which of it happened.
 */
import type { OwnAddress } from "./ip-addr.ts";
import { type Endpoint, isAddress } from "./socket-row.ts";

/** What can be said of how a listing was cut. */
export interface CutRule {
  /** Characters of a text that may have been cut; 0 where the listing is as wide as it needs. */
  readonly width: number;
  /** Whether the port is whole: programs padded to their column are net-tools' way. */
  readonly portIsWhole: boolean;
  readonly own: readonly OwnAddress[];
}

const WIDEST = 27;

/**
 * Finds out how wide the columns are: no text is longer, and each begins where the one before it ends plus a blank.
 * `lines` are rows with the position and text of both addresses.
 */
export function cutRuleOf(
  rows: readonly { readonly local: string; readonly stride: number; readonly remote: string; readonly tail: string }[],
  own: readonly OwnAddress[],
): CutRule {
  let width = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const { local, remote, stride } of rows) {
    width = Math.min(width, stride - 1);
    longest = Math.max(longest, local.length, remote.length);
  }
  const wide = width > WIDEST || longest > width;
  return {
    width: wide ? 0 : width,
    portIsWhole: rows.some(({ tail }) => tail.endsWith(" ") && /\d\/.{7}/.test(tail)),
    own,
  };
}

/** Whether an address may be part of a longer one. IPv4 always fits. */
export function mayBeCut(text: string, { address }: Endpoint, rule: CutRule): boolean {
  return text.length === rule.width && address.includes(":");
}

/** The whole of one of our own addresses of which `netstat` left a part; undefined where nobody can know. */
export function ownWhole(text: string, { address }: Endpoint, { own, portIsWhole }: CutRule): string | undefined {
  const whole = own.filter((mine) => mine.address.startsWith(address.split("%")[0] ?? address));
  // BusyBox: what looks like the port is the next group of the address.
  if (whole.some((mine) => mine.address.startsWith(text)) || (whole.length === 0 && !portIsWhole)) {
    return undefined;
  }
  // It is ours all the same; which of several says nothing about the service.
  return whole.length === 1 ? whole[0]?.address : "::";
}

/** Whether a doubtful address of the other end is one of ours, and so whole. */
export function isOwnWhole(address: string, { own }: CutRule): boolean {
  const like = own.filter((mine) => mine.address.startsWith(address));
  return isAddress(address) && like.length === 1 && like[0]?.address === address;
}
