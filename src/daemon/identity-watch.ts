/**
 * Notices that two machines report under one name: a cloned virtual machine, or two short names that are the same. Each
 * speaks with an identity of its own (its name and boot); those of one machine follow each other and never come back.
 */

/** Seconds within which identities that come back are counted. */
const WITHIN = 300;
/** That often within the time, and there are two of them. */
const TOO_OFTEN = 3;
/** Identities remembered for one host, and hosts are only as many as report. */
const REMEMBERED = 16;

interface Heard {
  current: string;
  /** All, the one heard first in front. */
  readonly known: Set<string>;
  /** Unix seconds at which one came back. */
  returns: readonly number[];
}

/** Remembers who spoke for each host. */
export class IdentityWatch {
  private readonly hosts = new Map<string, Heard>();

  /** Notes that an identity speaks for a host. False where two do, and this is not the one that was there first. */
  hear(host: string, identity: string, now: number): boolean {
    const heard = this.hosts.get(host);
    if (heard === undefined) {
      this.hosts.set(host, { current: identity, known: new Set([identity]), returns: [] });
      return true;
    }
    if (heard.current !== identity) {
      if (heard.known.has(identity)) {
        heard.returns = [...heard.returns.slice(1 - TOO_OFTEN), now];
      }
      heard.known.add(identity);
      heard.current = identity;
      forgetOldest(heard, identity);
    }
    return !clashes(heard, now) || heard.known.values().next().value === identity;
  }

  /** Whether two machines speak for a host at this time. */
  isClash(host: string, now: number): boolean {
    const heard = this.hosts.get(host);
    return heard !== undefined && clashes(heard, now);
  }
}

function clashes({ returns }: Heard, now: number): boolean {
  return returns.length >= TOO_OFTEN && Math.abs(now - (returns[0] ?? 0)) <= WITHIN;
}

/** An identity that has not spoken for sixteen others is none of two that take turns. */
function forgetOldest({ known }: Heard, current: string): void {
  const [oldest] = known;
  if (known.size > REMEMBERED && oldest !== undefined && oldest !== current) {
    known.delete(oldest);
  }
}
