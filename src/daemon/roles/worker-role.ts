/** The role `worker`: does the tasks of `dotm::queue`. */
import type { PolledHost } from "../../ingest/host-poller.ts";
import type { Command } from "../../store/commands.ts";
import { expireSnapshots } from "../../store/history-expire.ts";
import { takeSnapshot } from "../../store/history-take.ts";
import { beginConnecting, openStore } from "../../store/redis.ts";
import type { Task } from "../../store/task.ts";
import { TaskQueue } from "../../store/task-queue.ts";
import { NotHere, type TaskFunctions, TaskWorker } from "../task-worker.ts";
import type { Surroundings } from "./surroundings.ts";

/** What the role needs beside the surroundings. */
export interface WorkerDeps extends Surroundings {
  /** Hosts that can be asked for their report, as of now. */
  readonly asked: () => readonly PolledHost[];
}

/** A worker that has not begun. */
export function createWorker(deps: WorkerDeps): { start(): Promise<void>; stop(): Promise<void> } {
  const { id, client, storeOptions, logger, now } = deps;
  const connection = openStore(storeOptions, logger);
  const worker = new TaskWorker({
    ...{ id, logger, now, functions: taskFunctions(deps) },
    taking: new TaskQueue(connection),
    queue: new TaskQueue(client),
  });
  return {
    start: async () => {
      await beginConnecting(connection);
      worker.start();
    },
    stop: async () => {
      await worker.stop();
      connection.disconnect();
    },
  };
}

/** What workers can do. */
function taskFunctions({ reports, asked, client, settings, logger, now }: WorkerDeps): TaskFunctions {
  const onRefused = ({ key }: Command, reason: string) =>
    logger.warn({ key, reason }, "Redis key is not as DOTM left it; history goes on without it");
  return {
    snapshot: async () => (await takeSnapshot(client, { now, onRefused }))?.at ?? null,
    expire: () => expireSnapshots(client, { now: now(), expire: settings.current.history.expire, onRefused }),
    reload: async () => {
      await reports.askReload();
      return "the engine that leads reads settings and reports again and writes the map anew";
    },
    fetch_node: async (args) => {
      const name = nameIn(args);
      const host = asked().find((each) => each.host === name);
      if (host === undefined) {
        throw new NotHere(
          `no worker asks ${name} (agents.pull, or hosts that people added); its agent reports by itself`,
        );
      }
      await host.ask(AbortSignal.timeout(FETCH_WITHIN));
      return "OK";
    },
  };
}

/** Milliseconds a host may take to answer. */
const FETCH_WITHIN = 60_000;

function nameIn([name]: Task["args"]): string {
  if (typeof name !== "string" || name === "") {
    throw new Error("its first argument must be the name of a host");
  }
  return name;
}
