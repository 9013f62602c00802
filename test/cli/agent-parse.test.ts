import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { dotm } from "./run-command.ts";

const FIXTURES = resolve("test/fixtures/host-text");
const SS = `tcp   LISTEN 0  128  0.0.0.0:80  0.0.0.0:*  users:(("nginx",pid=1,fd=9))
2: eth0: <UP> mtu 1500
    inet 10.0.0.11/24 scope global eth0
`;

it("prints the report a text becomes, JSON alone on stdout", async () => {
  const { code, out, err } = await dotm(["agent", "parse", `${FIXTURES}/02-centos6-db.txt`]);
  expect(code).toBe(0);
  expect(err).toBe("");
  expect(JSON.parse(out)).toMatchObject({ version: 1, host: "db01", ips: ["10.0.0.20", "10.0.0.120"] });
});

it("says on stderr what the text does not tell", async () => {
  const broken = await dotm(["agent", "parse", `${FIXTURES}/18-netstat-error.txt`]);
  expect(broken.code).toBe(0);
  expect(JSON.parse(broken.out)).toMatchObject({ host: "broken01", listeners: [], ips: ["10.8.1.1"] });
  expect(broken.err).toContain("netstat or ss gave no listing");
  const nameless = await dotm(["agent", "parse"], { stdin: SS });
  expect(JSON.parse(nameless.out)).toMatchObject({ host: "unknown" });
  expect(nameless.err).toContain("--host NAME");
  const named = await dotm(["agent", "parse", "--host", "web01"], { stdin: SS });
  expect(JSON.parse(named.out)).toMatchObject({ host: "web01", listeners: [{ port: 80, process: "nginx" }] });
});

it("prints a report as it is, fields of later versions included", async () => {
  const report = { version: 2, host: "a", time: "2026-11-22T14:00:00Z", listeners: [], connections: [], later: [1] };
  const { code, out, err } = await dotm(["agent", "parse", "-"], { stdin: JSON.stringify(report) });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(report);
  expect(err).toContain("newer than ours");
  const zipped = await dotm(["agent", "parse"], { stdin: gzipSync(JSON.stringify(report)) });
  expect(JSON.parse(zipped.out)).toEqual(report);
});

it("prints a table for people", async () => {
  const { out } = await dotm(["agent", "parse", `${FIXTURES}/20-listeners-only.txt`, "-o", "table"]);
  expect(out).toContain("idle01: 10.9.0.1\nKIND    PROTO  PORT   PEER     PROCESS");
  expect(out).toMatch(/^listen {2}tcp {4}22 {5}0\.0\.0\.0 {2}sshd$/m);
});

it("refuses what is no text of a host, with the next step", async () => {
  for (const stdin of ["", "<html>It works!</html>\n", "\u0016\u0003\u0001", '{"a":1', "{}"]) {
    const { code, out, err } = await dotm(["agent", "parse"], { stdin });
    expect([code, out]).toEqual([1, ""]);
    expect(err.trim().split("\n").length).toBeGreaterThan(1);
    expect(err).not.toContain("fault of DOTM");
  }
  expect((await dotm(["agent", "parse"], { stdin: "\n" })).err).toMatch(/^error: .*the text is empty\nIt should hold/);
  expect((await dotm(["agent", "parse", "/nonexistent"])).code).toBe(3);
});
