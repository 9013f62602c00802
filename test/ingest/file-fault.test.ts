import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultText, fileFault } from "../../src/ingest/file-fault.ts";

const NOBODY = 65_534;
const ME = process.geteuid?.();
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "var"), { mode: 0o755 });
  file = join(folder, "var/status.dat");
  writeFileSync(file, "x");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opening = async (path: string): Promise<unknown> =>
  open(path).then(
    async (opened) => {
      await opened.close();
    },
    (error: unknown) => error,
  );
const reader = { uid: 998, groups: [998] };

it("names a missing file, or the missing folder", async () => {
  const gone = join(folder, "var/none");
  expect(faultText(await fileFault(gone, "status_file", await opening(gone)))).toBe(
    `${gone} does not exist; Nagios removes it when it stops. Start Nagios, or give the path that status_file has in nagios.cfg.`,
  );
  expect((await fileFault(gone, "object_cache_file", await opening(gone))).next).toBe(
    "Give the path that object_cache_file has in nagios.cfg.",
  );
  const far = join(folder, "x/none");
  expect((await fileFault(far, "status_file", await opening(far))).cause).toBe(
    `${far} does not exist, nor does the folder ${join(folder, "x")}`,
  );
});

it("passes on what else the system says", async () => {
  const error = Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
  expect(await fileFault(file, "status_file", error)).toEqual({
    reason: "EIO",
    cause: `${file} cannot be read: EIO: i/o error, read`,
    next: "Check the file system it lies on.",
  });
});

it("tells who may not read, and in which group one may", async () => {
  chmodSync(file, 0o640);
  const { gid, uid } = await (await import("node:fs/promises")).stat(file);
  const fault = await fileFault(file, "status_file", { code: "EACCES" }, reader);
  expect(fault.cause).toMatch(
    new RegExp(`^${file} cannot be read by uid 998: ${file} belongs to uid ${uid}, group \\w+, mode 0640$`),
  );
  expect(fault.next).toMatch(/^Add DOTM's user to the group (\w+) \(usermod -aG \1 USER\) and restart it\.$/);
  const member = await fileFault(file, "status_file", { code: "EACCES" }, { uid: 998, groups: [gid] });
  expect(member.next).toMatch(/^Let the group read it \(chmod g\+r /);
});

describe.runIf(ME === 0)("as another user", () => {
  afterAll(() => process.seteuid?.(0));

  /** What is said when `nobody` opens the file. */
  async function faultOfNobody(): Promise<string> {
    process.seteuid?.(NOBODY);
    try {
      return faultText(await fileFault(file, "status_file", await opening(file)));
    } finally {
      process.seteuid?.(0);
    }
  }

  it("names the folder on the way that is closed", async () => {
    const way = join(folder, "var");
    chownSync(way, 0, 1);
    chmodSync(way, 0o700);
    expect(await faultOfNobody()).toBe(
      `${file} cannot be read by uid 65534: ${way} belongs to uid 0, group daemon, mode 0700. Let the group read it (chmod g+x ${way}) and have DOTM's user in the group daemon.`,
    );
    chmodSync(way, 0o755);
  });
});
