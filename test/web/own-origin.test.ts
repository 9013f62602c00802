/** Whose doing a write is, judged by what anybody may send. */
import type { Request } from "express";
import { describe, expect, it } from "vitest";
import { foreignHand } from "../../src/web/own-origin.ts";

/** Calls after which V8 has compiled what is called, several times over. */
const OFTEN = 10_000;

describe("foreignHand", () => {
  it("refuses an Origin that is no address, however often it was asked before", () => {
    // Bytes that are UTF-8 reach us as three characters of Latin-1, two of which stand in no name.
    const odd = Buffer.from("http:瑖").toString("latin1");
    const refusals = new Set<string | undefined>();
    for (let at = 0; at < OFTEN; at += 1) {
      refusals.add(foreignHand(asked(odd), []));
    }
    expect([...refusals]).toEqual([expect.stringContaining(`This came from ${odd}, which is not this DOTM`)]);
  });
});

/** A form that a browser sent to us under no name, with an Origin. */
function asked(origin: string): Request {
  const headers: Readonly<Record<string, string>> = { host: "", origin };
  return { get: (name: string) => headers[name] } as unknown as Request;
}
