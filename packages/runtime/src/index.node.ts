// The public face of @phxlang/runtime on Node: everything, and what needs files.
export * from "./index.ts";
export { cacheDirectory } from "./cache/cache-directory.node.ts";
export type { Environment } from "./cache/cache-directory.node.ts";
export { openWorkers } from "./workers/open-workers.node.ts";
export { diskStore } from "./cache/disk-store.node.ts";
