// What users import from phxlang, apart from what needs files.
export { bindData, check, compile, dataReferences } from "./compile.ts";
export type { CheckResult, CompileOptions, DataReference } from "./compile.ts";
export { readTable } from "./data/table.ts";
export type { DataTable } from "./data/table.ts";
