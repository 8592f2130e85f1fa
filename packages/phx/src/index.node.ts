// The public face of phxlang on Node: the same names, with files read from the disk.
export * from "./facade.ts";
export { load } from "./load.node.ts";
