// Lights up the ways of trouble: everything that needs what the pointer or the focus is on, and everything it needs.

/** Milliseconds a pointer rests on something before its ways light up. */
const REST = 120;

/** Dresses all pictures of the page. */
export function lightPaths() {
  for (const svg of document.querySelectorAll(".picture svg")) {
    const graph = graphOf(svg);
    let timer = 0;
    const unitAt = (event) => event.target.closest?.("[data-u]")?.dataset.u;
    const later = (unit) => {
      clearTimeout(timer);
      timer = setTimeout(() => light(svg, graph, unit), REST);
    };
    svg.addEventListener("pointerover", (event) => later(unitAt(event)));
    svg.addEventListener("pointerleave", () => later(undefined));
    svg.addEventListener("focusin", (event) => later(unitAt(event)));
    svg.addEventListener("focusout", () => later(undefined));
  }
}

function graphOf(svg) {
  const [out, into] = [new Map(), new Map()];
  const edges = [...svg.querySelectorAll("[data-f]")];
  for (const { dataset } of edges) {
    push(out, dataset.f, dataset.t);
    push(into, dataset.t, dataset.f);
  }
  return { edges, rows: [...svg.querySelectorAll("[data-u]")], out, into };
}

function light(svg, { edges, rows, out, into }, unit) {
  svg.classList.toggle("lit", unit !== undefined);
  if (unit === undefined) {
    return;
  }
  const needs = reach(out, unit);
  const needed = reach(into, unit);
  for (const row of rows) {
    row.classList.toggle("far", !needs.has(row.dataset.u) && !needed.has(row.dataset.u));
  }
  for (const edge of edges) {
    const { f, t } = edge.dataset;
    edge.classList.toggle("far", !(needs.has(f) && needs.has(t)) && !(needed.has(f) && needed.has(t)));
  }
}

function reach(next, start) {
  const seen = new Set([start]);
  for (const unit of seen) {
    for (const other of next.get(unit) ?? []) {
      seen.add(other);
    }
  }
  return seen;
}

function push(map, key, value) {
  if (!map.has(key)) {
    map.set(key, []);
  }
  map.get(key).push(value);
}
