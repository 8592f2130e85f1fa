// Everything that `npm test` holds: build, types of tests, lint with the floors, format, unused code, tests.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const steps = [
  ["build", "npm", ["run", "--silent", "build"]],
  ["types of tests", "tsc", ["-p", "tsconfig.tests.json"]],
  ["lint and floors", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["format", "oxfmt", ["--check", "."]],
  ["unused code", "knip", ["--no-progress"]],
  ["tests", "vitest", ["run"]],
];
for (const [title, command, args] of steps) {
  const start = performance.now();
  const run = spawnSync(command === "npm" ? command : "node_modules/.bin/" + command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (run.status !== 0) {
    console.error(`✗ ${title} (${seconds} s): ${command} ${args.join(" ")}`);
    process.exit(run.status ?? 1);
  }
  console.error(`✓ ${title} (${seconds} s)`);
}
