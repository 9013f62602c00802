import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { layeredLayout } from "../../src/render/layered-layout.ts";
import { selectOverview } from "../../src/render/select-picture.ts";
import { LayoutDesk } from "../../src/web/layout-desk.ts";
import { shop } from "../support/picture.ts";

const folder = mkdtempSync(join(tmpdir(), "dotm-desk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does what the test says. */
function program(name: string, text: string): URL {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, `import { parentPort } from "node:worker_threads";\n${text}`);
  return pathToFileURL(file);
}

/** Answers with what it was asked, so that one sees who did the work and how often. */
const COUNTING = `let asked = 0;
parentPort.on("message", ({ id, picture }) => {
  asked += 1;
  parentPort.postMessage({ id, positions: { width: asked, height: 0, boxes: new Map(), rows: new Map(), edges: [] } });
});`;

const picture = selectOverview(shop().graphs);

/** The shop as it is while all is well, or while everything is ill. */
function withStates(state: "OK" | "CRITICAL"): Map<string, HostGraph> {
  return new Map(
    [...shop().graphs].map(([host, graph]) => [
      host,
      {
        ...graph,
        nodes: graph.nodes.map((node) => ({
          ...node,
          ownState: node.ownState === null ? null : state,
          degree: state === "OK" ? null : ("affected" as const),
        })),
      },
    ]),
  );
}

describe("LayoutDesk", () => {
  it("takes the simpler layout where the machine has no room for a thread, and tries again at the next look", async () => {
    let tried = 0;
    const start = (): Worker => {
      tried += 1;
      throw new Error("EAGAIN");
    };
    const desk = new LayoutDesk({ program: program("unused", COUNTING), start });
    for (const times of [1, 2]) {
      expect((await desk.place(picture)).picture.notes.join()).toContain("A good layout was not found in time");
      expect(tried).toBe(times);
    }
  });

  it("does the work itself where its thread's program is not there", async () => {
    const desk = new LayoutDesk({ program: new URL("./nothing.js", import.meta.url) });
    expect((await desk.place(picture)).positions).toEqual(layeredLayout(picture));
  });

  it("asks its thread once for what looks the same, however many ask and whatever the states", async () => {
    const desk = new LayoutDesk({ program: program("counting", COUNTING) });
    const widths = await Promise.all(
      [picture, picture, picture].map(async (each) => (await desk.place(each)).positions.width),
    );
    expect(widths).toEqual([1, 1, 1]);
    const well = await desk.place(selectOverview(withStates("OK")));
    const ill = await desk.place(selectOverview(withStates("CRITICAL")));
    expect([well.positions.width, ill.positions.width]).toEqual([1, 1]);
  });

  it.each([
    ["never answers", 'parentPort.on("message", () => { for (;;); });'],
    ["breaks", 'parentPort.on("message", () => { throw new Error("broken"); });'],
  ])("takes a simpler layout and says so where the thread %s", async (name, text) => {
    const desk = new LayoutDesk({ program: program(name.replaceAll(" ", "-"), text), limit: 300 });
    const placed = await desk.place(picture);
    expect(placed.picture.notes.at(-1)).toMatch(/simpler one is shown/);
    expect(placed.positions.boxes.size).toBe(picture.boxes.length);
    const rects = [...placed.positions.boxes.values()];
    const overlapping = rects.filter((a, i) =>
      rects
        .slice(i + 1)
        .some((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect(overlapping).toEqual([]);
    expect(placed.positions.edges.every(({ steps }) => steps.length === 1)).toBe(true);
    // The next asker gets a new thread.
    expect((await desk.place(picture)).picture.notes.at(-1)).toMatch(/simpler one is shown/);
  });
});
