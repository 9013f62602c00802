/** Feeds a target for a while: changes what led somewhere new, keeps what fails. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { oneOf, type Random } from "../../support/random.ts";
import { mutate } from "./mutate.ts";
import type { Target } from "./target.ts";

/** An input that something is wrong with. */
export interface Finding {
  readonly input: Buffer;
  readonly error: string;
}

/** What came of feeding a target. */
export interface Fuzzed {
  readonly runs: number;
  /** Inputs that led to something new. */
  readonly kept: number;
  readonly findings: readonly Finding[];
  /** Milliseconds of the slowest input, and that input. */
  readonly slowest: { readonly milliseconds: number; readonly input: Buffer };
  /** MiB that the process grew by. */
  readonly grown: number;
}

/** Inputs kept to be changed further, at most. */
const MOST_KEPT = 500;
const MOST_FINDINGS = 20;
/** One of so many inputs is made of nothing known. */
const FRESH = 20;

const CORPUS = new URL("../../fuzz-corpus/", import.meta.url);

/** Feeds it for so many milliseconds, or so many times where that is reached before. */
export async function fuzzTarget(
  target: Target,
  random: Random,
  milliseconds: number,
  most = Infinity,
): Promise<Fuzzed> {
  const pool = [...target.seeds(), ...corpusOf(target.name).map(({ input }) => input)];
  const seen = new Set<string>();
  const findings = new Map<string, Finding>();
  const slowest = { milliseconds: 0, input: Buffer.alloc(0) };
  const before = process.memoryUsage().rss;
  const end = performance.now() + milliseconds;
  let runs = 0;
  for (; runs < most && performance.now() < end && findings.size < MOST_FINDINGS; runs += 1) {
    const input = runs < pool.length ? (pool[runs] as Buffer) : nextInput(pool, random);
    const begun = performance.now();
    try {
      const told = await target.run(input);
      if (!seen.has(told) && pool.length < MOST_KEPT) {
        seen.add(told);
        pool.push(input);
      }
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      // The same place fails for many inputs.
      const place = text.split("\n").slice(0, 3).join("\n").replace(/\d+/g, "N");
      if (!findings.has(place)) {
        findings.set(place, { input, error: text });
      }
    }
    const took = performance.now() - begun;
    if (took > slowest.milliseconds) {
      Object.assign(slowest, { milliseconds: took, input });
    }
  }
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  return { runs, kept: seen.size, findings: [...findings.values()], slowest, grown };
}

/** The findings of earlier, each an input that must do no harm any more. */
export function corpusOf(name: string): { readonly file: string; readonly input: Buffer }[] {
  const folder = new URL(`${name}/`, CORPUS);
  return existsSync(folder)
    ? readdirSync(folder).map((file) => ({ file, input: readFileSync(new URL(file, folder)) }))
    : [];
}

/** Keeps an input in the corpus, as small as it can be made in a while; returns its file. */
export async function keepFinding(target: Target, { input, error }: Finding): Promise<string> {
  const small = await shrunk(target, input, error.split("\n")[0] ?? "");
  const folder = new URL(`${target.name}/`, CORPUS);
  mkdirSync(folder, { recursive: true });
  const file = new URL(createHash("sha1").update(small).digest("hex").slice(0, 12), folder);
  writeFileSync(file, small);
  return fileURLToPath(file);
}

/** Takes pieces out as long as it fails in the same words. */
async function shrunk(target: Target, input: Buffer, words: string): Promise<Buffer> {
  let small = input;
  const end = performance.now() + 5_000;
  for (let size = small.length >> 1; size > 0 && performance.now() < end; size >>= 1) {
    for (let from = 0; from < small.length && performance.now() < end; ) {
      const less = Buffer.concat([small.subarray(0, from), small.subarray(from + size)]);
      if (await failsSo(target, less, words)) {
        small = less;
      } else {
        from += size;
      }
    }
  }
  return small;
}

async function failsSo(target: Target, input: Buffer, words: string): Promise<boolean> {
  try {
    await target.run(input);
    return false;
  } catch (error) {
    return String(error).split("\n")[0] === words || (error as Error).stack?.split("\n")[0] === words;
  }
}

function nextInput(pool: readonly Buffer[], random: Random): Buffer {
  if (random() < 1 / FRESH) {
    const [value] = fc.sample(fc.oneof(fc.json(), fc.string({ unit: "binary" })), {
      numRuns: 1,
      seed: Math.floor(random() * 2 ** 31),
    });
    return Buffer.from(value ?? "");
  }
  return mutate(oneOf(random, pool), random, pool);
}
