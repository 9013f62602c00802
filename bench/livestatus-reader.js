/**
 * Follows a Livestatus server the way the daemon does, in a process of its own, so that its memory is its own too.
 *
 * fork(…, [SOCKET]) answers each message with `{ ms, block, changed, bytes, rss }`; `block` is the longest time, ms, in
 * which nothing else got its turn. Messages: "first" forgets everything and looks; "again" looks for what changed;
 * "keep" takes the answers to the first questions as they are; "parse" parses those that were kept, one JSON.parse each.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { LivestatusConnection } from "../dist/src/ingest/livestatus-connection.js";
import { LivestatusFollower } from "../dist/src/ingest/livestatus-follower.js";
import { LivestatusTables } from "../dist/src/ingest/livestatus-tables.js";
import { QuietLog } from "../dist/src/ingest/quiet-log.js";

const [path = ""] = process.argv.slice(2);
const now = () => Date.now() / 1000;

/** Milliseconds until the delay is looked at once at least. */
const SAMPLE = 5;

const quiet = new QuietLog({ warn: () => undefined }, now);

let told = 0;
let follower;
let kept = [];

function connect(take) {
  const connection = new LivestatusConnection({ kind: "unix", path }, { connect: 3, answer: 60 });
  return {
    ask: (question) =>
      connection.ask({
        ...question,
        take: (bytes, isEnd) => {
          take(bytes, isEnd);
          return question.take(bytes, isEnd);
        },
      }),
  };
}

function newFollower(take = () => undefined) {
  told = 0;
  const sink = (observation) => {
    told += observation.kind === "states" ? observation.statuses.length : 0;
  };
  const tables = new LivestatusTables(connect(take));
  return new LivestatusFollower({ source: "bench", tables, resync: 3600, sink, quiet, now });
}

async function keep() {
  kept = [];
  let parts = [];
  await newFollower((bytes, isEnd) => {
    parts.push(Buffer.from(bytes));
    if (isEnd) {
      kept.push(Buffer.concat(parts));
      parts = [];
    }
  }).look(0);
}

const DEEDS = {
  keep,
  parse: async () => {
    told = 0;
    for (const answer of kept) {
      told += JSON.parse(answer.toString("utf8")).length;
      await turn();
    }
  },
  first: async () => {
    follower = newFollower();
    await follower.look(0);
  },
  again: async () => {
    told = 0;
    await follower.look(0);
  },
};

process.on("message", async (deed) => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause(SAMPLE);
  const begun = performance.now();
  await DEEDS[deed]();
  const ms = performance.now() - begun;
  await pause(SAMPLE);
  delay.disable();
  const bytes = kept.reduce((sum, { length }) => sum + length, 0);
  process.send?.({ ms, block: delay.max / 1e6, changed: told, bytes, rss: process.resourceUsage().maxRSS / 1024 });
});
