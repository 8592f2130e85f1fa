// The public face of @phxlang/dsl.
export { dslCodes } from "./codes.ts";
export { format } from "./format/index.ts";
export type { FormatOptions, FormatResult } from "./format/index.ts";
export { closest, didYouMean } from "./names/index.ts";
export { render, renderAll, toJson } from "./render/index.ts";
export type { JsonDiagnostic, JsonFix, JsonPlace, RenderOptions, Texts } from "./render/index.ts";
export { parse } from "./syntax/index.ts";
export type { ParseResult } from "./syntax/index.ts";
export type * as ast from "./syntax/ast.ts";
