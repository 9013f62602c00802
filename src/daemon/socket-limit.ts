/** Bounds how many connections one address may have open, so that one asker cannot take all there are. */
import { isLoopback } from "../model/address.ts";

/** Connections of one address at once; a reverse proxy on this machine has as many as there are. */
const MOST_OF_ADDRESS = 500;

/** What of a socket is needed. */
interface Counted {
  readonly remoteAddress?: string | undefined;
  destroy(): unknown;
  once(event: "close", then: () => void): unknown;
}

/** Counts open connections by address. */
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
    const open = this.open.get(address) ?? 0;
    if (isLoopback(address)) {
      return;
    }
    if (open >= this.most) {
      this.refused += 1;
      socket.destroy();
      return;
    }
    this.open.set(address, open + 1);
    socket.once("close", () => this.leave(address));
  }

  private leave(address: string): void {
    const left = (this.open.get(address) ?? 1) - 1;
    if (left === 0) {
      this.open.delete(address);
    } else {
      this.open.set(address, left);
    }
  }
}
