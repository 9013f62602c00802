/**
 * Worker thread that holds the embedded Valkey. `workerData`: port (0 for any), password, maxMemory (bytes).
 * Posts `{kind: "ready", port}` once, or `{kind: "failed", error}` when the engine cannot start or go on.
 */
import { parentPort, workerData } from "node:worker_threads";
import { ValkeyBridge } from "./valkey-bridge.js";

const fail = (error) => parentPort.postMessage({ kind: "failed", error: String(error?.message ?? error) });

try {
  const bridge = new ValkeyBridge({ port: workerData.port, onFatal: fail });
  const port = await bridge.start([
    ["CONFIG", "SET", "maxmemory", String(workerData.maxMemory)],
    ["CONFIG", "SET", "maxmemory-policy", "noeviction"],
    ["CONFIG", "SET", "requirepass", workerData.password],
  ]);
  parentPort.postMessage({ kind: "ready", port });
} catch (error) {
  fail(error);
}
