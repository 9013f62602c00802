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

/** Name, version and licence of each library. */
export function licences() {
  const lines = libraries()
    .map((path) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")))
    .map(({ name, version, license }) => `${name} ${version}: ${license}`);
  return [...new Set(lines)];
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
