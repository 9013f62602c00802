import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readObjectsFile, readStatusFile } from "../../src/ingest/read-status-file.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/status/${name}`, import.meta.url));

it("says all a status file holds", async () => {
  const content = await readStatusFile(fixture("nagios-4.4.6-status.dat"));
  expect(content).toMatchObject({ complete: true, fault: null, version: "4.4.6", counts: { hosts: 9, checks: 26 } });
  expect(content.statuses).toHaveLength(35);
  expect(content.comments).toHaveLength(8);
  expect(content.downtimes).toHaveLength(3);
});

it("says what is whole in a file that was cut", async () => {
  const content = await readStatusFile(fixture("written-truncated-status.dat"));
  expect(content).toMatchObject({ complete: false, fault: "cut", counts: { hosts: 12, checks: 24 } });
});

it("says what an object cache holds", async () => {
  expect((await readObjectsFile(fixture("written-objects.cache"))).hosts).toHaveLength(12);
});

it("rejects with cause and next step", async () => {
  await expect(readStatusFile("/nonexistent/status.dat")).rejects.toMatchObject({
    code: "DOTM_SOURCE_UNREADABLE",
    message: "/nonexistent/status.dat does not exist, nor does the folder /nonexistent",
    next: "Give the path that status_file has in nagios.cfg.",
  });
});
