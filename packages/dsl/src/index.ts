// The public face of @phxlang/dsl.
export type { CheckOptions } from "./check/check-model.ts";
export type { ConstantValue, ConstantValues } from "./check/constants.ts";
export type { ReadFile, UsedFile } from "./check/sources.ts";
export { dslCodes } from "./codes.ts";
export { check, compile } from "./dsl-model.ts";
export type { CheckResult, DslModel } from "./dsl-model.ts";
export { format } from "./format/index.ts";
export type { FormatOptions, FormatResult } from "./format/index.ts";
export { inspectGraph, placeError } from "./inspect/inspect-graph.ts";
export { closest, didYouMean } from "./names/index.ts";
export { render, renderAll, toJson } from "./render/index.ts";
export type { JsonDiagnostic, JsonFix, JsonPlace, RenderOptions, Texts } from "./render/index.ts";
export { bindObservations, unreadableData } from "./observe/bind.ts";
export type { BoundData } from "./observe/bind.ts";
export type { ColumnTable } from "./observe/table.ts";
export { parse } from "./syntax/index.ts";
export type { ParseResult } from "./syntax/index.ts";
export type * as ast from "./syntax/ast.ts";
