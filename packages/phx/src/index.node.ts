// The public face of phxlang on Node: the same names, with files read from the disk.
export * from "./facade.ts";
export { load, loadData } from "./load.node.ts";
