/** The connections of a server that anybody may reach: few at once, none for long, and nobody can hold all of them. */
import type { Socket } from "node:net";

/** At once. */
const MOST = 16;
/** Milliseconds in all, however lively it is. */
const LONGEST = 30_000;

/** Those that are open, in the order they came. */
export class FewConnections {
  readonly #open = new Set<Socket>();

  /** Takes one more; where there are too many, the oldest of the address that has most makes room. */
  take(socket: Socket): void {
    const end = setTimeout(() => socket.destroy(), LONGEST);
    this.#open.add(socket);
    socket.once("close", () => {
      clearTimeout(end);
      this.#open.delete(socket);
    });
    if (this.#open.size > MOST) {
      this.#makeRoom();
    }
  }

  #makeRoom(): void {
    const byAddress = new Map<string | undefined, Socket[]>();
    for (const socket of this.#open) {
      byAddress.set(socket.remoteAddress, [...(byAddress.get(socket.remoteAddress) ?? []), socket]);
    }
    const [most] = [...byAddress.values()].sort((one, other) => other.length - one.length);
    const oldest = most?.[0];
    if (oldest !== undefined) {
      this.#open.delete(oldest);
      oldest.destroy();
    }
  }
}
