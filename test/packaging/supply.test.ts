/** What comes from others: locked, known by licence, nothing of it run while it is installed. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Plain JavaScript that builds packages. */
interface StageRelease {
  readonly licences: () => string[];
  readonly billOfMaterials: () => string;
}

const stageRelease = new URL("../../bin/stage-release.js", import.meta.url).href;
const { licences, billOfMaterials } = (await import(stageRelease)) as StageRelease;

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
const { packages } = read("package-lock.json") as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path]) => path !== "");

/** Licences of what only developers use, beside those of libraries. */
const OF_TOOLS = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT OR Apache-2.0",
  "MPL-2.0",
]);

it("is locked by version and content", () => {
  expect(locked.length).toBeGreaterThan(50);
  expect(locked.filter(([, { version, integrity }]) => version === undefined || integrity === undefined)).toEqual([]);
});

it("runs nothing while it is installed: who has a script for that is a tool, and is told not to", () => {
  const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(withScript.map(([path, { dev }]) => [path, dev])).toEqual([["node_modules/esbuild", true]]);
  expect(read("package.json").allowScripts).toEqual({ esbuild: false });
  expect(readFileSync(new URL("../../.ci/run", import.meta.url), "utf8")).toMatch(
    /^must .*npm install .*--ignore-scripts/m,
  );
});

it("has licences that somebody has looked at", () => {
  expect(licences().every((line) => /^\S+ [\d.]+\S*: \S+$/.test(line))).toBe(true);
  expect(locked.filter(([, { license }]) => !OF_TOOLS.has(license ?? ""))).toEqual([]);
});

it("is little: few libraries, and what those need", () => {
  expect(Object.keys(read("package.json").dependencies).length).toBeLessThanOrEqual(14);
  expect(licences().length).toBeLessThan(150);
});

it("is listed in a bill of materials, the same each time", () => {
  const bill = billOfMaterials();
  expect(billOfMaterials()).toBe(bill);
  const { bomFormat, components } = JSON.parse(bill) as { bomFormat: string; components: { name: string }[] };
  expect(bomFormat).toBe("CycloneDX");
  const names = new Set(components.map(({ name }) => name));
  expect(Object.keys(read("package.json").dependencies).filter((name) => !names.has(name))).toEqual([]);
  expect(names.has("vitest")).toBe(false);
});
