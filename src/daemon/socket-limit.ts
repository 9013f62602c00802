/** Bounds how many connections one address may have open, so that one asker cannot take all there are. */
import { holderOf, isLoopback } from "../model/address.ts";

/** Connections of one address at once; a reverse proxy on this machine has as many as there are. */
const MOST_OF_ADDRESS = 500;

/** How many times as many one network of IPv6 may have: of its addresses an asker has any number, but many agents may stand there. */
const OF_NETWORK = 2;

/** What of a socket is needed. */
interface Counted {
  readonly remoteAddress?: string | undefined;
  destroy(): unknown;
  once(event: "close", then: () => void): unknown;
}

/** Counts open connections by address, and those of IPv6 by network, too. */
export class SocketLimit {
  private readonly most: number;
  private readonly open = new Map<string, number>();
  /** Connections refused since the start, those beyond the limit of all among them. */
  refused = 0;

  constructor(most = MOST_OF_ADDRESS) {
    this.most = most;
  }

  /** Takes a new connection; ends it where its address has too many. */
  admit(socket: Counted): void {
    const address = socket.remoteAddress ?? "";
    if (isLoopback(address)) {
      return;
    }
    const holder = holderOf(address);
    const isFull = this.openOf(address) >= this.most || this.openOf(holder) >= this.most * OF_NETWORK;
    if (isFull) {
      this.refused += 1;
      socket.destroy();
      return;
    }
    const places = new Set([address, holder]);
    this.count(places, 1);
    socket.once("close", () => this.count(places, -1));
  }

  private openOf(place: string): number {
    return this.open.get(place) ?? 0;
  }

  private count(places: Iterable<string>, more: number): void {
    for (const place of places) {
      const open = this.openOf(place) + more;
      if (open > 0) {
        this.open.set(place, open);
      } else {
        this.open.delete(place);
      }
    }
  }
}
