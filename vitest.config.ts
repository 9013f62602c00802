import { defineConfig } from "vitest/config";

/** An end of patience, not a promise: the machine may be busy. */
const PATIENT = { expect: { poll: { timeout: 25_000 } } };

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
          ...PATIENT,
          name: "unit",
          // Nothing of ours keeps state in a module; loading everything anew for each file took half of the time.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/{store,e2e,real}/**", "test/faults/{store,real}/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...PATIENT,
          name: "store",
          include: ["test/{store,faults/store}/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...PATIENT,
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
