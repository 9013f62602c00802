/** Answers that nobody reads, over real sockets. */
import { connect } from "node:net";
import { expect, it } from "vitest";
import { serveHttp } from "../../src/daemon/serve-http.ts";
import { SocketLimit } from "../../src/daemon/socket-limit.ts";
import { UnreadAnswers } from "../../src/daemon/unread-answers.ts";
import { heldOpen } from "../support/held-open.ts";

const LARGE = 24 * 1024 * 1024;

const { servers, sockets } = heldOpen();

async function serving(unread: UnreadAnswers): Promise<string> {
  const body = Buffer.alloc(LARGE, "x");
  const served = await serveHttp(
    (_request, response) => response.end(body),
    { host: "127.0.0.1", port: 0 },
    undefined,
    new SocketLimit(),
    unread,
  );
  servers.push(served);
  return served.url;
}

/** Asks and reads nothing. */
function askSilently(url: string): void {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  sockets.push(socket);
  socket.pause().on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

it("are given up where there is no room for more, and who reads gets all of theirs", async () => {
  const unread = new UnreadAnswers({ most: 3 * LARGE, every: 20 });
  const url = await serving(unread);
  for (let at = 0; at < 6; at += 1) {
    askSilently(url);
  }
  await expect.poll(() => unread.dropped).toBeGreaterThanOrEqual(3);
  expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(LARGE);
  expect(unread.dropped).toBeLessThan(6);
});

it("are left alone as long as there is room and time, and given up after that", async () => {
  const unread = new UnreadAnswers({ every: 20, looks: 30 });
  const url = await serving(unread);
  const begun = performance.now();
  askSilently(url);
  await expect.poll(() => unread.dropped).toBe(1);
  expect(performance.now() - begun).toBeGreaterThan(300);
});
