/** Builds DOTM once before tests that start whole processes of ours: they run what `npm run build` makes. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Called by Vitest before the first file of the project `real`. */
export async function setup(): Promise<void> {
  const root = new URL("../..", import.meta.url);
  try {
    await promisify(execFile)("npm", ["run", "--silent", "build"], { cwd: root });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm run build failed\n${stdout}${stderr}`, { cause: error });
  }
}
