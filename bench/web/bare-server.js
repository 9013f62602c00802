/** A bare node:http server that answers everything with one body: `node bench/web/bare-server.js FILE TYPE`. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [file, type] = process.argv.slice(2);
const body = readFileSync(file);
const headers = { "Content-Type": type, "Content-Length": body.length, ETag: '"bare"', "Cache-Control": "no-cache" };
const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
