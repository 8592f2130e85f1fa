#!/usr/bin/env node
// The installed command: starts the built program, joined into few files where that was done since it was built.
import { existsSync, readdirSync, statSync } from "node:fs";

const program = new URL("../dist/main.node.js", import.meta.url);
const joined = new URL("../dist/command/main.node.js", import.meta.url);
if (isNewest(joined)) {
  await import(joined.href);
} else if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("phx is not built yet: run `npm run build` in the root of the repository\n");
  process.exitCode = 3;
}

/** Whether nothing in the repository was built after the file was made; an installed package is not built again. */
function isNewest(file) {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return false;
  if (!existsSync(new URL("../../../pnpm-workspace.yaml", import.meta.url))) return true;
  const packages = new URL("../../", import.meta.url);
  return readdirSync(packages).every((name) => {
    const record = new URL(`${name}/dist/.tsbuildinfo`, packages);
    return (statSync(record, { throwIfNoEntry: false })?.mtimeMs ?? 0) <= made;
  });
}
