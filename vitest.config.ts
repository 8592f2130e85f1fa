// How the tests of every package run: from the sources, without a build.
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["phx-source"] },
  ssr: { resolve: { conditions: ["phx-source"] } },
  test: {
    include: ["packages/*/tests/**/*.test.ts", "examples/tests/**/*.test.ts"],
    // A process for each file: its WebAssembly memories go when it does.
    pool: "forks",
    // Left to itself, vitest keeps a processor free for watching.
    maxWorkers: "100%",
    setupFiles: ["./vitest.setup.ts"],
    globalSetup: ["./scripts/browser/announce.ts"],
    // Tests neither read nor fill the cache of the person who runs them; those of the cache have directories of their own.
    env: { PHX_CACHE: "off" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
