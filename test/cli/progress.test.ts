import { expect, it } from "vitest";
import { withPatience } from "../../src/cli/patience.ts";
import { withProgress } from "../../src/cli/progress.ts";
import { storedSite } from "./stored-site.ts";

/** Reads 400 hosts in two bites of two kinds, each taking so many seconds; what was said of it. */
async function said(isTerminal: boolean, seconds: number): Promise<string> {
  const names = Array.from({ length: 400 }, (_, at) => `h${at}`);
  let [now, text] = [0, ""];
  const write = (more: string) => {
    text += more;
  };
  const reader = storedSite({ nodes: async () => names });
  const progress = withProgress(reader, { err: { isTerminal, write }, now: () => now });
  await progress.reader.nodes();
  for (const at of [0, 200]) {
    now += seconds;
    await progress.reader.graphs(names.slice(at, at + 200));
    await progress.reader.checksOf(names.slice(at, at + 200));
  }
  progress.done();
  return text;
}

it("says how far it is only where it takes long: in one line on a terminal, else a line every ten seconds", async () => {
  expect(await said(true, 0.1)).toBe("");
  const line = (text: string) => `\r\u001b[K${text}`;
  expect(await said(true, 2)).toBe(
    [200, 200, 400, 400].map((count) => line(`reading ${count} of 400 hosts`)).join("") + line(""),
  );
  expect(await said(false, 6)).toBe("reading 400 of 400 hosts\n");
  expect(await said(false, 2)).toBe("");
});

it("leaves everything else of the reader as it is", async () => {
  const { reader } = withProgress(storedSite(), { err: { isTerminal: true, write: () => undefined }, now: () => 0 });
  expect(await reader.problems()).toBe(1);
  expect((await reader.sources())[0]?.source).toBe("nagios");
});

it("says of a long beginning that it goes on, and takes the line away again", async () => {
  for (const isTerminal of [true, false]) {
    const lines: string[] = [];
    let finish = (_: string) => {};
    const done = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const enough = isTerminal ? 2 : 1;
    const write = (text: string) => {
      lines.push(text);
      if (lines.length === enough) {
        finish("there");
      }
    };
    expect(await withPatience("starting", done, { err: { isTerminal, write } }, 1)).toBe("there");
    const shown = ["\r\u001b[Kstarting, 1 s", "\r\u001b[Kstarting, 2 s", "\r\u001b[K"];
    expect(lines).toEqual(isTerminal ? shown : ["starting, 10 s\n"]);
  }
  const silent = { write: () => expect.unreachable(), isTerminal: true };
  expect(await withPatience("starting", Promise.resolve(1), { err: silent })).toBe(1);
});
