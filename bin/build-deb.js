/**
 * Makes the Debian package, dist/dotm_VERSION_all.deb: program and libraries in /usr/lib/dotm, systemd unit, man pages,
 * completions. Needs dpkg-deb (Debian's package dpkg); the same sources make the same file.
 *
 *   npm run deb [-- FILE]
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { billOfMaterials, licences, PACKAGE, ROOT, stageRelease } from "./stage-release.js";

const file = process.argv[2] ?? join(ROOT, "dist", `dotm_${PACKAGE.version}_all.deb`);
const folder = mkdtempSync(join(tmpdir(), "dotm-deb-"));
const dated = dateOfSources();

try {
  const at = (path) => join(folder, path);
  stageRelease(at("usr/lib/dotm"));
  link("../lib/dotm/bin/dotm.js", at("usr/bin/dotm"));
  link("../lib/dotm/bin/dotm-agent.js", at("usr/bin/dotm-agent"));
  link("../../dotm/dist/check_dotm.cjs", at("usr/lib/nagios/plugins/check_dotm"));
  put(at("usr/lib/systemd/system/dotm.service"), readFileSync(join(ROOT, "packaging/dotm.service")));
  put(at("etc/dotm/dotm.yaml"), readFileSync(join(ROOT, "packaging/deb/dotm.yaml")));
  for (const [page, section] of [
    ["dotm.1", 1],
    ["dotm.yaml.5", 5],
    ["check_dotm.8", 8],
    ["dotm-agent.1", 1],
  ]) {
    put(at(`usr/share/man/man${section}/${page}.gz`), packed(readFileSync(join(ROOT, "dist/man", page))));
  }
  for (const [shell, path] of [
    ["bash", "usr/share/bash-completion/completions/dotm"],
    ["zsh", "usr/share/zsh/vendor-completions/_dotm"],
    ["fish", "usr/share/fish/vendor_completions.d/dotm.fish"],
  ]) {
    put(at(path), execFileSync(process.execPath, [join(ROOT, "bin/dotm.js"), "completion", shell]));
  }
  documents(at("usr/share/doc/dotm"));
  settle(folder);
  control(at("DEBIAN"));
  const env = { ...process.env, SOURCE_DATE_EPOCH: `${dated}` };
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", folder, file], { env, stdio: ["ignore", 2, 2] });
  process.stdout.write(`${file}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Unix seconds of the last commit, or of the changelog where this is no checkout. */
function dateOfSources() {
  const given = Number(process.env.SOURCE_DATE_EPOCH);
  if (given > 0) {
    return given;
  }
  try {
    return Number(execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: ROOT, encoding: "utf8" }));
  } catch {
    return Math.floor(statSync(join(ROOT, "CHANGELOG.md")).mtimeMs / 1000);
  }
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function packed(content) {
  return gzipSync(content, { level: 9 });
}

function documents(folder) {
  cpSync(join(ROOT, "docs"), join(folder, "docs"), {
    recursive: true,
    filter: (path) => !path.startsWith(join(ROOT, "docs/gallery")),
  });
  put(join(folder, "README.md"), readFileSync(join(ROOT, "README.md")));
  put(join(folder, "changelog.gz"), packed(debianChangelog()));
  put(join(folder, "CHANGELOG.md.gz"), packed(readFileSync(join(ROOT, "CHANGELOG.md"))));
  put(join(folder, "sbom.cdx.json.gz"), packed(billOfMaterials()));
  put(join(folder, "copyright"), `${readFileSync(join(ROOT, "LICENSE"), "utf8")}\n${librariesOf()}`);
}

function debianChangelog() {
  const date = new Date(dated * 1000).toUTCString().replace("GMT", "+0000");
  return `dotm (${PACKAGE.version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer()}  ${date}\n`;
}

function maintainer() {
  return "DevOps Trouble Map <dotm@packages.invalid>";
}

/** Which licences the libraries have that the package brings along. */
function librariesOf() {
  const lines = licences().map((line) => `  ${line}`);
  return [
    "Libraries in /usr/lib/dotm/node_modules, each with the text of its licence beside it (that of Apache-2.0 is",
    "/usr/share/common-licenses/Apache-2.0):",
    "",
    ...lines,
    "",
  ].join("\n");
}

/** Rights and times: the same for the same sources. Only programs with a first line that says so may be run. */
function settle(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      chmodSync(path, 0o755);
      settle(path);
    } else if (entry.isFile()) {
      chmodSync(path, isProgram(path) ? 0o755 : 0o644);
      utimesSync(path, dated, dated);
    }
  }
  utimesSync(folder, dated, dated);
}

function isProgram(path) {
  return /\/usr\/lib\/dotm\/(?:bin|agent|dist)\//.test(path) && readFileSync(path).subarray(0, 2).toString() === "#!";
}

function control(folder) {
  put(
    join(folder, "control"),
    [
      "Package: dotm",
      `Version: ${PACKAGE.version}`,
      "Architecture: all",
      `Maintainer: ${maintainer()}`,
      `Installed-Size: ${kibibytesBelow(dirname(folder))}`,
      "Depends: nodejs (>= 20.19), adduser, init-system-helpers (>= 1.54)",
      "Recommends: redis-server | valkey-server",
      "Suggests: nagios4-core | icinga2 | naemon-core, iproute2",
      "Section: net",
      "Priority: optional",
      `Description: ${PACKAGE.description.split(":")[0]} for Nagios and Icinga`,
      " When a service check is critical, DOTM says what else is hit and what broke",
      " first. Agents report who listens on which port and who is connected to whom;",
      " states come from Nagios or Icinga; the result is shown on their own pages.",
      "",
    ].join("\n"),
  );
  put(join(folder, "conffiles"), "/etc/dotm/dotm.yaml\n");
  for (const script of ["postinst", "prerm", "postrm"]) {
    put(join(folder, script), readFileSync(join(ROOT, "packaging/deb", script)));
    chmodSync(join(folder, script), 0o755);
  }
  put(join(folder, "md5sums"), sumsBelow(dirname(folder)));
}

function kibibytesBelow(folder) {
  return filesBelow(folder, "").reduce((sum, path) => sum + Math.ceil(statSync(join(folder, path)).size / 1024), 0);
}

function sumsBelow(folder) {
  return filesBelow(folder, "")
    .filter((path) => !path.startsWith("DEBIAN/") && path !== "etc/dotm/dotm.yaml")
    .map(
      (path) =>
        `${createHash("md5")
          .update(readFileSync(join(folder, path)))
          .digest("hex")}  ${path}\n`,
    )
    .join("");
}

function filesBelow(folder, below) {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        return filesBelow(folder, path);
      }
      return entry.isFile() ? [path] : [];
    });
}
