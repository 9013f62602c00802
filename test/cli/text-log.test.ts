import { describe, expect, it } from "vitest";
import { logDestination } from "../../src/cli/text-log.ts";
import { createLogger } from "../../src/logger.ts";

function logged(format: "auto" | "text" | "json", isTerminal: boolean, env = {}): string {
  let text = "";
  const write = (line: string) => {
    text += line;
  };
  const logger = createLogger("info", logDestination({ write }, { format, isTerminal, env }));
  logger.warn({ host: "web01", reason: "not a report\u001b[2J", error: new Error("boom") }, "refused a report");
  logger.debug({}, "not written");
  return text;
}

describe("the log", () => {
  const line = 'refused a report host=web01 reason="not a report\\u001b[2J" error="boom"\n';

  it("is text with times for a person", () => {
    expect(logged("auto", true)).toMatch(/^\d\d:\d\d:\d\d warn {2}refused/);
    expect(logged("auto", true).slice(15)).toBe(line);
    expect(logged("text", false).slice(15)).toBe(line);
  });

  it("is text with priorities for journald", () => {
    expect(logged("auto", false, { JOURNAL_STREAM: "8:1" })).toBe(`<4>${line}`);
  });

  it("tells of an error what it says, never the command attached to it, which may log in", () => {
    let text = "";
    const logger = createLogger("info", { write: (line: string) => (text += line) });
    const cause = Object.assign(new Error("WRONGPASS"), { command: { name: "auth", args: ["hunter2"] } });
    logger.error({ error: Object.assign(new Error("refused", { cause }), cause) }, "failed");
    expect(JSON.parse(text)).toMatchObject({
      error: { message: expect.stringContaining("refused"), stack: expect.any(String) },
    });
    expect(text).not.toContain("hunter2");
  });

  it("is JSON for programs and on demand", () => {
    expect(JSON.parse(logged("auto", false))).toMatchObject({ level: 40, host: "web01", msg: "refused a report" });
    expect(JSON.parse(logged("json", true))).toMatchObject({ host: "web01" });
  });
});
