import { describe, expect, it } from "vitest";
import type { Interruption } from "../../src/cli/terminal.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { dotm, type World } from "./run-command.ts";
import { MYSQL, NOW, storedSite } from "./stored-site.ts";

/** A world that is interrupted once the source was asked for so many times; `each` is told the number of the look. */
function looks(most: number, each: (look: number) => void = () => undefined, changed: Partial<MapReader> = {}): World {
  let end: (signal: Interruption) => void = () => undefined;
  const interrupted = new Promise<Interruption>((resolve) => {
    end = resolve;
  });
  let look = 0;
  const sources: MapReader["sources"] = async () => {
    look += 1;
    if (look >= most) {
      end("SIGINT");
    }
    each(look);
    const [health] = await storedSite().sources();
    return health === undefined ? [] : [{ ...health, asOf: look < 3 ? NOW - 3 : NOW, lag: 0 }];
  };
  return { reader: storedSite({ sources, ...changed }), interrupted: () => interrupted };
}

describe("--watch", () => {
  it("writes one line of JSON for each change where nobody looks", async () => {
    const { code, out } = await dotm(["get", "sources", "--watch=0.1"], looks(5));
    expect(code).toBe(130);
    const lines = out.trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.startsWith("{") && line.endsWith("}"))).toBe(true);
    const impact = await dotm(["impact", "web01", "--watch=0.1"], {
      ...looks(1),
      interrupted: async () => "SIGTERM" as const,
    });
    expect([impact.code, impact.out.split("\n").length]).toEqual([0, 2]);
    expect(JSON.parse(impact.out)).toMatchObject({ kind: "Impact" });
  });

  it("draws in place on a terminal, as much as fits", async () => {
    const screen = { rows: 6, page: () => Promise.reject(new Error("nobody pages what is watched")) };
    const { out } = await dotm(["impact", "db01", "MySQL", "-w", "0.1"], { ...looks(3), isTerminal: true, screen });
    const pictures = out.split("\u001b[H\u001b[2J").slice(1);
    expect(pictures.length).toBeGreaterThan(1);
    expect(pictures[0]).toMatch(/^Every 0.1 s, 14:12:02 UTC; Ctrl-C ends\n\ndb01 \/ MySQL is /);
    expect(pictures[0]).toMatch(/\n… \d+ more lines\n$/);
    expect(pictures[0]?.split("\n").length).toBeLessThanOrEqual(7 + 1);
  });

  it("goes on where a later look fails, and ends where the first one does", async () => {
    const world = looks(4, (look) => {
      if (look === 2) {
        throw new Error("Redis is away for a moment");
      }
    });
    const { code, out, err } = await dotm(["get", "sources", "--watch=0.1"], world);
    expect(code).toBe(130);
    expect(err).toContain("error: Redis is away for a moment");
    expect(out.trim().split("\n")).toHaveLength(2);
    expect((await dotm(["impact", "wbe01", "--watch=0.1"], looks(9))).code).toBe(3);
  });

  it("is about now, and wants seconds", async () => {
    expect((await dotm(["get", "nodes", "--watch", "--at", "-2h"])).code).toBe(2);
    expect((await dotm(["get", "nodes", "--watch", "soon"])).err).toContain("number of seconds");
  });
});

describe("the pager", () => {
  const affected = Array.from({ length: 40 }, (_, at) => ({ ...MYSQL.affected[0], id: `web${at}/x` }));
  const long = storedSite({ impact: async () => ({ ...MYSQL, affected: affected as typeof MYSQL.affected }) });
  const shown = async (words: readonly string[], env: Record<string, string> = {}, starts = true) => {
    const pages: [string, string][] = [];
    const screen = {
      rows: 20,
      page: async (pager: string, text: string) => {
        pages.push([pager, text]);
        return starts;
      },
    };
    const { out } = await dotm(words, { reader: long, isTerminal: true, screen, env: { NO_COLOR: "1", ...env } });
    return { pages, out };
  };
  const impact = ["impact", "db01", "MySQL"];

  it("shows what is longer than the screen, page by page", async () => {
    const { pages, out } = await shown(impact);
    expect(pages).toEqual([["less -FRX", expect.stringContaining("web39/x")]]);
    expect(out).toBe("");
    expect((await shown(impact, { PAGER: "more" })).pages[0]?.[0]).toBe("more");
    expect((await shown(impact, { PAGER: "more", DOTM_PAGER: "most" })).pages[0]?.[0]).toBe("most");
  });

  it("is left out for what is short, where nobody wants it, and where it cannot be started", async () => {
    expect((await shown(["get", "nodes"])).pages).toEqual([]);
    for (const [words, env] of [
      [[...impact, "--no-pager"], {}],
      [impact, { DOTM_PAGER: "" }],
      [impact, { PAGER: "cat" }],
      [impact, { TERM: "dumb" }],
    ] as const) {
      const { pages, out } = await shown(words, env);
      expect([pages, out.includes("web39/x")]).toEqual([[], true]);
    }
    expect((await shown(impact, {}, false)).out).toContain("web39/x");
  });
});
