/** Impact over a large dependency graph: what DOTM's typed arrays do, beside graph libraries. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateGraph, nodeInfos } from "../impact/generate-graph.js";
import { buildGraphology, reachGraphology } from "../impact/graphology.js";
import { startIgraph } from "../impact/igraph.js";

const SIZE = { hosts: 10_000, services: 100_000, connections: 1_000_000 };
const PROBLEMS = 2_000;
const SITE = "10,000 hosts, 100,000 services, 1,000,000 connections";
const MEMORY = fileURLToPath(new URL("../impact/memory.js", import.meta.url));

/** Made once for all rows of a run. */
let site;

async function prepare({ folder, root, say }) {
  site ??= await makeSite(folder, root, say);
  return site;
}

async function makeSite(folder, root, say) {
  say(`making a graph of ${SITE}`);
  const graph = generateGraph(SIZE);
  const file = join(folder, "edges.bin");
  writeFileSync(file, Buffer.concat([Buffer.from(graph.from.buffer), Buffer.from(graph.to.buffer)]));
  const [model, reach, counting] = await Promise.all([
    import(`${root}/dist/src/model/dependency-graph.js`),
    import(`${root}/dist/src/impact/reach.js`),
    import(`${root}/dist/src/impact/count-reach.js`),
  ]);
  const infos = nodeInfos(graph);
  const build = () => {
    const list = new model.EdgeList();
    for (let edge = 0; edge < graph.from.length; edge += 1) {
      list.add(graph.from[edge], graph.to[edge], 1);
    }
    return model.buildGraph(infos, new Map(), list);
  };
  const built = build();
  const walk = new reach.ReachWalk(built);
  say("the same graph in graphology");
  const others = buildGraphology(graph);
  const igraph = await startIgraph(file, graph.nodes);
  const failing = Array.from({ length: PROBLEMS }, (_, i) => 2 * ((i * 7_919 + 13) % SIZE.services));
  const made = { graph, file, root, build, built, walk, others, igraph, failing, ...alerts(walk) };
  const count = () =>
    counting.countReach(
      built,
      failing.map((node) => [node]),
      () => true,
    );
  await agree(made, count, say);
  return { ...made, count };
}

/** The worst of alerts, and one in the middle of those that do not reach the giant cycle. */
function alerts(walk) {
  const sample = Array.from({ length: 101 }, (_, i) => 2 * ((i * 49_999 + 1) % SIZE.services));
  const counted = sample.map((node) => ({ node, count: walk.from([node]) })).sort((a, b) => a.count - b.count);
  const small = counted.filter(({ count }) => count > 0 && count < SIZE.services / 2);
  return { worst: counted.at(-1).node, typical: (small[small.length >> 1] ?? counted[0]).node };
}

/** A wrong answer is not worth measuring. */
async function agree({ walk, others, igraph, worst, typical, failing }, count, say) {
  const counts = count();
  for (const node of [worst, typical]) {
    const answers = [walk.from([node]) + 1, reachGraphology(others, node), (await igraph?.ask(`reach ${node}`))?.value];
    say(`${node}: ${answers[0] - 1} affected`);
    if (answers.some((answer) => answer !== undefined && answer !== answers[0])) {
      throw new Error(`contenders do not agree on what fails with ${node}: ${answers.join(", ")}`);
    }
  }
  for (let i = 0; i < failing.length; i += 40) {
    const walked = walk.from([failing[i]]);
    if (counts[i] !== walked) {
      throw new Error(`${counts[i]} counted for ${failing[i]}, not ${walked}`);
    }
  }
}

/** Milliseconds for one run of a function; a short one is run often enough to be seen by the clock. */
function timed(run, times = 1) {
  const begun = performance.now();
  for (let i = 0; i < times; i += 1) {
    run();
  }
  return (performance.now() - begun) / times;
}

function slowBuild(state, round) {
  if (round <= 1) {
    state.slow = timed(() => buildGraphology(state.graph));
  }
  return state.slow;
}

function manyWalks({ walk, failing }) {
  return timed(() => {
    for (const node of failing) {
      walk.from([node]);
    }
  });
}

async function igraphTook({ igraph }, command, times = 1) {
  let sum = 0;
  for (let i = 0; i < times; i += 1) {
    const answer = await igraph?.ask(command);
    if (answer === undefined) {
      return undefined;
    }
    sum += answer.took;
  }
  return sum / times;
}

async function grown(name, { file, graph, root }) {
  const options = { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] };
  const child = fork(MEMORY, [name, file, String(graph.nodes), String(graph.hosts), root], options);
  const [{ memory }] = await once(child, "message");
  return memory;
}

function alertRow(which, title, often) {
  return {
    name: `impact-${which}`,
    title: `${title}, on ${SITE}`,
    unit: "ms",
    rounds: 5,
    reference: "python-igraph",
    prepare,
    contenders: [
      { name: "python-igraph", run: (state) => igraphTook(state, `reach ${state[which]}`, Math.min(often, 50)) },
      {
        name: "graphology",
        run: (state) => timed(() => reachGraphology(state.others, state[which]), Math.min(often, 50)),
      },
      { name: "DOTM", run: (state) => timed(() => state.walk.from([state[which]]), often) },
    ],
    goals: [
      { contender: "DOTM", floor: 1, moonshot: 0.25 },
      { contender: "DOTM", against: "graphology", floor: 0.05, moonshot: 0.01 },
    ],
    note: "DOTM's walk also finds hops and certainty of each; igraph and graphology only count.",
  };
}

export const rows = [
  {
    name: "impact-build",
    title: `Build the dependency graph from pairs of numbers: ${SITE}`,
    unit: "ms",
    rounds: 3,
    reference: "python-igraph",
    prepare,
    contenders: [
      { name: "python-igraph", run: (state) => igraphTook(state, "build") },
      {
        name: "graphology",
        run: slowBuild,
      },
      { name: "DOTM", run: (state) => timed(state.build) },
    ],
    goals: [{ contender: "DOTM", floor: 0.5, moonshot: 0.05 }],
    note: "graphology takes so long that its second build counts for all rounds.",
  },
  alertRow("worst", "Everything that one alert takes with it, the worst one", 5),
  alertRow("typical", "Everything that one alert takes with it, a typical one", 2_000),
  {
    name: "impact-many",
    title: `Exact numbers of what each of 2,000 simultaneous problems takes with it, on ${SITE}`,
    unit: "ms",
    rounds: 2,
    reference: "2,000 walks",
    prepare,
    contenders: [
      { name: "2,000 walks", run: manyWalks },
      { name: "python-igraph", run: (state) => igraphTook(state, `many ${state.failing.join(" ")}`) },
      { name: "DOTM", run: ({ count }) => timed(count) },
    ],
    goals: [{ contender: "DOTM", floor: 0.2, moonshot: 0.05 }],
    note: "DOTM: strongly connected components, found anew each time, and one bit for each problem. The numbers are compared with those of walks.",
  },
  {
    name: "impact-memory",
    title: `Memory of the dependency graph without the names of its nodes: ${SITE}`,
    unit: "MiB",
    rounds: 3,
    reference: "python-igraph",
    prepare,
    contenders: [
      { name: "python-igraph", run: async ({ igraph }) => igraph?.memory },
      { name: "graphology", run: (state) => grown("graphology", state) },
      { name: "DOTM", run: (state) => grown("DOTM", state) },
    ],
    goals: [{ contender: "DOTM", against: "graphology", floor: 0.2, moonshot: 0.05 }],
    cleanup: async ({ igraph }) => {
      await igraph?.stop();
      site = undefined;
    },
  },
];
