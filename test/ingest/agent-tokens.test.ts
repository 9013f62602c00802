import { describe, expect, it } from "vitest";
import { bearerToken, createTokenCheck, hashToken, makeToken } from "../../src/ingest/agent-tokens.ts";

describe("tokens", () => {
  it("are long, random and never kept themselves", () => {
    const token = makeToken();
    expect(token).toMatch(/^dotm_[\w-]{43}$/);
    expect(makeToken()).not.toBe(token);
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashToken(token)).toBe(hashToken(token));
  });

  it("speak for their own host only", () => {
    const [web, db] = [makeToken(), makeToken()];
    const check = createTokenCheck([
      { host: "web01", hashes: [hashToken(web)] },
      { host: "db01", hashes: [hashToken(db)] },
    ]);
    expect(check("web01", web)).toBe(true);
    expect(check("db01", db)).toBe(true);
    expect(check("db01", web)).toBe(false);
    expect(check("web02", web)).toBe(false);
    expect(check("web01", hashToken(web))).toBe(false);
    expect(check("web01", "")).toBe(false);
    expect(check("web01", undefined)).toBe(false);
  });

  it("overlap by two while one is exchanged for the next", () => {
    const tokens = [makeToken(), makeToken(), makeToken()];
    const check = createTokenCheck([{ host: "web01", hashes: tokens.map(hashToken) }]);
    expect(tokens.map((token) => check("web01", token))).toEqual([false, true, true]);
  });

  it("are not let in by damaged hashes or an empty list", () => {
    const check = createTokenCheck([
      { host: "web01", hashes: ["", "x"] },
      { host: "db01", hashes: [] },
    ]);
    for (const token of ["", "x", makeToken()]) {
      expect(check("web01", token)).toBe(false);
      expect(check("db01", token)).toBe(false);
    }
  });

  it("are found in a bearer header and nowhere else", () => {
    expect(bearerToken("Bearer dotm_abc")).toBe("dotm_abc");
    expect(bearerToken("bearer  dotm_abc ")).toBe("dotm_abc");
    for (const header of [undefined, "", "dotm_abc", "Basic dotm_abc", "Bearer ", "Bearer a b", "Bearer a\n"]) {
      expect(bearerToken(header)).toBeUndefined();
    }
  });
});
