import { once } from "node:events";
import { connect, createServer } from "node:net";
import { endianness, networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { Collector } from "../../agent/collect.ts";
import { packReport } from "../../agent/encode.ts";
import { createProcFiles } from "../../agent/proc-files.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { listSocketGroups } from "../../agent/socket-groups.ts";
import { listUnixSockets } from "../../agent/unix-peers.ts";
import { readReport } from "../../src/ingest/report-door.ts";

it("what our agent sends of this machine passes the door whole", async () => {
  const server = createServer((socket) => socket.on("error", () => undefined));
  server.listen(0, "::");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = connect(port, "127.0.0.1");
  await once(server, "connection");
  const now = () => Date.now() / 1000;
  const collector = new Collector({
    files: createProcFiles(),
    decodeAddress: createAddressDecoder(endianness()),
    interfaces: networkInterfaces,
    unixSockets: listUnixSockets,
    socketGroups: listSocketGroups,
    now,
  });
  const sent = await collector.collect({ host: "web01", agent: "test/1", interval: 60, sequence: 1, boot: "b" });
  client.destroy();
  server.close();
  const sentHeader = new Date().toISOString();
  const { report, dropped, warnings } = readReport(packReport(sent), {
    encoding: "gzip",
    sentHeader,
    receivedAt: now(),
  });
  expect([dropped, warnings]).toEqual([0, []]);
  expect(report.partial).toBe(sent.capture.dropped > 0);
  expect(report.connections).toHaveLength(sent.connections.length);
  expect(report.unix).toHaveLength(sent.unix.length);
  expect(report.listeners.filter((row) => row.port === port)).toMatchObject([{ address: "0.0.0.0", proto: "tcp" }]);
  const ends = report.connections.filter((row) => row.localPort === port || row.remotePort === port);
  expect(ends.map(({ direction, remoteAddress, count }) => [direction, remoteAddress, count]).sort()).toEqual([
    ["in", "127.0.0.1", 1],
    ["out", "127.0.0.1", 1],
  ]);
});
