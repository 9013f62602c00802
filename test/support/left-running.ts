/** What goes on by itself in this process: watches of files, and timers. */
import { eventually } from "./process.ts";

/** How many there are. */
export interface Running {
  readonly watches: number;
  readonly timers: number;
}

/** What is running now. */
export function running(): Running {
  const kinds = process.getActiveResourcesInfo();
  const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
  return { watches: count("FSEventWrap"), timers: count("Timeout") };
}

/** Waits until no more is running than was before; the system closes a watch a moment after it was told to. */
export async function nothingMoreRuns(before: Running): Promise<void> {
  await eventually(
    "nothing more runs",
    async () => {
      const now = running();
      return now.watches <= before.watches && now.timers <= before.timers ? true : undefined;
    },
    1_000,
    10,
  );
}
