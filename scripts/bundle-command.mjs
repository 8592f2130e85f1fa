// Joins the modules of the built command into a few files: hundreds of small ones take Node most of a second to open.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const built = fileURLToPath(new URL("../packages/phx/dist/", import.meta.url));

rmSync(`${built}command`, { recursive: true, force: true });
const bundle = await rolldown({
  input: `${built}main.node.js`,
  platform: "node",
  // What brings machine code or megabytes of its own stays where it is installed.
  external: [/^@resvg\//, /^h5wasm/, "webgpu"],
});
await bundle.write({
  dir: `${built}command`,
  format: "esm",
  comments: { legal: true, annotation: false, jsdoc: false },
});
await bundle.close();
