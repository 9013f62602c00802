import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { SocketLimit } from "../../src/daemon/socket-limit.ts";

class Socket extends EventEmitter {
  readonly remoteAddress: string;
  ended = false;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): this {
    this.ended = true;
    return this;
  }
}

it("gives each address so many connections, and room again where one ends", () => {
  const limit = new SocketLimit(2);
  const admitted = (address: string) => {
    const socket = new Socket(address);
    limit.admit(socket);
    return socket;
  };
  const [first] = [admitted("10.0.0.7"), admitted("10.0.0.7")];
  expect(admitted("10.0.0.7").ended).toBe(true);
  expect(admitted("10.0.0.8").ended).toBe(false);
  expect(limit.refused).toBe(1);
  first?.emit("close");
  expect(admitted("10.0.0.7").ended).toBe(false);
});

it("gives a network of IPv6, of which one machine has any number of addresses, no more than two of them", () => {
  const limit = new SocketLimit(2);
  const sockets = ["1", "2", "3", "4", "5"].map((end) => new Socket(`2001:db8:0:1::${end}`));
  for (const socket of sockets) {
    limit.admit(socket);
  }
  expect(sockets.map(({ ended }) => ended)).toEqual([false, false, false, false, true]);
  sockets[0]?.emit("close");
  const [neighbour, other] = [new Socket("2001:db8:0:1:ffff::"), new Socket("2001:db8:0:2::1")];
  limit.admit(neighbour);
  limit.admit(other);
  expect([neighbour.ended, other.ended]).toEqual([false, false]);
});

it("has no limit for this machine, where a proxy may stand for everybody", () => {
  const limit = new SocketLimit(1);
  const sockets = ["127.0.0.1", "127.0.0.1", "::1", "::ffff:127.0.0.1", "::ffff:127.0.0.1"].map(
    (address) => new Socket(address),
  );
  for (const socket of sockets) {
    limit.admit(socket);
  }
  expect(sockets.map(({ ended }) => ended)).toEqual([false, false, false, false, false]);
});
