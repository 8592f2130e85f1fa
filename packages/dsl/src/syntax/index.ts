// Names of the syntax folder that other folders use.
export { maximumDepth } from "./ast.ts";
export type * from "./ast.ts";
export { parse } from "./parse.ts";
export type { ParseResult } from "./parse.ts";
