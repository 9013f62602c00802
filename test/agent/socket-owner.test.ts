import { describe, expect, it } from "vitest";
import { ProcessTable } from "../../agent/process.ts";
import { SocketOwners } from "../../agent/socket-owner.ts";
import { FakeProc, type FakeProcess } from "./fake-proc.ts";

function ownersOf(processes: readonly FakeProcess[]) {
  const proc = new FakeProc(processes);
  const table = new ProcessTable(proc);
  const owners = new SocketOwners(proc, table);
  const look = (...inodes: number[]) => {
    table.refresh();
    return owners.find(new Set(inodes));
  };
  const find = (...inodes: number[]) => {
    const { byInode } = look(...inodes);
    return inodes.map((inode) => byInode.get(inode)?.pid);
  };
  return { proc, look, find };
}

describe("SocketOwners", () => {
  it("finds who holds a socket", () => {
    const { find } = ownersOf([
      { pid: 10, name: "nginx", sockets: [1, 2] },
      { pid: 20, name: "redis-server", sockets: [3] },
    ]);
    expect(find(1, 2, 3, 4)).toEqual([10, 10, 20, undefined]);
  });

  it("takes the eldest of several that inherited a socket", () => {
    const { find } = ownersOf([
      { pid: 10, name: "nginx", started: 900, sockets: [1] },
      { pid: 20, name: "nginx", started: 500, sockets: [1] },
    ]);
    expect(find(1)).toEqual([20]);
  });

  it("prefers the service to systemd, which only holds its socket, also where the service comes later", () => {
    const { proc, find } = ownersOf([{ pid: 1, name: "systemd", sockets: [7] }]);
    expect(find(7)).toEqual([1]);
    proc.processes = [
      { pid: 1, name: "systemd", sockets: [7] },
      { pid: 30, name: "sshd", sockets: [7, 8] },
    ];
    expect(find(7, 8)).toEqual([30, 30]);
  });

  it("follows no link again that it knows, and only new ones when something is new", () => {
    const { proc, find } = ownersOf([{ pid: 10, name: "app", sockets: Array.from({ length: 100 }, (_, i) => i + 1) }]);
    const all = Array.from({ length: 100 }, (_, i) => i + 1);
    find(...all);
    const first = proc.links;
    find(...all);
    expect(proc.links).toBe(first);
    proc.processes = [{ pid: 10, name: "app", sockets: [...all, 101] }];
    expect(find(...all, 101).at(-1)).toBe(10);
    expect(proc.links - first).toBeLessThan(5);
  });

  it("looks again for sockets whose process has ended", () => {
    const { proc, find } = ownersOf([
      { pid: 10, name: "master", sockets: [1] },
      { pid: 20, name: "worker", sockets: [1] },
    ]);
    expect(find(1)).toEqual([10]);
    proc.processes = [{ pid: 20, name: "worker", sockets: [1] }];
    expect(find(1)).toEqual([20]);
  });

  it("does not take a new process of an old number for the old one", () => {
    const { proc, find } = ownersOf([{ pid: 10, name: "old", started: 100, sockets: [1] }]);
    find(1);
    proc.processes = [
      { pid: 10, name: "new", started: 200, sockets: [] },
      { pid: 11, name: "heir", started: 300, sockets: [1] },
    ];
    expect(find(1)).toEqual([11]);
  });

  it("says how many processes it may not look into, and stops looking for what it cannot find", () => {
    const { proc, look } = ownersOf([
      { pid: 10, name: "root's", sockets: null },
      { pid: 20, name: "mine", sockets: [2] },
    ]);
    expect(look(1, 2).denied).toBe(1);
    look(1, 2);
    const links = proc.links;
    expect(look(1, 2).denied).toBe(1);
    expect(proc.links).toBe(links);
  });

  it("does not take a process that has ended since for one it may not look into", () => {
    const { look } = ownersOf([{ pid: 10, name: "gone" }]);
    expect(look(1).denied).toBe(0);
  });
});
