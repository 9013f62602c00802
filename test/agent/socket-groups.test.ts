import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Process } from "../../agent/process.ts";
import { parseSocketGroups, SocketGroups } from "../../agent/socket-groups.ts";

/** Written by iproute2 6.1 on Debian 12, as nobody. */
const TEXT = `
udp UNCONN    0 0   127.0.0.1:323     0.0.0.0:*       ino:14 sk:1 cgroup:/system.slice/chrony.service <->
tcp LISTEN    0 511   0.0.0.0:80      0.0.0.0:*       ino:15 sk:2 cgroup:/system.slice/nginx.service <->
tcp LISTEN    0 128   0.0.0.0:22      0.0.0.0:*       ino:16 sk:3 cgroup:/init.scope <->
tcp ESTAB     0 0   127.0.0.1:40804 127.0.0.1:3306    uid:33 ino:17 sk:4 cgroup:/system.slice/php8.2-fpm.service <->
tcp TIME-WAIT 0 0   127.0.0.1:60172 127.0.0.1:34267   timer:(timewait,2.724ms,0) ino:0 sk:5
tcp LISTEN    0 511      [::]:81         [::]:*       ino:18 sk:6 cgroup:unreachable:7ff v6only:0 <->
tcp LISTEN    0 511      [::]:80         [::]:*       ino:19 sk:7 cgroup:/system.slice/nginx.service v6only:1 <->
`;

function process(pid: number, name: string, unit: string): Process {
  return { pid, name, started: pid, unit, container: null, netns: 1 };
}

const PROCESSES = [
  process(1, "nginx", "nginx.service"),
  process(2, "nginx", "nginx.service"),
  process(3, "sh", "php8.2-fpm.service"),
  process(4, "php-fpm8.2", "php8.2-fpm.service"),
];

describe("parseSocketGroups", () => {
  it("reads the control group of every socket that has one", () => {
    expect([...parseSocketGroups(TEXT)]).toEqual([
      [14, "/system.slice/chrony.service"],
      [15, "/system.slice/nginx.service"],
      [16, "/init.scope"],
      [17, "/system.slice/php8.2-fpm.service"],
      [19, "/system.slice/nginx.service"],
    ]);
  });

  it("finds in a text cut anywhere nothing that the whole one does not have", () => {
    const all = parseSocketGroups(TEXT);
    fc.assert(
      fc.property(fc.nat(TEXT.length), (length) => {
        for (const [inode, path] of parseSocketGroups(TEXT.slice(0, length))) {
          expect(all.get(inode)).toBe(path);
        }
      }),
    );
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => parseSocketGroups(text) instanceof Map));
  });
});

describe("SocketGroups", () => {
  it("tells the unit, and the name where all processes of the unit have one", async () => {
    const groups = new SocketGroups(() => Promise.resolve(TEXT));
    const found = await groups.find(new Set([15, 16, 17, 18, 19]), PROCESSES);
    const nginx = { name: "nginx", unit: "nginx.service", container: null };
    expect([...found]).toEqual([
      [15, nginx],
      [17, { name: null, unit: "php8.2-fpm.service", container: null }],
      [19, nginx],
    ]);
    // One object for all of a unit: by it they are grouped.
    expect(found.get(15)).toBe(found.get(19));
  });

  it("asks only where there is a socket it was not asked about", async () => {
    let asked = 0;
    const groups = new SocketGroups(async () => {
      asked++;
      return TEXT;
    });
    await groups.find(new Set([15, 18]), PROCESSES);
    await groups.find(new Set([15, 18]), PROCESSES);
    await groups.find(new Set([18]), PROCESSES);
    expect(asked).toBe(1);
    await groups.find(new Set([15]), PROCESSES);
    expect(asked).toBe(2);
  });

  it("knows nobody where there is no ss", async () => {
    const groups = new SocketGroups(() => Promise.resolve(undefined));
    expect((await groups.find(new Set([15]), PROCESSES)).size).toBe(0);
  });
});
