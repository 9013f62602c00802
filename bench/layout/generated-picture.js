/** Pictures to lay out: services in host boxes in four tiers, most talk from one tier to the next. The same each time. */

const TIERS = ["web", "app", "svc", "db"];
const PROGRAMS = ["nginx", "java", "node", "postgres", "redis-server", "mysqld"];
const HANDLING = { acknowledged: false, inDowntime: false, flapping: false, stale: false, soft: false };
const PER_HOST = 4;

/** A picture of so many services, four on each host, with half as many dependencies again. */
export function generatedPicture(services) {
  const random = generator(services);
  const boxes = Array.from({ length: Math.ceil(services / PER_HOST) }, (_, i) =>
    hostBox(i, Math.min(PER_HOST, services - i * PER_HOST), random),
  );
  const edges = new Map();
  while (edges.size < services * 1.5) {
    const from = boxes[Math.floor(random() * boxes.length)];
    const to = boxes[Math.floor(random() * boxes.length)];
    const step = TIERS.indexOf(to.tier) - TIERS.indexOf(from.tier);
    if (from !== to && step >= 0 && random() < [0.05, 1, 0.25, 0.1][step]) {
      const edge = { from: anyRow(from, random), to: anyRow(to, random) };
      edges.set(`${edge.from} ${edge.to}`, edge);
    }
  }
  const plain = { certainty: "both", count: 4, lastSeen: 0, hit: null, over: null };
  return { boxes, edges: [...edges.values()].map((edge) => ({ ...edge, ...plain })), notes: [] };
}

function anyRow(box, random) {
  return box.units[Math.floor(random() * box.units.length)].id;
}

function hostBox(number, services, random) {
  const tier = TIERS[number % TIERS.length];
  const host = `${tier}${String(Math.floor(number / TIERS.length) + 1).padStart(2, "0")}`;
  const units = Array.from({ length: services }, (_, i) => {
    const id = `${host}:${8000 + i}`;
    const label = `:${8000 + i} ${PROGRAMS[Math.floor(random() * PROGRAMS.length)]}`;
    return { id, rows: [{ ...row(id, host), label }] };
  });
  const about = { kind: "host", title: host, hosts: [host], state: "UP", handling: HANDLING };
  return { id: host, tier, ...about, agent: "fresh", units, hidden: 0, focus: false };
}

function row(id, host) {
  const own = { ownState: "OK", stateType: "HARD", handling: HANDLING, degree: null, propagatedState: null };
  return { id, host, ...own, failed: false, focus: false, old: false, checks: [], times: 1 };
}

/** The picture as Graphviz is given it: hosts as clusters, services as boxes of the size we draw them. */
export function dotOf({ boxes, edges }, sizeOf) {
  const quote = (text) => `"${text}"`;
  const lines = boxes.map((box) => {
    const nodes = box.units.map(({ id, rows }) => {
      const { width, height } = sizeOf(id);
      return `${quote(id)} [label=${quote(rows[0].label)} width=${width / 72} height=${height / 72}]`;
    });
    return `subgraph ${quote(`cluster ${box.id}`)} { label=${quote(box.title)}; ${nodes.join("; ")} }`;
  });
  const arrows = edges.map(({ from, to }) => `${quote(from)} -> ${quote(to)}`);
  return `digraph { rankdir=LR; node [shape=box fixedsize=true fontsize=10]; ${[...lines, ...arrows].join("\n")} }`;
}

function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
