import { defineConfig } from "vitest/config";

/**
 * Three projects: `unit` needs nothing but Node; `store` starts its own Redis (redis-server, valkey-server or the
 * bundled WASM engine); `real` starts real monitoring servers, browsers and whole processes of ours.
 */
export default defineConfig({
  test: {
    // Whole processes wait more than they compute: three files side by side keep two processors busy.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          // Nothing of ours keeps state in a module; loading everything anew for each file took half of the time.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/{store,e2e,real}/**", "test/faults/{store,real}/**"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "store",
          include: ["test/{store,faults/store}/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "real",
          include: ["test/{e2e,real,faults/real}/**/*.test.ts"],
          globalSetup: ["test/support/build.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: { provider: "v8", include: ["src/**", "nagios/**", "agent/**"] },
  },
});
