import { describe, expect, it } from "vitest";
import { type HtpasswdUsers, readHtpasswd } from "../../src/ingest/htpasswd-file.ts";
import { PasswordDoor } from "../../src/ingest/password-door.ts";

/** `secret`, by `htpasswd -s`, and by `htpasswd -B -C 9`, which takes some hundredth of a second. */
const SHA = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";
const DEAR = "$2y$09$EYclAj8iT8YxRNskeTnK8eVLgdf1KMPznReXPFsTd0F.tYus7LxOW";

const users = (text: string): HtpasswdUsers => readHtpasswd(text);
const ADDRESS = "10.0.0.7";

function doorOf(text: string) {
  let now = 1_000_000;
  let known = users(text);
  const door = new PasswordDoor(
    () => known,
    () => now,
  );
  const check = async (user: string, password: string, address = ADDRESS) =>
    (await door.check({ user, password, address })).kind;
  return {
    door,
    check,
    pass: (seconds: number) => {
      now += seconds;
    },
    become: (next: string) => {
      known = users(next);
    },
  };
}

describe("the door for passwords", () => {
  it("lets in who has the right one", async () => {
    const { check } = doorOf(`ann:${SHA}\n`);
    expect(await check("ann", "secret")).toBe("right");
    expect(await check("ann", "Secret")).toBe("wrong");
    expect(await check("bob", "secret")).toBe("wrong");
    expect(await check("ann", "x".repeat(300))).toBe("wrong");
  });

  it("looks at five wrong ones of an address for a name in a minute, even at the right one then", async () => {
    const { check, pass, door } = doorOf(`ann:${SHA}\nbob:${SHA}\n`);
    // Once known, it must not become a way to go on guessing.
    expect(await check("ann", "secret")).toBe("right");
    for (let i = 0; i < 5; i += 1) {
      expect(await check("ann", `guess ${i}`)).toBe("wrong");
      pass(1);
    }
    expect(await door.check({ user: "ann", password: "secret", address: ADDRESS })).toEqual({
      kind: "too often",
      wait: 55,
    });
    expect(await check("ann", "secret", "10.0.0.8")).toBe("right");
    expect(await check("bob", "secret")).toBe("right");
    pass(55);
    expect(await check("ann", "secret")).toBe("right");
    expect(await check("ann", "wrong again")).toBe("wrong");
  });

  it("looks at thirty wrong ones of an address in a minute, whatever the names, and at others' all the same", async () => {
    const { check, pass } = doorOf(`ann:${SHA}\n`);
    for (let i = 0; i < 30; i += 1) {
      // Those that are right do not count.
      expect(await check("ann", "secret")).toBe("right");
      expect(await check(`nobody ${i}`, "guess")).toBe("wrong");
      expect(await check(`nobody ${i}`, "guess", "127.0.0.1")).toBe("wrong");
    }
    expect(await check("someone", "guess")).toBe("too often");
    expect(await check("someone", "guess", "10.0.0.8")).toBe("wrong");
    // Behind it may be a proxy with all the people there are.
    expect(await check("someone", "guess", "127.0.0.1")).toBe("wrong");
    pass(60);
    expect(await check("ann", "secret")).toBe("right");
  });

  it("counts all addresses of one network of IPv6 as one, as one machine may take any of them", async () => {
    const { check } = doorOf(`ann:${SHA}\n`);
    for (let i = 0; i < 5; i += 1) {
      expect(await check("ann", "guess", `2001:db8:0:1::${i}`)).toBe("wrong");
    }
    expect(await check("ann", "guess", "2001:db8:0:1:ffff::9")).toBe("too often");
    expect(await check("ann", "secret", "2001:db8:0:2::9")).toBe("right");
  });

  it("counts many at once before it knows them to be wrong", async () => {
    const { check } = doorOf(`ann:${SHA}\n`);
    const verdicts = await Promise.all(Array.from({ length: 9 }, (_, i) => check("ann", `guess ${i}`)));
    expect(verdicts.filter((kind) => kind === "wrong")).toHaveLength(5);
    expect(verdicts.filter((kind) => kind === "too often")).toHaveLength(4);
  });

  it("checks a password once for all who ask with it at the same time, and knows it again", async () => {
    const { door, check } = doorOf(`ann:${DEAR}\n`);
    // With that of the thread that looks at passwords, in microseconds.
    const processorTime = () => Object.values(process.cpuUsage()).reduce((sum, each) => sum + each);
    const first = processorTime();
    const asked = Array.from({ length: 6 }, () => check("ann", "secret"));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["right"]));
    const begun = processorTime();
    for (let i = 0; i < 20; i += 1) {
      await door.check({ user: "ann", password: "secret", address: ADDRESS });
    }
    expect(processorTime() - begun).toBeLessThan(begun - first);
  });

  it("knows nothing again that the file no longer says", async () => {
    const { check, become } = doorOf(`ann:${SHA}\n`);
    expect(await check("ann", "secret")).toBe("right");
    become(`ann:${SHA.replace("5", "6")}\n`);
    expect(await check("ann", "secret")).toBe("wrong");
    become("");
    expect(await check("ann", "secret")).toBe("wrong");
    // Nor does one user's password stand for another's, however names and passwords are cut.
    become(`ann:${SHA}\nan:${SHA}\n`);
    expect(await check("ann", "secret")).toBe("right");
    expect(await check("an", "nsecret")).toBe("wrong");
  });

  it("has two checks at once and a short queue, and tells the rest to come again", async () => {
    const { door } = doorOf(`ann:${DEAR}\n`);
    const asked = Array.from({ length: 40 }, (_, i) =>
      door.check({ user: "ann", password: "wrong", address: `10.0.1.${i}` }),
    );
    const verdicts = await Promise.all(asked);
    expect(verdicts.filter(({ kind }) => kind === "wrong")).toHaveLength(22);
    expect(verdicts.filter(({ kind }) => kind === "busy")).toHaveLength(18);
    expect(await door.check({ user: "ann", password: "secret", address: ADDRESS })).toEqual({ kind: "right" });
  });

  it("works as long for a name that is not there, or that has a cheaper hash", async () => {
    const { check } = doorOf(`ann:${DEAR}\nsam:${SHA}\n`);
    const cpu = async (user: string) => {
      const before = process.cpuUsage();
      await check(user, "wrong");
      await check(user, "wrong too");
      const { user: used } = process.cpuUsage(before);
      return used;
    };
    await cpu("warm");
    const [ann, sam, nobody] = [await cpu("ann"), await cpu("sam"), await cpu("nobody")];
    expect(sam / ann).toBeGreaterThan(0.5);
    expect(nobody / ann).toBeGreaterThan(0.5);
  });
});
