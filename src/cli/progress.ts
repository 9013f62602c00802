/** Says how far reading a large site has come: on a terminal in one line that goes away again, else a line now and then. */
import type { MapReader } from "../store/map-reader.ts";
import type { Terminal } from "./terminal.ts";

/** Seconds without a word; most commands are done by then. */
const PATIENCE = 1;

/** Seconds between two lines where nobody looks. */
const EVERY = 10;

/** Goes to the beginning of the line and clears it. */
export const CLEAR = "\r\u001b[K";

/** A reader that says how far it is, and what takes the last word away. */
export interface Progress {
  readonly reader: MapReader;
  done(): void;
}

/** Counts the hosts that are read against all there are. */
export function withProgress(reader: MapReader, { err, now }: Pick<Terminal, "err" | "now">): Progress {
  const begun = now();
  const read = { graphs: 0, checks: 0 };
  let [all, saidAt, shown] = [0, begun, false];
  const tell = () => {
    const at = now();
    const count = Math.max(read.graphs, read.checks);
    if (all === 0 || at - begun < PATIENCE || (!err.isTerminal && at - saidAt < EVERY)) {
      return;
    }
    saidAt = at;
    shown = err.isTerminal;
    const text = `reading ${Math.min(count, all)} of ${all} hosts`;
    err.write(err.isTerminal ? `${CLEAR}${text}` : `${text}\n`);
  };
  const counted = <Args extends readonly [readonly string[]], Answer>(
    kind: keyof typeof read,
    ask: (...args: Args) => Promise<Answer>,
  ) => {
    return async (...args: Args): Promise<Answer> => {
      const answer = await ask(...args);
      read[kind] += args[0].length;
      tell();
      return answer;
    };
  };
  const counting: Partial<MapReader> = {
    nodes: async () => {
      const names = await reader.nodes();
      all = names.length;
      return names;
    },
    graphs: counted("graphs", (hosts: readonly string[]) => reader.graphs(hosts)),
    checksOf: counted("checks", (hosts: readonly string[]) => reader.checksOf(hosts)),
  };
  return {
    reader: new Proxy(reader, {
      get: (target, name) => {
        const own = counting[name as keyof MapReader];
        const value: unknown = own ?? Reflect.get(target, name);
        return typeof value === "function" && own === undefined ? value.bind(target) : value;
      },
    }),
    done: () => {
      if (shown) {
        err.write(CLEAR);
      }
    },
  };
}
