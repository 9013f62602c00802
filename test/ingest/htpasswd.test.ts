import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followHtpasswd, type HtpasswdUsers, readHtpasswd } from "../../src/ingest/htpasswd-file.ts";
import { costOf, decoyOf, hashKind, isPasswordOf } from "../../src/ingest/htpasswd-hash.ts";
import { describeReal } from "../support/real.ts";

/** As `htpasswd -B`, `-m` and `-s` of Apache 2.4 made them, and `-d` and `-5`. */
const TEXT = `# people
bea:$2y$05$O5emSAF5eBJGTINemL1h2O.sjo4ZtXRbxMpxH5IF4sKFF7tyy2uLC
mia:$apr1$MJ9z.S2q$SpRcsCMpjdTWXyGW1DYV./
sam:{SHA}frlm+c/JzrwATLDSbUx1/gvgmbE=
cry:MqcxCGoK42jZg
six:$6$49pEgFsj0RaB9LDY$y2hPIIrPKNApCsTLUYCwG/OhcT5C7hvt6KHGnU73nopv.aOZsdfxOxCdUIm2VbFK.NnvCkikdXth9HxGWJow40
mia:{SHA}of a second line, which does not count
no line at all
:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
`;

const PASSWORD = "Pä$$w0rd:x";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-htpasswd-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("an htpasswd file", () => {
  const { hashes, unusable, dearest } = readHtpasswd(TEXT);

  it("gives the users whose password can be checked, and names the others", () => {
    expect([...hashes.keys()]).toEqual(["bea", "mia", "sam"]);
    expect(unusable).toEqual(["cry", "six"]);
    expect(dearest).toBe(hashes.get("bea"));
  });

  it.each(["bea", "mia", "sam"])("tells the right password of %s from others", async (user) => {
    const hash = hashes.get(user) ?? "";
    expect(await isPasswordOf(PASSWORD, hash)).toBe(true);
    for (const wrong of ["", "Pä$$w0rd", `${PASSWORD} `, "Pa$$w0rd:x", hash]) {
      expect(await isPasswordOf(wrong, hash)).toBe(false);
    }
  });

  it("has a decoy for each kind, as dear to check and nobody's", async () => {
    for (const hash of hashes.values()) {
      expect(hashKind(decoyOf(hash))).toEqual(hashKind(hash));
      expect(decoyOf(hash)).not.toBe(hash);
      expect(await isPasswordOf(PASSWORD, decoyOf(hash))).toBe(false);
    }
  });

  it("may hold anything without harm", async () => {
    for (const hash of [
      "$2y$99$",
      `$2y$31$${"a".repeat(53)}`,
      "$apr1$$",
      "$apr1$x",
      "{SHA}",
      "$1$",
      "\u0000",
      "$2y$",
    ]) {
      expect([costOf(hash), await isPasswordOf("x", hash)]).toEqual([0, false]);
    }
    expect(readHtpasswd("\u0000\uffff\n::::\n:\na:\n").hashes.size).toBe(0);
  });

  it("is read again when it changes, and nobody is known while it is away", () => {
    const file = join(folder, "htpasswd.users");
    const told: (HtpasswdUsers | Error)[] = [];
    const users = followHtpasswd(file, (read) => told.push(read));
    expect(users().hashes.size).toBe(0);
    expect(told[0]).toBeInstanceOf(Error);
    writeFileSync(file, TEXT);
    expect(users().hashes.has("bea")).toBe(true);
    users();
    expect(told).toHaveLength(2);
    writeFileSync(file, TEXT.replace(/^bea.*\n/m, ""));
    expect(users().hashes.has("bea")).toBe(false);
    rmSync(file);
    expect(users().hashes.size).toBe(0);
  });
});

describeReal("a file that htpasswd makes", ["htpasswd"], () => {
  it.each([["-B"], ["-m"], ["-s"], ["-B", "-C", "10"]])("with %s %s %s is understood", async (...options) => {
    const file = join(folder, "users");
    const made = spawnSync("htpasswd", ["-c", "-i", ...options, file, "nagiosadmin"], { input: PASSWORD });
    expect(made.status).toBe(0);
    const hash = followHtpasswd(file, () => undefined)().hashes.get("nagiosadmin") ?? "";
    expect(await isPasswordOf(PASSWORD, hash)).toBe(true);
    expect(await isPasswordOf("Pä$$w0rd", hash)).toBe(false);
  });
});
