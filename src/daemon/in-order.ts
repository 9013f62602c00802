/**
 * Has the requests of one connection answered one after the other. Node hands over at once all that a client sends ahead. An
 * answer whose turn has not come has no connection, and hears nothing when that ends: what it holds would be held for ever.
 */
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

/** Requests that may wait for the answers before them on one connection; clients that send ahead at all send some ten. */
const MOST_AHEAD = 100;

/** The app, told of each request when the connection is free for its answer. */
export function inOrder(app: RequestListener): RequestListener {
  const ahead = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    if (response.socket !== null) {
      app(request, response);
      return;
    }
    const waiting = (ahead.get(socket) ?? 0) + 1;
    if (waiting > MOST_AHEAD) {
      socket.destroy();
      return;
    }
    ahead.set(socket, waiting);
    response.once("socket", () => {
      ahead.set(socket, (ahead.get(socket) ?? 1) - 1);
      if (!socket.destroyed) {
        app(request, response);
      }
    });
  };
}
