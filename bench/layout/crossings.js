/** Counts what makes a drawing hard to follow: edges that cross, edges that run through boxes they have nothing to do with. */

/** Pieces into which a curve is cut. */
const PIECES = 12;

/** The ways of one of our layouts as polylines. */
export function ourWays(picture, positions) {
  return positions.edges.map(({ start, steps }, i) => {
    const points = [start];
    for (const step of steps) {
      const from = points.at(-1);
      points.push(...(step.kind === "line" ? [step.to] : curve([from, step.c1, step.c2, step.to])));
    }
    return { from: picture.edges[i].from, to: picture.edges[i].to, points };
  });
}

/** The ways and boxes of what Graphviz answers with -Tjson. */
export function graphvizDrawing(json) {
  const { objects = [], edges = [] } = JSON.parse(json);
  const nameOf = new Map(objects.map(({ _gvid, name }) => [_gvid, name]));
  const ways = edges.map(({ tail, head, pos }) => {
    const [end, ...points] = pos.split(" ").map((text) =>
      text
        .replace(/^[es],/, "")
        .split(",")
        .map(Number),
    );
    const spline = points.map(([x, y]) => ({ x, y }));
    const way = [spline[0]];
    for (let i = 0; i + 3 < spline.length; i += 3) {
      way.push(...curve(spline.slice(i, i + 4)));
    }
    way.push({ x: end[0], y: end[1] });
    return { from: nameOf.get(tail), to: nameOf.get(head), points: way };
  });
  const rows = objects
    .filter(({ pos, width }) => pos !== undefined && width !== undefined)
    .map(({ name, pos, width, height }) => {
      const [x, y] = pos.split(",").map(Number);
      return [name, { x: x - width * 36, y: y - height * 36, width: width * 72, height: height * 72 }];
    });
  return { ways, rows: new Map(rows) };
}

/** Pairs of edges that cross; those that share an end are not counted. */
export function crossings(ways) {
  const boxed = ways.map((way) => ({ ...way, bounds: boundsOf(way.points) }));
  let count = 0;
  for (const [i, one] of boxed.entries()) {
    for (const other of boxed.slice(i + 1)) {
      const shared = one.from === other.from || one.to === other.to || one.from === other.to || one.to === other.from;
      if (!shared && overlap(one.bounds, other.bounds)) {
        count += timesCrossed(one.points, other.points);
      }
    }
  }
  return count;
}

/** Edges that run through a service they neither begin nor end at. */
export function through(ways, rows) {
  return ways.filter(({ from, to, points }) =>
    [...rows].some(
      ([id, rect]) =>
        id !== from &&
        id !== to &&
        points.some(
          ({ x, y }) => x > rect.x + 1 && x < rect.x + rect.width - 1 && y > rect.y + 1 && y < rect.y + rect.height - 1,
        ),
    ),
  ).length;
}

function curve([a, b, c, d]) {
  return Array.from({ length: PIECES }, (_, i) => {
    const t = (i + 1) / PIECES;
    const u = 1 - t;
    const at = (p, q, r, s) => u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
    return { x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) };
  });
}

function boundsOf(points) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function overlap(a, b) {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

function timesCrossed(one, other) {
  let times = 0;
  for (let i = 1; i < one.length; i += 1) {
    for (let j = 1; j < other.length; j += 1) {
      times += Number(crosses(one[i - 1], one[i], other[j - 1], other[j]));
    }
  }
  return times;
}

function crosses(a, b, c, d) {
  const side = (p, q, r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}
