import { describe, expect, it } from "vitest";
import { dotm } from "./run-command.ts";

describe("dotm what-if", () => {
  it("tells what would be hit and that it is not safe to stop", async () => {
    const { code, out } = await dotm(["what-if", "down:web01/php-fpm"]);
    expect(code).toBe(0);
    expect(out).toContain("The failure of web01/php-fpm would affect 1 service on 1 host: web01:80 nginx");
    expect(out).toContain("Verdict: not safe to stop: web01:80 would fail.");
  });

  it("tells that nothing needs it, and exits as the real alert would", async () => {
    const { code, out } = await dotm(["what-if", "maintenance:backup01", "--exit-code"]);
    expect(code).toBe(0);
    expect(out).toContain("Maintenance of backup01 would affect nothing that is known");
    expect(out).toContain("Verdict: safe to stop: nothing that works now is known to need it.");
    expect((await dotm(["what-if", "down:db01", "--exit-code"])).code).toBe(2);
  });

  it("has the assumptions and the verdict in its JSON", async () => {
    const { out } = await dotm(["what-if", "down:web01/php-fpm", "up:db01:3306", "-o", "json"]);
    expect(JSON.parse(out)).toMatchObject({
      kind: "Impact",
      hypothetical: true,
      assumed: [
        { verb: "down", id: "web01/php-fpm" },
        { verb: "up", id: "db01:3306" },
      ],
      affected: [{ id: "web01:80" }],
      relieved: [],
      safeToStop: { verdict: "no" },
    });
  });
});

describe("dotm path", () => {
  it("prints the way from the dependent to what it needs, whichever was named first", async () => {
    const way = "web01:80 > web01/nginx > web01/php-fpm > db01:3306\n";
    const there = await dotm(["path", "web01:80", "db01:3306"]);
    expect(there).toMatchObject({ code: 0, out: `web01:80 depends on db01:3306: 2 hops, certainty both\n${way}` });
    expect((await dotm(["path", "db01:3306", "web01:80"])).out).toBe(there.out);
  });

  it("takes hosts for all that is on them, and the nearest way", async () => {
    const { out } = await dotm(["path", "web01", "db01", "-o", "json"]);
    expect(JSON.parse(out)).toEqual({
      apiVersion: "dotm/v1",
      kind: "Path",
      from: "web01",
      to: "db01",
      path: ["web01/php-fpm", "db01:3306"],
      hops: 1,
      certainty: "both",
    });
  });

  it("says that there is none, with exit code 3", async () => {
    expect(await dotm(["path", "backup01", "db01"])).toMatchObject({
      code: 3,
      out: "Neither of backup01 and db01 is known to depend on the other.\n",
    });
  });

  it("names what was probably meant", async () => {
    expect(await dotm(["path", "web01", "db1"])).toMatchObject({
      code: 3,
      out: "",
      err: expect.stringContaining("Try: dotm path web01 db01"),
    });
  });
});
