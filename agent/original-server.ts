/** The plain-text protocol of the original DOTM's agent, for servers that still speak it: it answers whoever may connect. */
import { type BlockList, createServer, type Server } from "node:net";
import { FewConnections } from "./few-connections.ts";

/** What serving needs. */
export interface OriginalServerDeps {
  /** Addresses that may ask; the protocol has no other protection. */
  readonly allow: BlockList;
  readonly text: () => string;
  /** Seconds of a clock that never jumps. */
  readonly steady: () => number;
}

/** Seconds for which an answer is used again. */
const ANSWER_AGE = 1;
const PATIENCE_MS = 10_000;

/** A server that is not listening yet. */
export function createOriginalServer({ allow, text, steady }: OriginalServerDeps): Server {
  let at = Number.NEGATIVE_INFINITY;
  let answer = "";
  const connections = new FewConnections();
  return createServer((socket) => {
    socket.on("error", () => undefined);
    const address = (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
    if (!allow.check(address, address.includes(":") ? "ipv6" : "ipv4")) {
      socket.destroy();
      return;
    }
    connections.take(socket);
    try {
      if (steady() - at >= ANSWER_AGE) {
        answer = text();
        at = steady();
      }
    } catch {
      // A system that does not tell of itself now (its addresses need a socket of the kernel's) may the next time.
      socket.destroy();
      return;
    }
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    // What the other side says does not matter, but it must be read for the end of it to be seen.
    socket.resume();
    socket.end(answer);
  });
}
