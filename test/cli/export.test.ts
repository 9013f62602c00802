import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { needsSite, ODD } from "../support/needs-site.ts";
import { readerOf } from "../support/web.ts";
import { dotm } from "./run-command.ts";

const reader = readerOf({ graphs: needsSite() });

async function exported(...words: string[]) {
  return dotm(["export", ...words], { reader });
}

describe("dotm export", () => {
  it("finds what a check needs over processes and over services nobody checks", async () => {
    const { out } = await exported("icinga2-dependencies");
    const of = (host: string, check: string) =>
      [
        ...out.matchAll(
          /parent_host_name = (.*)\n {2}parent_service_name = (.*)\n {2}child_host_name = (.*)\n {2}child_service_name = (.*)\n/g,
        ),
      ]
        .filter(([, , , child, name]) => child === `"${host}"` && name === `"${check}"`)
        .map(([, parent]) => parent);
    expect(of("lb01", "HTTPS")).toEqual(['"web01"']);
    expect(of("web01", "HTTP")).toEqual(['"db01"', '"db02"', '"odd host"', '"red01"', '"red02"', '"red03"']);
    expect(of("web01", "Certificate")).toEqual(of("web01", "HTTP"));
  });

  it("keeps services that stand in for each other together, as far as each language can say it", async () => {
    const icinga = (await exported("icinga2-dependencies")).out;
    expect(icinga.match(/redundancy_group = "one of db01:3306, db02:3306"/g)).toHaveLength(4);
    expect(icinga).toContain("// Left out:");
    expect(icinga).toContain(
      "web01:80 needs 2 of red01:6379, red02:6379, red03:6379; Icinga can only be told that it needs one",
    );
    const nagios = (await exported("nagios-dependencies")).out;
    expect(nagios).toContain("#   web01:80 needs 1 of db01:3306, db02:3306, which Nagios cannot be told");
    expect(nagios).not.toMatch(/dependent_host_name +web01\n.*Redis/);
    const process = (await exported("businessprocess")).out;
    expect(process).toContain("web01:80-needs-1 = db01:3306 | db02:3306\n");
    expect(process).toContain("web01:80-needs-2 = 2 of: red01:6379 + red02:6379 + red03:6379\n");
    expect(process).toMatch(
      /^web01:80 = web01;Certificate & web01;HTTP & odd_host:1 & web01:80-needs-1 & web01:80-needs-2$/m,
    );
    expect(process).toContain("display 1;lb01:443;lb01:443 haproxy\n");
    expect(process).toContain("display 0;web01:80;web01:80 nginx\n");
  });

  it("breaks a cycle at what is least sure, and says so", async () => {
    const { out, err } = await exported("nagios-dependencies");
    expect(out).toContain("#   to break a cycle: ring02:7 needs ring01:7\n");
    expect(out).toMatch(/host_name +ring02\n {4}service_description +Ring\n {4}dependent_host_name +ring01\n/);
    expect(out).not.toMatch(/host_name +ring01\n {4}service_description +Ring\n {4}dependent_host_name/);
    expect(err).toMatch(/\d+ dependencies between \d+ services with checks; 1 left out to break cycles/);
  });

  it("writes odd names so that they stay names, and leaves out what a language cannot hold", async () => {
    const icinga = (await exported("icinga2-dependencies")).out;
    expect(icinga).toContain(String.raw`parent_service_name = "Füll/Disk C:\\ + 50 #1 \"x\" & | %"`);
    expect(icinga).toContain(String.raw`child_service_name = "a;b,c\nobject Host d {}\\"`);
    const nagios = (await exported("nagios-dependencies")).out;
    expect(nagios).toContain(`    service_description            ${ODD}\n`);
    expect(
      nagios
        .split("\n")
        .filter((line) => line.includes("a;b,c"))
        .every((line) => line.startsWith("#")),
    ).toBe(true);
    const process = (await exported("businessprocess")).out;
    expect(process).toContain(String.raw`odd host;Füll/Disk C:\ \+ 50 #1 "x" \& \| \%`);
  });

  it("gives hosts parents as templates, without cycles", async () => {
    const { out } = await exported("parents");
    expect(out).toContain(
      "define host {\n    name      dotm-parents-web01\n    parents   db01,db02,odd host,red01,red02,red03\n",
    );
    expect(out).toContain("dotm-parents-ring01");
    expect(out).not.toContain("dotm-parents-ring02");
  });

  it("makes the same text of the same data, in whatever order it came", async () => {
    const turned = new Map(
      [...needsSite()].reverse().map(([host, graph]): [string, HostGraph] => [
        host,
        {
          ...graph,
          nodes: [...graph.nodes].reverse().map((node) => ({ ...node, needs: [...node.needs].reverse() })),
        },
      ]),
    );
    for (const kind of ["icinga2-dependencies", "nagios-dependencies", "businessprocess", "parents"]) {
      const other = await dotm(["export", kind], { reader: readerOf({ graphs: turned }) });
      expect(other.out).toBe((await exported(kind)).out);
    }
  });

  it("tells only of the hosts of one site, by the names they have there", async () => {
    const graphs = new Map(
      [...needsSite()].map(([host, graph]): [string, HostGraph] => [
        `north!${host}`,
        JSON.parse(
          JSON.stringify(graph).replaceAll(/"(lb01|web01|app01|db0\d|red0\d|odd host|ring0\d)([:/"])/g, '"north!$1$2'),
        ),
      ]),
    );
    const sites = readerOf({ graphs });
    expect((await dotm(["export", "nagios-dependencies"], { reader: sites })).out).not.toContain("define");
    const { out } = await dotm(["export", "nagios-dependencies", "--site", "north"], { reader: sites });
    expect(out).toMatch(/host_name +web01\n/);
    expect(out).not.toMatch(/^ .*north!/m);
  });
});

describe("dotm export --file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-export-"));
    file = join(folder, "dotm.cfg");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("shows what would change, and writes it only with --write, keeping the file's rights", async () => {
    const first = await exported("nagios-dependencies", "--file", file);
    expect(first.out).toMatch(/^--- \/dev\/null\n\+\+\+ .*\n@@ -0,0 \+1,\d+ @@\n\+# Made by dotm export/);
    expect(first.err).toContain(`dotm export nagios-dependencies --file ${file} --write`);
    expect(() => statSync(file)).toThrow();
    expect((await exported("nagios-dependencies", "--file", file, "--write")).err).toContain(`Written: ${file}`);
    const text = readFileSync(file, "utf8");
    expect(text).toBe((await exported("nagios-dependencies")).out);
    expect((await exported("nagios-dependencies", "--file", file)).err).toContain("is up to date");

    writeFileSync(file, text.replace(/\ndefine servicedependency \{[^}]*\}\n/, ""), { mode: 0o640 });
    const mode = statSync(file).mode;
    const again = await exported("nagios-dependencies", "--file", file, "--write");
    expect(again.out.match(/^\+.*$/gm)?.length).toBe(10);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(statSync(file).mode).toBe(mode);
  });

  it("leaves files alone that it did not make", async () => {
    writeFileSync(file, "define host {}\n");
    const { code, err } = await exported("nagios-dependencies", "--file", file, "--write");
    expect([code, err]).toEqual([2, expect.stringContaining("was not made by dotm export")]);
    expect(readFileSync(file, "utf8")).toBe("define host {}\n");
  });

  it("asks for a file where it shall write", async () => {
    expect((await exported("parents", "--write")).code).toBe(2);
  });
});
