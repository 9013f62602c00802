/**
 * Many sockets: `node socket-crowd.js PAIRS CONNECTIONS` starts as many servers as clients, every other pair over IPv6,
 * and connects each client CONNECTIONS times to its server. Prints `ready` and stays until it is told to end.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const [pairs, connections, role] = process.argv.slice(2);

if (role === "server") {
  process.title = "crowd-server";
  const server = createServer();
  server.listen({ host: process.argv[5], port: 0, backlog: 4096 });
  await once(server, "listening");
  process.send(server.address().port);
  process.once("disconnect", () => process.exit());
} else if (role === "client") {
  process.title = "crowd-client";
  const [, , , , , host, port] = process.argv;
  for (let i = 0; i < Number(connections); i++) {
    await once(connect({ host, port: Number(port) }), "connect");
  }
  process.send("connected");
  process.once("disconnect", () => process.exit());
} else {
  const self = process.argv[1];
  for (let pair = 0; pair < Number(pairs); pair++) {
    const host = pair % 2 === 0 ? "127.0.0.1" : "::1";
    const server = fork(self, [pairs, connections, "server", host]);
    const [port] = await once(server, "message");
    const client = fork(self, [pairs, connections, "client", host, String(port)]);
    await once(client, "message");
  }
  console.log("ready");
  process.once("SIGTERM", () => process.exit());
}
