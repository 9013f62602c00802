import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HASH, HTML, withBlock, withoutBlock } from "../../../src/cli/setup/marked-block.ts";

describe("our lines in somebody else's file", () => {
  it("stand between two marks at its end", () => {
    expect(withBlock("a=1\n", "cfg_file=x\n", HASH)).toBe(
      "a=1\n# BEGIN dotm (made by dotm nagios install, removed by dotm nagios install --uninstall)\ncfg_file=x\n# END dotm\n",
    );
    expect(withBlock("", "<script></script>\n", HTML)).toMatch(
      /^<!-- BEGIN dotm .* -->\n<script>.*\n<!-- END dotm -->\n$/,
    );
  });

  it("are put in once, wherever they stand by now, and taken out without a trace", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom(HASH, HTML), (before, after, marks) => {
        const installed = withBlock(before, "one\n", marks);
        expect(withBlock(installed, "one\n", marks)).toBe(installed);
        expect(withBlock(`${installed}${after}`, "two\n", marks)).toBe(`${withBlock(before, "two\n", marks)}${after}`);
        expect(withoutBlock(`${installed}${after}`, marks)).toBe(`${before}${after}`);
      }),
    );
  });

  it.each(["a=1\n", "a=1"])("are found where an editor made the ends of lines CR LF (%j)", (before) => {
    const turned = (text: string) => text.replaceAll("\n", "\r\n");
    const installed = turned(withBlock(before, "one\n", HASH));
    expect(withoutBlock(`${installed}b=2\r\n`, HASH)).toBe(`${turned(before)}b=2\r\n`);
    expect(withBlock(installed, "two\n", HASH).match(/BEGIN dotm/g)).toHaveLength(1);
  });
});
