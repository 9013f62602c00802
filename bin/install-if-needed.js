/**
 * Installs what package-lock.json names where it is missing or older, and does nothing else: the first half of
 * `npm start`, and what `npm test` does before it. Plain JavaScript that needs nothing but Node.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the clone. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = [20, 19];

/** Why this Node cannot run DOTM, or undefined where it can. */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOlder = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return isOlder
    ? `DOTM needs Node ${OLDEST_NODE.join(".")} or newer; this is Node ${version}.\nGet one from https://nodejs.org or your distribution.`
    : undefined;
}

/** The first package that is missing under node_modules or has another version than the lock names. */
export function missingPackage(lock, installed) {
  for (const [path, wanted] of Object.entries(lock.packages ?? {})) {
    // Optional packages are those of other platforms; links and the project itself are not installed.
    if (path !== "" && wanted.optional !== true && wanted.link !== true) {
      const found = installed.packages?.[path];
      if (found === undefined || found.version !== wanted.version) {
        return path.replace(/^.*node_modules\//, "");
      }
    }
  }
  return undefined;
}

/** Installs where needed; ends the process with a plain word where it cannot. */
export function installIfNeeded() {
  const tooOld = nodeTooOld(process.versions.node);
  if (tooOld !== undefined) {
    fail(tooOld);
  }
  const lock = readJson(join(ROOT, "package-lock.json"));
  // npm writes this file last, so it tells what is really there.
  const missing = missingPackage(lock, readJson(join(ROOT, "node_modules/.package-lock.json")));
  if (missing === undefined) {
    return;
  }
  process.stderr.write(`Installing packages (${missing} is missing or older); this takes a minute the first time.\n`);
  // Not `npm ci`: it refuses a lock that was written where some platforms' optional packages were not to be had.
  const done = run("install", "--no-save", "--include=dev", "--no-audit", "--no-fund");
  if (done.status !== 0) {
    const why = done.error === undefined ? "see its message above" : done.error.message;
    fail(`npm install failed: ${why}. It needs the npm registry.\nTry: npm install`, done.status ?? 1);
  }
}

/** Runs npm: the one that runs us, where there is one, else the one on the PATH. */
export function run(...args) {
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  // What npm says is progress, not data.
  return spawnSync(command, [...before, ...args], { cwd: ROOT, stdio: ["ignore", 2, 2] });
}

/** Ends the process with a message. */
export function fail(message, code = 1) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  installIfNeeded();
}
