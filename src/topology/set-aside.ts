/** What was remembered before a setting left it out: no part of the picture, and back as it was once the setting is taken back. */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { Folding } from "./folding.ts";
import { unixServer } from "./process-names.ts";

/** Which ports and processes are left out; another value where others are. */
export type LeavingOut = Pick<Folding, "ignoresPort" | "ignoresProcess">;

/** What of one host's memory is set aside. */
export class SetAside {
  readonly #edges = new Map<string, EdgeRecord>();
  readonly #listeners = new Map<string, ListenerRecord>();

  /** Takes what is left out of the memory, and puts back what no longer is; what was seen since then stays as it is. */
  sort(
    memory: { readonly edges: Map<string, EdgeRecord>; readonly listeners: Map<string, ListenerRecord> },
    rules: LeavingOut,
  ): void {
    const names = new Map<string | null, boolean>([[null, false]]);
    const ignores = (process: string | null): boolean => {
      const known = names.get(process) ?? rules.ignoresProcess(process ?? "");
      names.set(process, known);
      return known;
    };
    const isLeftOut = ({ port, process }: EdgeRecord | ListenerRecord) => rules.ignoresPort(port) || ignores(process);
    move(this.#listeners, memory.listeners, (listener) => !isLeftOut(listener));
    move(memory.listeners, this.#listeners, isLeftOut);
    const isEdgeLeftOut = (edge: EdgeRecord) =>
      edge.direction === "unix" ? ignores(edge.process) || ignores(unixServer(edge.remote).process) : isLeftOut(edge);
    move(this.#edges, memory.edges, (edge) => !isEdgeLeftOut(edge));
    move(memory.edges, this.#edges, isEdgeLeftOut);
  }
}

function move<R>(from: Map<string, R>, to: Map<string, R>, wanted: (record: R) => boolean): void {
  for (const [key, record] of from) {
    if (wanted(record)) {
      from.delete(key);
      if (!to.has(key)) {
        to.set(key, record);
      }
    }
  }
}
