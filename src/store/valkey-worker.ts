/** The embedded Valkey's thread: started, watched, ended. */
import { Worker } from "node:worker_threads";
import { DotmError, messageOf } from "../errors.ts";

/** What the thread is told. */
export interface WorkerOptions {
  /** Port on loopback, 0 for any free one. */
  readonly port: number;
  readonly password: string;
  /** Bytes of data held at most. */
  readonly maxMemory: number;
}

/** A running engine. */
export interface ValkeyWorker {
  readonly port: number;
  stop(): Promise<void>;
}

/** The alias leads to the same plain JavaScript file from `src` and from `dist`. */
const WORKER = "#embedded/worker.js";

/**
 * Starts the engine in a thread of its own and resolves when it listens; `onEnd` is told once if it ends unasked.
 * @throws DotmError DOTM_STORE_FAILED where it does not start
 */
export async function startValkeyWorker(
  options: WorkerOptions,
  onEnd: (reason: string) => void,
): Promise<ValkeyWorker> {
  // node:wasi calls itself experimental on standard error of whoever starts it.
  const execArgv = ["--disable-warning=ExperimentalWarning"];
  const worker = new Worker(new URL(import.meta.resolve(WORKER)), { workerData: options, execArgv });
  const port = await firstWord(worker);
  let ended = false;
  const end = (reason: string): void => {
    if (!ended) {
      ended = true;
      worker.terminate().then(() => onEnd(reason), onEnd);
    }
  };
  worker.on("message", (message: WorkerMessage) => end(message.kind === "failed" ? message.error : "said ready twice"));
  worker.on("error", (error) => end(messageOf(error)));
  worker.on("exit", (code) => end(`ended with code ${code}`));
  return {
    port,
    stop: async () => {
      ended = true;
      await worker.terminate();
    },
  };
}

type WorkerMessage =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "failed"; readonly error: string };

async function firstWord(worker: Worker): Promise<number> {
  const message = await new Promise<WorkerMessage>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ kind: "failed", error: messageOf(error) }));
    worker.once("exit", (code) => resolve({ kind: "failed", error: `ended with code ${code}` }));
  });
  if (message.kind === "failed") {
    await worker.terminate();
    throw new DotmError("DOTM_STORE_FAILED", `The embedded Valkey did not start (${message.error}).`);
  }
  worker.removeAllListeners();
  return message.port;
}
