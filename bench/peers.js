/** Readers of status.dat that others wrote, each timed as a whole process; undefined where one is not there. */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { milliseconds } from "./whole-process.js";

const CGI = "/usr/lib/cgi-bin/nagios4/statusjson.cgi";

/** Debian's python3-pynag belongs to Debian's Python. */
const PYTHON = "/usr/bin/python3";
const PYNAG = "import sys; from pynag.Parsers import StatusDat; StatusDat(filename=sys.argv[1]).parse()";

const NPM = "nagios-status-parser@0.0.1";
const NPM_READ = 'require("nagios-status-parser")(require("fs").readFileSync(process.argv[1], "utf8"))';

/** The CGI that counts the states, the cheapest of its answers. @param {string} config cgi.cfg */
export function cgiCount(config) {
  return askCgi(config, "query=servicecount");
}

/** The CGI that lists the service checks of one host. */
export function cgiHost(config, host) {
  return askCgi(config, `query=servicelist&details=true&hostname=${encodeURIComponent(host)}`);
}

async function askCgi(config, query) {
  if (!existsSync(CGI)) {
    return undefined;
  }
  const env = { NAGIOS_CGI_CONFIG: config, REQUEST_METHOD: "GET", QUERY_STRING: query };
  return milliseconds(CGI, [], { ...process.env, ...env });
}

/** Writes a cgi.cfg for these files into `folder` and returns its path. */
export function writeCgiConfig(folder, { status, objects }) {
  const [main, cgi] = [join(folder, "nagios.cfg"), join(folder, "cgi.cfg")];
  writeFileSync(main, `status_file=${status}\nobject_cache_file=${objects}\n`);
  writeFileSync(cgi, `main_config_file=${main}\nuse_authentication=0\nphysical_html_path=/usr/share/nagios4/htdocs\n`);
  return cgi;
}

/** pynag, in Python. */
export async function pynag(file) {
  return isRunning(PYTHON, ["-c", "import pynag"]) ? milliseconds(PYTHON, ["-c", PYNAG, file]) : undefined;
}

/** The parser on npm, fetched into `folder` where it can be. @returns its folder, or undefined */
export function fetchNpmParser(folder) {
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", NPM];
  return isRunning("npm", args) ? folder : undefined;
}

/** The parser on npm, in `folder`. */
export async function npmParser(folder, file) {
  const env = { ...process.env, NODE_PATH: join(folder ?? "", "node_modules") };
  return folder === undefined
    ? undefined
    : milliseconds(process.execPath, ["--max-old-space-size=4096", "-e", NPM_READ, file], env);
}

function isRunning(program, args) {
  try {
    execFileSync(program, args, { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}
