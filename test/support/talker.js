/**
 * One side of connections, under a name of its own (the kernel keeps 15 characters):
 *
 *   node talker.js NAME serve ADDRESS               listens on a free port and prints `listening PORT`; an ADDRESS
 *                                                   with a slash or an @ is the path or the abstract name of a Unix
 *                                                   socket
 *   node talker.js NAME hold ADDRESS PORT COUNT     prints `connected` when all are, and keeps them
 *   node talker.js NAME talk ADDRESS PORT COUNT MS  keeps each of COUNT connections for MS milliseconds, ten at a time
 *   node talker.js NAME stay ADDRESS PORT COUNT MS  the same, prints `talked` then and goes on without connections
 */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const [name, role, address, port, count, milliseconds] = process.argv.slice(2);
const path = address.startsWith("@") ? `\0${address.slice(1)}` : address;
const target = /[/@]/.test(address) ? { path } : { host: address, port: Number(port ?? 0) };

process.title = name;
if (role === "serve") {
  const server = createServer((socket) => socket.resume().on("error", () => undefined));
  server.listen({ ...target, backlog: 1024 });
  await once(server, "listening");
  console.log(`listening ${server.address().port ?? "there"}`);
} else if (role === "hold") {
  await Promise.all(Array.from({ length: Number(count) }, () => once(connect(target), "connect")));
  console.log("connected");
} else {
  let left = Number(count);
  const talk = async () => {
    while (left > 0) {
      left -= 1;
      const socket = connect(target);
      await once(socket, "connect");
      await delay(Number(milliseconds));
      socket.end().resume();
      await once(socket, "close");
    }
  };
  await Promise.all(Array.from({ length: 10 }, talk));
  if (role === "stay") {
    console.log("talked");
    setInterval(() => undefined, 60_000);
  }
}
