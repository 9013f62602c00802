/** The Debian package: without errors for lintian, and running in a Debian 13 that has nothing but Node. Then the tarball, in one without. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, freePort, ROOT, startProgram } from "../support/process.ts";
import { describeAsRoot, findProgram } from "../support/real.ts";

describeAsRoot("the Debian package", ["debootstrap", "lintian", "dpkg-deb", "systemd-analyze"], () => {
  const folder = mkdtempSync(join(tmpdir(), "dotm-deb-"));
  const file = join(folder, "dotm.deb");
  const root = join(folder, "trixie");
  const inside = (path: string) => join(root, path);

  beforeAll(async () => {
    const bootstrap = ["--variant=minbase", "--include=nodejs,adduser", "trixie", root];
    const made = startProgram(findProgram("debootstrap") ?? "debootstrap", bootstrap, { daemon: true });
    execFileSync(process.execPath, [join(ROOT, "bin/build-deb.js"), file], { stdio: "pipe" });
    const exit = await made.ended;
    if (exit.code !== 0) {
      throw new Error(`debootstrap failed\n${made.stdout.slice(-2000)}\n${made.stderr.slice(-2000)}`);
    }
    execFileSync("cp", [file, inside("root/dotm.deb")]);
    chroot("dpkg", "--install", "/root/dotm.deb");
  }, 400_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function chroot(...command: string[]): string {
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" };
    return execFileSync("chroot", [root, ...command], { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** A plugin that was asked for its version ends with 3, as all plugins do. */
  const versionOf = (plugin: string) => chroot("sh", "-c", `${plugin} --version; test $? = 3`);

  it("has no error for lintian", () => {
    const found = execFileSync("lintian", ["--allow-root", "--fail-on", "none", file], { encoding: "utf8" });
    expect(found.split("\n").filter((line) => line.startsWith("E:"))).toEqual([]);
  });

  it("brings commands, plugin, pages of the manual and completion", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(chroot("dotm", "--version")).toMatch(
      new RegExp(`^dotm ${version} \\((?:commit [0-9a-f]+, )?Node v20\\.19\\.`),
    );
    expect(chroot("dotm-agent", "--version")).toContain(version);
    expect(versionOf("/usr/lib/nagios/plugins/check_dotm")).toContain(version);
    for (const file of ["man/man1/dotm.1.gz", "man/man5/dotm.yaml.5.gz", "bash-completion/completions/dotm"]) {
      expect(existsSync(inside(`usr/share/${file}`)), file).toBe(true);
    }
    expect(chroot("dotm", "config", "check")).toContain("/etc/dotm/dotm.yaml");
  });

  it("runs by what its unit says until it is ready, as the user it made", async () => {
    const port = await freePort();
    writeFileSync(inside("etc/dotm/dotm.yaml"), `web: { listen: "127.0.0.1:${port}" }\n`);
    const unit = readFileSync(inside("usr/lib/systemd/system/dotm.service"), "utf8");
    const [, command = ""] = /^ExecStart=(.+)$/m.exec(unit) ?? [];
    // What StateDirectory= and RuntimeDirectory= do.
    for (const directory of ["/var/lib/dotm", "/run/dotm"]) {
      chroot("install", "-d", "-o", "dotm", "-g", "dotm", "-m", "700", directory);
    }
    const daemon = startProgram("chroot", ["--userspec=dotm:dotm", root, ...command.split(" ")], {
      daemon: true,
      env: { STATE_DIRECTORY: "/var/lib/dotm", RUNTIME_DIRECTORY: "/run/dotm", HOME: "/var/lib/dotm" },
    });
    await eventually("DOTM to be ready", async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      return answer.status === 200 ? true : undefined;
    });
    const [, then = ""] = /^ExecStartPost=(.+)$/m.exec(unit) ?? [];
    chroot(...then.split(" "));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain("no monitoring source is configured");
    expect((await daemon.stop()).code).toBe(0);
  });

  it("has a unit that systemd takes, with few rights", () => {
    const unit = join(folder, "dotm.service");
    const text = readFileSync(inside("usr/lib/systemd/system/dotm.service"), "utf8");
    // The programs and pages named are in the other root.
    writeFileSync(unit, text.replaceAll("/usr/bin/dotm", "/bin/true").replace(/^Documentation=.*$/m, ""));
    execFileSync("systemd-analyze", ["verify", unit], { stdio: "pipe" });
    const rated = execFileSync("systemd-analyze", ["security", "--offline=true", "--no-pager", unit], {
      encoding: "utf8",
    });
    const [, score = "10"] = /Overall exposure level for \S+: ([\d.]+)/.exec(rated) ?? [];
    expect(Number(score)).toBeLessThanOrEqual(1.5);
  });

  it("leaves nothing of itself when it is purged", () => {
    chroot("dpkg", "--purge", "dotm");
    for (const path of ["usr/lib/dotm", "usr/bin/dotm", "etc/dotm/dotm.yaml", "var/lib/dotm"]) {
      expect(existsSync(inside(path)), path).toBe(false);
    }
  });

  it("comes as a tarball for systems without Node, too", () => {
    const tarball = join(folder, "dotm.tar.xz");
    const env = { ...process.env, XZ_OPT: "-0" };
    execFileSync(process.execPath, [join(ROOT, "bin/build-tarball.js"), tarball], { env, stdio: "pipe" });
    execFileSync("tar", ["-C", inside("opt"), "--strip-components=1", "-xf", tarball]);
    rmSync(inside("usr/bin/node"));
    rmSync(inside("usr/bin/nodejs"), { force: true });
    chroot("ln", "-s", "/opt/bin/dotm", "/usr/local/bin/dotm");
    expect(chroot("/usr/local/bin/dotm", "--version")).toContain(`Node ${process.version})`);
    expect(chroot("/usr/local/bin/dotm", "config", "default")).toContain("127.0.0.1:4880");
    expect(versionOf("/opt/bin/check_dotm")).toContain("check_dotm");
    expect(chroot("/opt/bin/dotm-agent", "once")).toContain('"version"');
  });
});
