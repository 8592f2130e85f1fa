// How the tests of every package run: from the sources, without a build.
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["phx-source"] },
  ssr: { resolve: { conditions: ["phx-source"] } },
  test: {
    include: ["packages/*/tests/**/*.test.ts", "examples/tests/**/*.test.ts"],
    pool: "threads",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
