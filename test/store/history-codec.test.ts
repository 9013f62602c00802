import { describe, expect, it } from "vitest";
import { packText, unpackText } from "../../src/store/history-codec.ts";

describe("a text that is kept packed", () => {
  it("is the same again, and holds no more memory than its own bytes", () => {
    const text = JSON.stringify({ host: "db01", nodes: [{ id: "db01:3306", degree: "affected" }] });
    const packed = packText(text);
    expect(unpackText(packed)).toBe(text);
    expect(packed.buffer.byteLength).toBe(packed.length);
  });
});
