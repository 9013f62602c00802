/** Processes that hold a store, for tests that kill them. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Redis } from "ioredis";
import type { StoreOptions } from "../../src/store/store-place.ts";
import { ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { plainClient } from "../support/redis.ts";

/** What a holder says of its store. */
export interface Held {
  readonly process: TestProcess;
  readonly options: StoreOptions;
  readonly kind: string;
  readonly why: string;
}

/** The program, made of our sources once per test file; inside the project, so that aliases lead to its files. */
export interface HolderProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes the program; Node 20 runs no TypeScript. */
export async function buildHolder(): Promise<HolderProgram> {
  await mkdir(join(ROOT, ".dotm"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, ".dotm", "holder-"));
  const path = join(folder, "hold-store.mjs");
  await build({
    entryPoints: [join(ROOT, "test/store/hold-store.ts")],
    outfile: path,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts a holder and waits for its store. @throws where it is refused one, with what it said */
export async function hold(program: HolderProgram, dataDir: string, engine = ""): Promise<Held> {
  const process = startProgram("node", [program.path, dataDir, engine]);
  const [line] = await process.waitFor(/^\{"(?:options|error)".*$/m);
  const said = JSON.parse(line);
  if (said.error !== undefined) {
    await process.ended;
    throw Object.assign(new Error(said.error.message), said.error);
  }
  return { process, ...said };
}

/** Uses a held store and hangs up. */
export async function using<T>(options: StoreOptions, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = await plainClient(options);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
