/** Bounds that no other test holds; all of them stand in docs/bounds.md. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Icinga2Results } from "../nagios/icinga2-results.ts";
import { ScanWindow, type WindowScanner } from "../nagios/scan-window.ts";
import { parseYamlFile } from "../src/config/yaml-file.ts";
import { readThrough } from "../src/ingest/file-snapshot.ts";

const ROOT = new URL("../", import.meta.url);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-bounds-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes whole lines off the window, and notes the last one and how much there ever was at once. */
function lineScanner() {
  const seen = { most: 0, last: "" };
  const scan: WindowScanner["scan"] = (text, isEnd) => {
    seen.most = Math.max(seen.most, text.length);
    const content = text.bytes.toString("latin1", 0, text.length);
    const whole = isEnd ? content.length : content.lastIndexOf("\n") + 1;
    seen.last = content.slice(0, whole).trimEnd().split("\n").at(-1) || seen.last;
    return whole;
  };
  return { seen, scan };
}

it("a file of more than 4 GiB is not read, and the reason says so", async () => {
  const file = join(folder, "status.dat");
  writeFileSync(file, "");
  // A hole: it takes no room on the disk.
  truncateSync(file, 4 * 1024 ** 3 + 1);
  const { seen, scan } = lineScanner();
  await expect(readThrough(file, new ScanWindow(64), { scan })).rejects.toMatchObject({
    code: "EFBIG",
    message: expect.stringContaining("larger than 4 GiB"),
  });
  expect(seen.most).toBe(0);
});

it("a block larger than the bound is given up instead of kept, and what follows is read", async () => {
  const file = join(folder, "status.dat");
  writeFileSync(file, `first\n${"x".repeat(100_000)}\nlast\n`);
  const { seen, scan } = lineScanner();
  await readThrough(file, new ScanWindow(64, 1_024), { scan });
  expect(seen.last).toBe("last");
  expect(seen.most).toBeLessThanOrEqual(2_048);
});

it("dotm.yaml is not nested deeper than twenty, and no alias makes more of it than a hundred thousand values", () => {
  const deep = parseYamlFile(`${"a: { ".repeat(25)}x: 1${" }".repeat(25)}\n`, "dotm.yaml");
  expect(deep.problems).toMatchObject([{ text: expect.stringContaining("nested too deeply") }]);
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let at = 1; at <= 8; at += 1) {
    lines.push(`a${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(", ")}]`);
  }
  const begun = performance.now();
  expect(parseYamlFile(`${lines.join("\n")}\n`, "dotm.yaml").problems.length).toBeGreaterThan(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

it("an object of Icinga of more than 8 MiB is told as an empty text, and the next one is read", () => {
  const large = `{"attrs":{"output":"${"x".repeat(9 * 1024 * 1024)}"}}`;
  const texts = new Icinga2Results().take(Buffer.from(`{"results":[${large},{"attrs":{"name":"web01"}}]}`));
  expect(texts).toEqual(["", '{"attrs":{"name":"web01"}}']);
});

it("every test that docs/bounds.md names is there", () => {
  const named = [...readFileSync(new URL("docs/bounds.md", ROOT), "utf8").matchAll(/`(test\/[\w./-]+)`/g)].map(
    ([, path]) => path ?? "",
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});
