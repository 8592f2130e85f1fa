// All benchmarks, one after the other: `npm run bench`. Each of them runs alone too.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

for (const name of readdirSync(new URL(".", import.meta.url)).sort()) {
  const script = new URL(`${name}/run.mjs`, import.meta.url);
  if (!existsSync(script)) continue;
  console.log(`\n## ${name}\n`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(script)], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
