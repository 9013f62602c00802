/** Asks a server on a Unix socket one thing, before there is a client for it. */
import { connect } from "node:net";

/** What the server answers to one command without arguments within a moment; empty where it does not. */
export function askPlainly(path: string, command: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(path, () => socket.end(`${command}\r\nQUIT\r\n`));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (bytes) => {
      answer += bytes.toString();
    });
    socket.once("error", () => resolve(""));
    socket.once("close", () => resolve(answer));
  });
}
