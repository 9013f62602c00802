import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { boundTo } from "../../src/store/bound-to.ts";
import { findProgram } from "../support/real.ts";

const hasSetpriv = findProgram("setpriv") !== undefined;

async function saidBy(parent: number): Promise<string> {
  const [program = "", ...words] = [...boundTo(parent), "echo", "started"];
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (piece) => {
    said += piece;
  });
  await once(child, "close");
  return said.trim();
}

it.skipIf(!hasSetpriv)(
  "a bound program starts below its parent, and not where that died before it was bound",
  async () => {
    const dead = spawn("true");
    await once(dead, "close");
    expect(await saidBy(process.pid)).toBe("started");
    expect(await saidBy(dead.pid ?? 0)).toBe("");
  },
);
