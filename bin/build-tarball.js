/**
 * Makes dist/dotm-VERSION-linux-ARCH.tar.xz for systems whose own Node is too old: DOTM, its libraries and the Node that
 * runs this. Unpacked anywhere, `bin/dotm`, `bin/dotm-agent` and `bin/check_dotm` in it run.
 *
 *   npm run tarball [-- FILE]
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { billOfMaterials, licences, PACKAGE, ROOT, stageRelease } from "./stage-release.js";

const name = `dotm-${PACKAGE.version}-linux-${process.arch}`;
const file = process.argv[2] ?? join(ROOT, "dist", `${name}.tar.xz`);
const folder = mkdtempSync(join(tmpdir(), "dotm-tarball-"));

/** What is called, and the script it means. */
const PROGRAMS = { dotm: "bin/dotm.js", "dotm-agent": "bin/dotm-agent.js", check_dotm: "dist/check_dotm.cjs" };

try {
  const at = (path) => join(folder, name, path);
  stageRelease(at("lib/dotm"));
  writeFileSync(at("sbom.cdx.json"), billOfMaterials());
  writeFileSync(at("LICENCES"), `${licences().join("\n")}\n`);
  mkdirSync(at("bin"));
  mkdirSync(at("lib/node"));
  copyFileSync(process.execPath, at("lib/node/node"));
  for (const licence of ["../LICENSE", "../share/doc/node/LICENSE", "../share/doc/nodejs/copyright"]) {
    const path = join(dirname(process.execPath), licence);
    if (existsSync(path)) {
      copyFileSync(path, at("lib/node/LICENSE"));
      break;
    }
  }
  for (const [program, script] of Object.entries(PROGRAMS)) {
    // The name by which it was called may be a link from elsewhere.
    const here = 'here=$(dirname "$(readlink -f "$0")")';
    writeFileSync(
      at(`bin/${program}`),
      `#!/bin/sh\n${here}\nexec "$here/../lib/node/node" "$here/../lib/dotm/${script}" "$@"\n`,
    );
    chmodSync(at(`bin/${program}`), 0o755);
  }
  execFileSync("tar", ["-C", folder, "--owner=0", "--group=0", "--sort=name", "-cJf", file, name], {
    stdio: ["ignore", 2, 2],
  });
  process.stdout.write(`${file}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
