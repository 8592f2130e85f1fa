// Names of the format folder that other folders use.
export { format } from "./format.ts";
export type { FormatOptions, FormatResult } from "./format.ts";
