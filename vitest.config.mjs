import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/frontend/**/*.test.ts"],
    environment: "node",
    // Two cores are enough for a suite of seconds, and the machine is shared with browsers.
    maxWorkers: 2,
    testTimeout: 5000,
  },
});
