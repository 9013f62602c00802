/**
 * Lets a Node that cannot run TypeScript by itself run the tools of this folder as they stand:
 * `node --import ./test/long/typescript.js test/long/soak.ts`.
 */
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";

/** A hook of `module.register`: takes the types out. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) {
    return next(url, context);
  }
  const { transform } = await import("esbuild");
  const { code } = await transform(await readFile(fileURLToPath(url), "utf8"), {
    loader: "ts",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    sourcefile: fileURLToPath(url),
  });
  return { format: "module", shortCircuit: true, source: code };
}

// The thread of the hooks loads this file too.
if (process.features.typescript === undefined && process.execArgv.some((word) => word.includes("typescript.js"))) {
  register(import.meta.url);
}
