/** What DOTM is where it is installed: the files of its npm package and the libraries it runs with. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What package.json says. */
export const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What libraries carry along that nobody runs: types, maps, tests, texts, settings of their makers' tools. */
const UNUSED = /\.(?:map|[cm]?ts|md|markdown|html|sh)$|\/(?:test|tests|docs|examples)(?:\/|$)|\/\.[^/]+$/;
const LICENCE = /\/licen[cs]e[^/]*$/i;

/** Copies both into `folder`; DOTM must have been built. */
export function stageRelease(folder) {
  for (const file of packedFiles()) {
    copy(join(ROOT, file), join(folder, file));
  }
  for (const library of libraries()) {
    cpSync(library, join(folder, relative(ROOT, library)), {
      recursive: true,
      filter: (path) => isNeeded(path.slice(library.length)),
    });
  }
}

/** Licences under which a library may come along with DOTM. */
const ALLOWED = new Set(["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

/** Name, version and licence of each library. @throws where a licence is none of those that were looked at */
export function licences() {
  const packages = libraries().map((path) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")));
  const unknown = packages.filter(({ license }) => !ALLOWED.has(license));
  if (unknown.length > 0) {
    const named = unknown.map(({ name, license }) => `${name} (${JSON.stringify(license)})`);
    throw new Error(`Nobody has looked at the licence of ${named.join(", ")}; see ALLOWED in bin/stage-release.js`);
  }
  return [...new Set(packages.map(({ name, version, license }) => `${name} ${version}: ${license}`))];
}

/**
 * The libraries as CycloneDX 1.5 lists them, with what package-lock.json says of their content; the same for the same
 * sources. `npm sbom --omit dev` leaves out what a developer's tool needs too.
 */
export function billOfMaterials() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const components = libraries().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const [algorithm, content] = packages[relative(ROOT, path)].integrity.split("-");
    const hash = { alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(content, "base64").toString("hex") };
    const place = relative(ROOT, path);
    return {
      type: "library",
      "bom-ref": place,
      name,
      version,
      purl,
      licenses: [{ license: { id: license } }],
      hashes: [hash],
    };
  });
  const component = { type: "application", "bom-ref": "dotm", name: PACKAGE.name, version: PACKAGE.version };
  const bill = { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, metadata: { component }, components };
  return `${JSON.stringify(bill, null, 1)}\n`;
}

function packedFiles() {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(listed)[0].files.map(({ path }) => path);
}

/** Folders of the production libraries; those within another library's folder come after it. */
function libraries() {
  const listed = execFileSync("npm", ["ls", "--all", "--parseable", "--omit=dev"], { cwd: ROOT, encoding: "utf8" });
  return listed.split("\n").filter((path) => path.startsWith(join(ROOT, "node_modules")));
}

/** Libraries within a library are listed on their own. */
function isNeeded(path) {
  return LICENCE.test(path) || !(UNUSED.test(path) || path === "/node_modules");
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
