/** Bounds that no other test holds; all of them stand in docs/bounds.md. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Icinga2Results } from "../nagios/icinga2-results.ts";
import { parseYamlFile } from "../src/config/yaml-file.ts";

const ROOT = new URL("../", import.meta.url);

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
