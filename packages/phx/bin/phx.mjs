#!/usr/bin/env node
// The installed command: starts the built program.
import { existsSync } from "node:fs";

const program = new URL("../dist/main.node.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("phx is not built yet: run `npm run build` in the root of the repository\n");
  process.exitCode = 3;
}
