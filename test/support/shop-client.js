/**
 * A small real client for tests: listens on a port of its own and holds connections to a Redis, reconnecting while
 * that is away. Prints `listening PORT` once, and `connected N of N` or `lost N` as its connections come and go.
 *
 *   node test/support/shop-client.js PORT REDIS_PORT [CONNECTIONS] [NAME]
 *
 * NAME becomes the name of its process (the kernel keeps 15 characters), `shop` unless said otherwise.
 */
import { connect, createServer } from "node:net";

const [port, redisPort, wanted = "3", name = "shop"] = process.argv.slice(2);
const RETRY_MILLISECONDS = 200;
const open = new Set();

process.title = name;
const server = createServer((socket) => {
  // Whoever only looks whether the port is open hangs up at once.
  socket.on("error", () => undefined);
  socket.end(`${open.size} connections\n`);
});
server.listen(Number(port), "127.0.0.1", () => console.log(`listening ${server.address().port}`));
for (let number = 0; number < Number(wanted); number += 1) {
  hold();
}
process.once("SIGTERM", () => process.exit(0));

function hold() {
  const socket = connect(Number(redisPort), "127.0.0.1");
  socket.on("connect", () => {
    open.add(socket);
    console.log(`connected ${open.size} of ${wanted}`);
  });
  // Redis answers nothing unasked; reading is what notices the end.
  socket.resume();
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (open.delete(socket)) {
      console.log(`lost ${open.size}`);
    }
    setTimeout(hold, RETRY_MILLISECONDS);
  });
}
