/** HTTP as no proper client speaks it: bytes onto a socket, and what comes back. */
import { connect } from "node:net";

/** What came back. */
export interface RawAnswer {
  /** Everything, 0 where nothing came. */
  readonly text: string;
  /** Status of the first answer; 0 where there is none. */
  readonly status: number;
  /** Seconds until the server hung up. */
  readonly seconds: number;
}

/** Sends bytes, then one more each `drip` milliseconds where given, until the server hangs up. */
export function rawRequest(url: string, bytes: string, drip?: number): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1"));
    const timer = drip === undefined ? undefined : setInterval(() => socket.write("x"), drip);
    socket.setEncoding("latin1").on("data", (part: string) => {
      text += part;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
      resolve({ text, status, seconds: (performance.now() - began) / 1000 });
    });
  });
}
