/** A program that provides a store and holds it until SIGTERM: `hold-store DATA_DIR [wasm]`. Prints one line of JSON. */
import { createLogger } from "../../src/logger.ts";
import { provideStore } from "../../src/store/provision.ts";

const [, , dataDir = "", engine] = process.argv;

try {
  const store = await provideStore({
    redis: { url: null },
    dataDir,
    logger: createLogger("info"),
    ...(engine === "wasm" ? { probe: async () => undefined } : {}),
  });
  process.once("SIGTERM", () => {
    store.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  console.log(JSON.stringify({ options: store.options, kind: store.kind, why: store.why }));
} catch (error) {
  console.log(JSON.stringify({ error: { ...(error as object), message: String(error) } }));
  process.exit(75);
}
