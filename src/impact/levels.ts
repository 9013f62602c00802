/** How hard every node is hit, kept from turn to turn; see `degrees.ts` for what the levels mean. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { enlarged } from "../model/enlarged.ts";
import { type OwnLevels, raiseFrom, respread } from "./degrees.ts";

/** The levels of all nodes of a graph. */
export class Levels {
  /** What its own problems make of each node. */
  own = new Uint8Array();
  /** What its dependencies do to each node. */
  given = new Uint8Array();
  private readonly isHidden: OwnLevels["isHidden"];

  constructor(isHidden: OwnLevels["isHidden"]) {
    this.isHidden = isHidden;
  }

  /** Makes room for so many nodes. True where there are more of them than before. */
  enlarge(nodes: number): boolean {
    if (nodes <= this.own.length) {
      return false;
    }
    this.own = enlarged(this.own, new Uint8Array(nodes));
    this.given = enlarged(this.given, new Uint8Array(nodes));
    return true;
  }

  /** Takes what their own problems make of nodes now. */
  renew(nodes: Iterable<number>, strengthAt: (node: number) => number): void {
    for (const node of nodes) {
      this.own[node] = strengthAt(node);
    }
  }

  /** Finds what dependencies do to `nodes` anew, which hold all that needs one of them. Returns those hit otherwise now. */
  anew(graph: DependencyGraph, nodes: Int32Array): Int32Array {
    return respread(graph, { levels: this.own, isHidden: this.isHidden }, this.given, nodes);
  }

  /** The same where problems only came, at `nodes`, and nothing of the graph is otherwise. */
  raised(graph: DependencyGraph, nodes: Iterable<number>): Int32Array {
    return raiseFrom(graph, { levels: this.own, isHidden: this.isHidden }, this.given, nodes);
  }
}
