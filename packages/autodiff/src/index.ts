// The public face of @phxlang/autodiff.
export type { ArrayType, DType, Elements } from "./array.ts";
export { internalError, PhxError } from "./errors.ts";
export type { CodeExplanation, Diagnostic, ErrorFields, Fix, Place, Severity, Span } from "./errors.ts";
export { NdArray } from "./ndarray.ts";
export { LinearOperand } from "./primitive.ts";
export type { Batched, Parameter, Parameters, Primitive, Structure, Tangent } from "./primitive.ts";
export type { Program } from "./program.ts";
export type { Trace, Tracer, Value } from "./trace.ts";
