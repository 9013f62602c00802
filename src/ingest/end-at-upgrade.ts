/** What answers "101 Switching Protocols" to who never asked for that. */
import type { ClientRequest } from "node:http";

/** Fails such a request: without a listener for it Node closes it without a word, and who waits for it waits for ever. */
export function endAtUpgrade(request: ClientRequest, fail: (error: Error) => void): void {
  request.on("upgrade", (answer, socket) => {
    socket.destroy();
    fail(new Error(`it answers ${answer.statusCode} ${answer.statusMessage}, which nobody asked for`));
  });
}
