import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { StatusReader } from "../../nagios/status-dat.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const notesOf = (name: string) => new StatusReader().read(readFileSync(new URL(name, FIXTURES)));

it("tells the comments and downtimes of a Nagios 4.4.6", () => {
  const { comments, downtimes } = notesOf("nagios-4.4.6-status.dat");
  expect(comments).toHaveLength(8);
  expect(downtimes).toHaveLength(3);
  expect(comments[0]).toEqual({
    host: "web2",
    check: "HTTPS",
    id: "1",
    origin: "acknowledgement",
    author: "alice",
    text: "Zertifikat wird erneuert; ticket #4711 – ok",
    entered: 1_795_359_110,
    expires: 0,
    persistent: true,
  });
  expect(downtimes[2]).toEqual({
    host: "web1",
    check: "HTTP",
    id: "3",
    author: "alice",
    text: "Flexible, in the future",
    entered: 1_795_359_110,
    start: 1_795_445_510,
    end: 1_795_449_110,
    fixed: false,
    duration: 7200,
    inEffect: false,
  });
});

it("finds them between the other blocks of an Icinga 2.13.6", () => {
  const { comments, downtimes } = notesOf("icinga-2.13.6-status.dat");
  expect(comments.map(({ host, check, origin }) => [host, check, origin])).toContainEqual([
    "branch-gw",
    null,
    "acknowledgement",
  ]);
  expect(comments.find((comment) => comment.host === "gw")?.text).toBe(
    "Persistent comment = with equals; and semicolon",
  );
  expect(downtimes.map(({ host, check, inEffect }) => [host, check, inEffect])).toEqual(
    expect.arrayContaining([
      ["old1", null, true],
      ["web1", "http", false],
      ["db1", "backup", true],
    ]),
  );
});

it("leaves out what does not end or has no name", () => {
  const text =
    "hostcomment {\n\tauthor=x\n\t}\nhostcomment {\n\thost_name=a\nhostcomment {\n\thost_name=b\n\tcomment_id=1\n\t}\nhostdowntime {\n\thost_name=c\n";
  const { comments, downtimes } = new StatusReader().read(Buffer.from(text));
  expect(comments.map((comment) => comment.host)).toEqual(["b"]);
  expect(downtimes).toEqual([]);
});
