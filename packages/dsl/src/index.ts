// The public face of @phxlang/dsl.
export type { CheckOptions } from "./check/check-model.ts";
export type { ConstantValue, ConstantValues } from "./check/constants.ts";
export type { ReadFile, UsedFile } from "./check/sources.ts";
export { dslCodes } from "./codes.ts";
export { check, compile } from "./dsl-model.ts";
export type { CheckResult, DslModel } from "./dsl-model.ts";
export { format } from "./format/index.ts";
export type { FormatOptions, FormatResult } from "./format/index.ts";
export { closest, didYouMean } from "./names/index.ts";
export { render, renderAll, toJson } from "./render/index.ts";
export type { JsonDiagnostic, JsonFix, JsonPlace, RenderOptions, Texts } from "./render/index.ts";
export { parse } from "./syntax/index.ts";
export type { ParseResult } from "./syntax/index.ts";
export type * as ast from "./syntax/ast.ts";
