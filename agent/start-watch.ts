/** Watching by the rights we have: trace events where we are root, else `ss -E`, else nothing but the looks themselves. */

import { endianness } from "node:os";
import type { Machine } from "./collect.ts";
import type { ProcessTable } from "./process.ts";
import { parseSsEvent } from "./ss-events.ts";
import { SsWatch, spawnSs } from "./ss-watch.ts";
import { Tasks } from "./tasks.ts";
import { openTraceInstance } from "./trace-instance.ts";
import { TraceWatch } from "./trace-watch.ts";
import type { Watch } from "./watch.ts";

/** Starts the best watch there can be. */
export function startWatch({ files, decodeAddress }: Machine, processes: ProcessTable): Watch {
  const clock = () => Number(process.hrtime.bigint());
  const trace = new TraceWatch({ open: openTraceInstance, tasks: new Tasks(files, processes), decodeAddress, clock });
  try {
    trace.start();
    return trace;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return startSs(decodeAddress, reason);
  }
}

function startSs(decodeAddress: Machine["decodeAddress"], reason: string): Watch {
  const watch = new SsWatch({
    spawn: spawnSs,
    parse: (line) => parseSsEvent(line, decodeAddress, endianness()),
    remark: `connections that end between two looks are seen without their process: ${reason}`,
  });
  watch.start();
  return watch;
}
