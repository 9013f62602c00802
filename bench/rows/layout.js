/** Layout and drawing of pictures, beside Graphviz: time, crossings, edges through foreign services. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { layeredLayout } from "../../dist/src/render/layered-layout.js";
import { crossings, graphvizDrawing, ourWays, through } from "../layout/crossings.js";
import { draw } from "../layout/draw.js";
import { dotOf, generatedPicture } from "../layout/generated-picture.js";
import { milliseconds } from "../whole-process.js";

const SIZES = [20, 50, 200];
const WASM = "@hpcc-js/wasm-graphviz@1.29.2";

async function prepare({ folder, root, say }, services) {
  const picture = generatedPicture(services);
  const places = layeredLayout(picture).rows;
  const dot = dotOf(picture, (id) => places.get(id));
  const file = join(folder, `layout-${services}.dot`);
  writeFileSync(file, dot);
  return { picture, dot, file, root, services, wasm: await loadWasm(folder, say), native: runs("dot", ["-V"]) };
}

/** Graphviz as WebAssembly, from npm where that can be reached. */
async function loadWasm(folder, say) {
  const prefix = join(folder, "wasm-graphviz");
  if (
    !runs("npm", [
      "install",
      "--prefix",
      prefix,
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefer-offline",
      WASM,
    ])
  ) {
    say("npm cannot be reached: without Graphviz as WebAssembly");
    return undefined;
  }
  const entry = pathToFileURL(join(prefix, "node_modules/@hpcc-js/wasm-graphviz/dist/index.js"));
  const { Graphviz } = await import(entry.href);
  return Graphviz.load();
}

function runs(program, args) {
  try {
    execFileSync(program, args, { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

function timed(act) {
  const begun = performance.now();
  act();
  return performance.now() - begun;
}

const native = ({ native: is, file }) => (is ? milliseconds("dot", ["-Tsvg", file]) : undefined);

const warm = (services) => ({
  name: `layout-${services}`,
  title: `Lay out and draw ${services} services in host boxes, in a running process`,
  unit: "ms",
  rounds: 15,
  reference: "dot -Tsvg",
  prepare: (context) => prepare(context, services),
  contenders: [
    { name: "dot -Tsvg", run: native },
    { name: "wasm-graphviz", run: async ({ wasm, dot }) => wasm && timed(() => wasm.layout(dot, "svg", "dot")) },
    { name: "DOTM", run: async ({ picture }) => timed(() => draw(picture, layeredLayout(picture))) },
  ],
  goals: [{ contender: "DOTM", floor: 1, moonshot: 0.3 }],
  note: "`dot` is a process each time, as it cannot be had otherwise.",
});

const cold = (services) => ({
  name: `layout-cold-${services}`,
  title: `Lay out and draw ${services} services in host boxes, whole process`,
  unit: "ms",
  rounds: 7,
  reference: "dot -Tsvg",
  prepare: (context) => prepare(context, services),
  contenders: [
    { name: "dot -Tsvg", run: native },
    { name: "node -e 0", run: async () => milliseconds(process.execPath, ["-e", "0"]) },
    {
      name: "DOTM",
      run: async ({ root }) => milliseconds(process.execPath, [join(root, "bench/layout/draw-once.js"), `${services}`]),
    },
  ],
  note: "The start of Node is part of DOTM's time; a daemon has it behind it.",
});

const crossed = (services) => ({
  name: `layout-crossings-${services}`,
  title: `Crossing edges of ${services} services in host boxes; edges that share an end are not counted`,
  unit: "crossings",
  rounds: 1,
  reference: "dot",
  prepare: (context) => prepare(context, services),
  contenders: [
    { name: "dot", run: async ({ native: is, file }) => (is ? crossings(nativeDrawing(file).ways) : undefined) },
    {
      name: "wasm-graphviz",
      run: async ({ wasm, dot }) => wasm && crossings(graphvizDrawing(wasm.layout(dot, "json", "dot")).ways),
    },
    { name: "DOTM", run: async ({ picture }) => crossings(ourWays(picture, layeredLayout(picture))) },
  ],
  // Of a few services half a dozen crossings decide; what must hold is what the eye meets in large pictures.
  goals: [{ contender: "DOTM", floor: services < 50 ? 1.5 : 1, moonshot: 0.7 }],
});

const foreign = {
  name: "layout-through-foreign",
  title: "Edges that run through a service they do not belong to, of 200 services in host boxes",
  unit: "edges, and 1",
  rounds: 1,
  reference: "none",
  prepare: (context) => prepare(context, 200),
  contenders: [
    { name: "none", run: async () => 1 },
    { name: "dot", run: async ({ native: is, file }) => (is ? 1 + throughOf(nativeDrawing(file)) : undefined) },
    {
      name: "DOTM",
      run: async ({ picture }) => {
        const positions = layeredLayout(picture);
        return 1 + through(ourWays(picture, positions), positions.rows);
      },
    },
  ],
  goals: [{ contender: "DOTM", floor: 1 }],
  note: "One is added, so that none is 1.",
};

function nativeDrawing(file) {
  return graphvizDrawing(execFileSync("dot", ["-Tjson", file], { encoding: "utf8", maxBuffer: 1e8 }));
}

function throughOf({ ways, rows: places }) {
  return through(ways, places);
}

export const rows = [...SIZES.map(warm), ...SIZES.map(cold), ...SIZES.map(crossed), foreign];
