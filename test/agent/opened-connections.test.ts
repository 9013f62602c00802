import { describe, expect, it } from "vitest";
import { ConnectionLog } from "../../agent/opened-connections.ts";
import { createAddressDecoder, SOCKET_STATES } from "../../agent/proc-net.ts";
import type { KnownProcess } from "../../agent/process.ts";
import type { SocketEvent } from "../../agent/trace-events.ts";

const { synSent, established, synReceived, finWait1, closeWait, lastAck, close } = SOCKET_STATES;
const CLIENT = 10;
const SERVER = 20;
/** The network's own doings run on behalf of whoever was there. */
const BYSTANDER = 99;

const NAMES = new Map([
  [CLIENT, "php-fpm"],
  [SERVER, "mysqld"],
  [BYSTANDER, "cron"],
]);

function ownerOf(thread: number): KnownProcess | undefined {
  const name = NAMES.get(thread);
  return name === undefined ? undefined : { name, unit: null, container: null, netns: 1 };
}

const log = () => new ConnectionLog(ownerOf, createAddressDecoder("LE"));

function change(socket: number, thread: number, oldState: number, newState: number, ports?: readonly [number, number]) {
  const [localPort = 0, remotePort = 0] = ports ?? [];
  const ends = { local: "0B00000A", localPort, remote: "1500000A", remotePort };
  const event: SocketEvent = { kind: "socket", time: 0, socket, thread, oldState, newState, ends: ports && ends };
  return event;
}

function short(log: ConnectionLog): string[] {
  const { opened, live } = log.take();
  return [...opened, ...live.values()].map(
    ({ direction, local, localPort, remote, remotePort, owner, times }) =>
      `${direction} ${owner?.name} ${local}:${localPort} ${remote}:${remotePort} ${times}`,
  );
}

describe("ConnectionLog", () => {
  it("tells who connected, however short it was", () => {
    const connections = log();
    connections.add(change(1, CLIENT, close, synSent));
    connections.add(change(1, BYSTANDER, synSent, established, [40_000, 3306]));
    connections.add(change(1, CLIENT, established, finWait1));
    expect(short(connections)).toEqual(["out php-fpm 10.0.0.11:40000 10.0.0.21:3306 1"]);
    expect(short(connections)).toEqual([]);
  });

  it("tells who served by who closed its end, first or last", () => {
    const connections = log();
    connections.add(change(2, BYSTANDER, synReceived, established, [3306, 40_000]));
    connections.add(change(2, BYSTANDER, established, closeWait));
    connections.add(change(2, SERVER, closeWait, lastAck));
    connections.add(change(3, BYSTANDER, synReceived, established, [3306, 40_001]));
    connections.add(change(3, SERVER, established, finWait1));
    expect(short(connections)).toEqual(["in mysqld 10.0.0.11:3306 10.0.0.21:40000 2"]);
  });

  it("counts no attempt that came to nothing", () => {
    const connections = log();
    connections.add(change(1, CLIENT, close, synSent));
    connections.add(change(1, BYSTANDER, synSent, close));
    connections.add(change(1, CLIENT, close, synSent));
    expect(short(connections)).toEqual([]);
  });

  it("names nobody where a reset came from the network", () => {
    const connections = log();
    connections.add(change(2, BYSTANDER, synReceived, established, [3306, 40_000]));
    connections.add(change(2, BYSTANDER, established, close));
    expect(short(connections)).toEqual(["in undefined 10.0.0.11:3306 10.0.0.21:40000 1"]);
  });

  it("hands over what is still open, and does not count it again when it ends", () => {
    const connections = log();
    connections.add(change(1, CLIENT, close, synSent));
    connections.add(change(1, BYSTANDER, synSent, established, [40_000, 3306]));
    connections.add(change(2, BYSTANDER, synReceived, established, [8080, 50_000]));
    const { opened, live } = connections.take();
    expect(opened).toMatchObject([{ direction: "out", times: 1 }]);
    expect([...live]).toMatchObject([
      ["0B00000A:9C40 1500000A:0CEA", { direction: "out", times: 0 }],
      ["0B00000A:1F90 1500000A:C350", { direction: "in", times: 1, owner: undefined }],
    ]);
    connections.add(change(1, CLIENT, established, finWait1));
    connections.add(change(2, SERVER, established, finWait1));
    expect(short(connections)).toEqual([]);
  });

  it("ignores the end of connections it did not see begin, and sockets used again", () => {
    const connections = log();
    connections.add(change(7, SERVER, established, finWait1));
    for (const port of [40_000, 40_001]) {
      connections.add(change(1, CLIENT, close, synSent));
      connections.add(change(1, BYSTANDER, synSent, established, [port, 3306]));
      connections.add(change(1, CLIENT, established, finWait1));
    }
    expect(short(connections)).toEqual(["out php-fpm 10.0.0.11:40000 10.0.0.21:3306 2"]);
  });

  it("keeps no more than a bounded number of open ones, and loses none of the count", () => {
    const connections = log();
    for (let socket = 0; socket < 70_000; socket++) {
      connections.add(change(socket, BYSTANDER, synReceived, established, [80, (socket % 60_000) + 1]));
    }
    const { opened, live } = connections.take();
    expect(opened.reduce((sum, { times }) => sum + times, 0)).toBe(70_000 - 65_536);
    expect(live.size).toBeLessThanOrEqual(65_536);
  });
});
