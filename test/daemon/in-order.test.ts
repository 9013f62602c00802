/** Requests that are sent before the answers to those before them are there, over real sockets. */
import type { RequestListener, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { serveHttp } from "../../src/daemon/serve-http.ts";
import { heldOpen } from "../support/held-open.ts";
import { rawRequest } from "../support/raw-http.ts";

const { servers, sockets } = heldOpen();

async function serving(app: RequestListener): Promise<string> {
  const served = await serveHttp(app, { host: "127.0.0.1", port: 0 });
  servers.push(served);
  return served.url;
}

const asking = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

function send(url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
  sockets.push(socket.on("error", () => undefined).resume());
  return socket;
}

it("are answered one after the other, bodies and all", async () => {
  const url = await serving((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part;
    });
    request.on("end", () => setImmediate(() => response.end(`<${request.url}${body}>`)));
  });
  const post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
  const { text } = await rawRequest(url, `${asking("/a")}${post}${post}${asking("/c", "Connection: close\r\n")}`);
  expect(text.match(/<.*?>/g)).toEqual(["</a>", "</bbody>", "</bbody>", "</c>"]);
});

it("hold nothing when their client goes away before their turn has come", async () => {
  const open = new Set<ServerResponse>();
  const url = await serving((_request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    // As a stream of changes, which ends with its client alone.
    response.writeHead(200).write("x");
  });
  const client = send(url, asking("/").repeat(50));
  await expect.poll(() => open.size).toBeGreaterThan(0);
  client.destroy();
  await expect.poll(() => open.size).toBe(0);
});

it("are hung up on where they are more than anybody sends ahead", async () => {
  const url = await serving((_request, response) => response.writeHead(200).write("x"));
  const { seconds } = await rawRequest(url, asking("/").repeat(1_000));
  expect(seconds).toBeLessThan(5);
});
