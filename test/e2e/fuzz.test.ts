/** The short form of `npm run fuzz -- --target http`: every endpoint of a daemon, asked whatever comes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type HttpTarget, startHttpTarget } from "../long/fuzz/http-target.ts";
import { corpusOf, fuzzTarget } from "../long/fuzz/run-target.ts";
import { seeded } from "../support/random.ts";

/** Milliseconds. */
const WHILE = 10_000;

let http: HttpTarget;
beforeAll(async () => {
  http = await startHttpTarget();
});
afterAll(() => http.stop());

it("answers what was found earlier as it should", async () => {
  for (const { file, input } of corpusOf("http")) {
    await expect((async () => http.target.run(input))(), file).resolves.toBeTypeOf("string");
  }
});

it("answers whatever comes, never with 500, a hang, or broken pages", async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const { findings, runs } = await fuzzTarget(http.target, seeded(seed), WHILE);
  const [first] = findings;
  expect({ seed, error: first?.error, input: first?.input.toString("base64") }).toEqual({ seed });
  expect(runs).toBeGreaterThan(100);
});
