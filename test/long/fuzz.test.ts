/** The short form of `npm run fuzz`: findings of earlier replayed, and a moment of new inputs for each parser. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seeded } from "../support/random.ts";
import { PARSER_TARGETS } from "./fuzz/all-targets.ts";
import { judge } from "./fuzz/http-target.ts";
import { corpusOf, fuzzTarget } from "./fuzz/run-target.ts";

/** Milliseconds of each target. */
const MOMENT = 400;

it("has a target for each folder of the corpus", () => {
  const names = [...PARSER_TARGETS.map(({ name }) => name), "http"];
  const folders = readdirSync(new URL("../fuzz-corpus/", import.meta.url), { withFileTypes: true });
  expect(folders.filter((entry) => entry.isDirectory() && !names.includes(entry.name))).toEqual([]);
});

it("tells of an answer 500 what the daemon wrote down, with its place in the code", () => {
  const answer = { status: 500, headers: new Map(), body: "<!doctype html>", hung: false };
  const line = {
    path: "/hosts",
    error: "Invalid URL",
    stack: "TypeError: Invalid URL\n    at isOwn (own-origin.ts:61:40)",
  };
  expect(() => judge(answer, Buffer.from("POST /hosts"), [line])).toThrow(`log: ${JSON.stringify(line)}`);
});

describe.each(PARSER_TARGETS)("$name", (target) => {
  it("does no harm with what was found earlier", async () => {
    for (const { file, input } of corpusOf(target.name)) {
      await expect((async () => target.run(input))(), file).resolves.toBeTypeOf("string");
    }
  });

  it("takes whatever comes", async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const { findings, runs } = await fuzzTarget(target, seeded(seed), MOMENT);
    const [first] = findings;
    expect({ seed, error: first?.error, input: first?.input.toString("base64") }).toEqual({ seed });
    expect(runs).toBeGreaterThan(0);
  });
});
