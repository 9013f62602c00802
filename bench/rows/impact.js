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
  const [model, pieces, reach, counting, keeping] = await Promise.all([
    import(`${root}/dist/src/model/dependency-graph.js`),
    import(`${root}/dist/src/model/pieces.js`),
    import(`${root}/dist/src/impact/reach.js`),
    import(`${root}/dist/src/impact/count-reach.js`),
    import(`${root}/dist/src/impact/impact-keeper.js`),
  ]);
  const infos = nodeInfos(graph);
  const build = () => {
    const list = new model.EdgeList();
    for (let edge = 0; edge < graph.from.length; edge += 1) {
      list.add(graph.from[edge], graph.to[edge], 1);
    }
    return model.buildGraph(infos, new Map(), list);
  };
  const built = { ...build(), indexOf: new Map(infos.map(({ id }, node) => [id, node])) };
  const walk = new reach.ReachWalk(built);
  const igraph = await startIgraph(file, graph.nodes);
  const failing = Array.from({ length: PROBLEMS }, (_, i) => 2 * ((i * 7_919 + 13) % SIZE.services));
  const made = { graph, file, root, build, built, walk, igraph, failing, keeping, ...alerts(walk) };
  const count = () =>
    pieces.inOneGo(
      counting.countReach(
        built,
        failing.map((node) => [node]),
        () => true,
      ),
    );
  await agree(made, count, say);
  return { ...made, count };
}

/** The site with the same graph in graphology, which takes long to build. */
async function prepareWithGraphology(context) {
  const made = await prepare(context);
  if (made.others === undefined) {
    context.say("the same graph in graphology");
    const begun = performance.now();
    made.others = buildGraphology(made.graph);
    made.slow = performance.now() - begun;
    for (const node of [made.worst, made.typical]) {
      mustAgree(node, made.walk.from([node]) + 1, reachGraphology(made.others, node));
    }
  }
  return made;
}

function mustAgree(node, ...answers) {
  if (answers.some((answer) => answer !== undefined && answer !== answers[0])) {
    throw new Error(`contenders do not agree on what fails with ${node}: ${answers.join(", ")}`);
  }
}

/** Problems that stand while another one comes and goes: each takes little with it, as most do. */
const STANDING = 500;

/** A keeper of impacts on the large graph with the standing problems, and a way to have one more problem come or go. */
async function prepareKeeper(context) {
  const made = await prepare(context);
  made.keeper ??= keeperOf(made, context.say);
  return made;
}

function keeperOf({ built, walk, keeping, failing }, say) {
  say(`${STANDING} problems that stand, each with less than 1,000 affected`);
  const standing = failing.filter((node) => walk.from([node]) < 1_000).slice(0, STANDING);
  const keeper = new keeping.ImpactKeeper();
  turn(
    keeper,
    built,
    standing,
    standing.map((node) => built.nodes[node].host),
    built.nodes.keys(),
  );
  return { keeper, standing };
}

/** One turn in which the hosts `judged` have these problems and no others. */
function turn(keeper, graph, failed, judged, nodes = []) {
  const of = (host) =>
    failed.filter((node) => graph.nodes[node].host === host).map((node) => problemAt(graph.nodes[node]));
  const none = new Map();
  return keeper.update({
    graph,
    change: { nodes: new Set(nodes), agents: new Set() },
    judged: new Set(judged),
    problemsOf: of,
    servicesOf: () => none,
    stateOf: () => undefined,
    agentOf: () => "fresh",
    monitored: none,
    now: 1_795_000_000,
  });
}

function problemAt({ id, host }) {
  const status = { host, check: id, state: "CRITICAL", stateType: "HARD", lastChange: 1_794_999_000, output: "down" };
  const handling = { acknowledged: false, inDowntime: false, flapping: false, soft: false, stale: false };
  return { key: `${host}::${id}`, view: { status, source: "bench", handling, mapping: null }, failed: [id] };
}

/** Milliseconds until the impact of one problem more is there; it goes again, which is not counted. */
function cameUp({ keeper: { keeper, standing }, built }, node) {
  const { host } = built.nodes[node];
  const { key } = problemAt(built.nodes[node]);
  let impact;
  const took = timed(() => {
    turn(keeper, built, [...standing, node], [host]);
    impact = keeper.of(key);
  });
  if (!(impact?.affected.length > 0)) {
    throw new Error("the problem has no impact");
  }
  turn(keeper, built, standing, [host]);
  return took;
}

/** The same from scratch: the impacts of all problems, each read as it is written. */
function allAnew({ keeper: { standing }, built, keeping }, node) {
  const failed = [...new Set([...standing, node])];
  const hosts = failed.map((each) => built.nodes[each].host);
  return timed(() => {
    const keeper = new keeping.ImpactKeeper();
    turn(keeper, built, failed, hosts, built.nodes.keys());
    for (const key of keeper.keys()) {
      keeper.of(key);
    }
  });
}

/** `floor` of the worst one: the walk over its 196,000 affected alone takes a fifth of the time of all anew. */
function changeRow(which, title, floor) {
  return {
    name: `impact-change-${which}`,
    title: `${title}, while ${STANDING} problems stand, on ${SITE}`,
    unit: "ms",
    rounds: 5,
    reference: "all anew",
    prepare: prepareKeeper,
    contenders: [
      { name: "all anew", run: (state) => allAnew(state, state[which]) },
      { name: "DOTM", run: (state) => cameUp(state, state[which]) },
    ],
    goals: [{ contender: "DOTM", floor, moonshot: floor / 4 }],
    note: "From the problem to its impact with rows, who is hit and how hard, and explanations of all problems; without mapping and writing. The rows of others that the problem changes are made when they are read.",
  };
}

/** The worst of alerts, and one in the middle of those that do not reach the giant cycle. */
function alerts(walk) {
  const sample = Array.from({ length: 101 }, (_, i) => 2 * ((i * 49_999 + 1) % SIZE.services));
  const counted = sample.map((node) => ({ node, count: walk.from([node]) })).sort((a, b) => a.count - b.count);
  const small = counted.filter(({ count }) => count > 0 && count < SIZE.services / 2);
  return { worst: counted.at(-1).node, typical: (small[small.length >> 1] ?? counted[0]).node };
}

/** A wrong answer is not worth measuring. */
async function agree({ walk, igraph, worst, typical, failing }, count, say) {
  const counts = count();
  for (const node of [worst, typical]) {
    const reached = walk.from([node]) + 1;
    say(`${node}: ${reached - 1} affected`);
    mustAgree(node, reached, (await igraph?.ask(`reach ${node}`))?.value);
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

/** One problem in so many is walked, its time taken so many times: walks of all of them take minutes. */
const SAMPLED = 20;

function sampled({ failing }) {
  return failing.filter((_, i) => i % SAMPLED === 0);
}

function manyWalks(state) {
  const some = sampled(state);
  const took = timed(() => {
    for (const node of some) {
      state.walk.from([node]);
    }
  });
  return took * SAMPLED;
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

async function someOfMany(state) {
  const took = await igraphTook(state, `many ${sampled(state).join(" ")}`);
  return took === undefined ? undefined : took * SAMPLED;
}

async function grown(name, { file, graph, root }) {
  const options = { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] };
  const child = fork(MEMORY, [name, file, String(graph.nodes), String(graph.hosts), root], options);
  const [{ memory }] = await once(child, "message");
  return memory;
}

/** `overGraphology` is the floor against it: a typical walk is over in microseconds, whoever takes it. */
function alertRow(which, title, often, overGraphology) {
  return {
    name: `impact-${which}`,
    title: `${title}, on ${SITE}`,
    unit: "ms",
    rounds: 5,
    reference: "python-igraph",
    prepare: prepareWithGraphology,
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
      { contender: "DOTM", against: "graphology", floor: overGraphology, moonshot: 0.01 },
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
    prepare: prepareWithGraphology,
    contenders: [
      { name: "python-igraph", run: (state) => igraphTook(state, "build") },
      { name: "graphology", run: (state) => state.slow },
      { name: "DOTM", run: (state) => timed(state.build) },
    ],
    goals: [{ contender: "DOTM", floor: 0.5, moonshot: 0.05 }],
    note: "graphology takes so long that one build of it counts for all rounds.",
  },
  alertRow("worst", "Everything that one alert takes with it, the worst one", 5, 0.05),
  alertRow("typical", "Everything that one alert takes with it, a typical one", 2_000, 0.2),
  changeRow("typical", "One problem more, a typical one, until its impact is there", 0.2),
  changeRow("worst", "One problem more, the worst one, until its impact is there", 0.5),
  {
    name: "impact-many",
    title: `Exact numbers of what each of 2,000 simultaneous problems takes with it, on ${SITE}`,
    unit: "ms",
    rounds: 2,
    reference: "2,000 walks",
    prepare,
    contenders: [
      { name: "2,000 walks", run: manyWalks },
      { name: "python-igraph", run: someOfMany },
      { name: "DOTM", run: ({ count }) => timed(count) },
    ],
    goals: [{ contender: "DOTM", floor: 0.2, moonshot: 0.05 }],
    note: "DOTM: strongly connected components, found anew each time, and one bit for each problem. The numbers are compared with those of walks. Walks and python-igraph answer every twentieth problem; their time is taken twenty times.",
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
