import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    // Process and browser tests run what a person runs: dist/, built once before any test.
    globalSetup: ["test/support/build.ts", "test/support/scratch.ts"],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: the machine may be busy.
    expect: { poll: { timeout: 30_000 } },
    // A worker that has kept kernels may take its time to end on a machine that does much else.
    teardownTimeout: 60_000,
    // Much of it waits for processes and pages: two files at once, also on two cores.
    maxWorkers: "100%",
  },
});
