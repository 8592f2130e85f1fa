// The public face of @phxlang/autodiff.
export { allocate, isFloat, sameShape, sizeOf, typeText } from "./array.ts";
export type { ArrayType, DType, Elements } from "./array.ts";
export type { ArrayBase } from "./array-methods.ts";
export { array, asValue, describeUnknown, isValue, weakScalar } from "./as-value.ts";
export type { ArrayLike, NestedArray } from "./as-value.ts";
export { bind } from "./bind.ts";
export { checkGrads } from "./check-grads.ts";
export type { CheckGradsOptions } from "./check-grads.ts";
export { cond, switchCase } from "./control/cond.ts";
export type { CondParameters } from "./control/cond-primitive.ts";
export { condPrimitive } from "./control/cond-primitive.ts";
export { foriLoop } from "./control/for-loop.ts";
export { scan } from "./control/scan.ts";
export type { ScanOptions } from "./control/scan.ts";
export type { ScanParameters } from "./control/scan-primitive.ts";
export { scanPrimitive } from "./control/scan-primitive.ts";
export { whileLoop } from "./control/while-loop.ts";
export type { WhileParameters } from "./control/while-primitive.ts";
export { whilePrimitive } from "./control/while-primitive.ts";
export { engineCodes } from "./codes.ts";
export { customJvp } from "./custom/custom-jvp.ts";
export type { CustomOptions } from "./custom/call-with-rule.ts";
export type { CustomJvp } from "./custom/custom-jvp.ts";
export { customVjp } from "./custom/custom-vjp.ts";
export type { CustomVjp } from "./custom/custom-vjp.ts";
export { compileOn, interpreterDevice } from "./device.ts";
export type { Device, DeviceLimits, Executable, Mapping, SpreadingDevice } from "./device.ts";
export { internalError, PhxError } from "./errors.ts";
export type { CodeExplanation, Diagnostic, ErrorFields, Fix, Place, Severity, Span } from "./errors.ts";
export { callProgram, evaluateProgram } from "./evaluate-program.ts";
export { NdArray } from "./ndarray.ts";
export type { DeviceBuffer } from "./ndarray.ts";
export type { ArrayMethods } from "./numpy/methods.ts";
export { LinearOperand } from "./primitive.ts";
export type { Batched, Parameter, Parameters, Primitive, Structure, Tangent } from "./primitive.ts";
export type { Program } from "./program.ts";
export { ProgramBuilder } from "./program-builder.ts";
export { Tracer } from "./trace.ts";
export type { NestedNumbers, Trace, Value } from "./trace.ts";
export { withTrace } from "./with-trace.ts";
export type { RunningTrace } from "./with-trace.ts";
export { dependentVariables } from "./passes/dependence.ts";
export { eliminateDeadCode } from "./passes/dead-code.ts";
export { inlineAllCalls, inlineCalls } from "./passes/inline-calls.ts";
export { simplify } from "./passes/simplify.ts";
export { inputTypes, outputTypes } from "./program-types.ts";
export { lastUses } from "./evaluate-program.ts";
export { fromPlain, innerPrograms, programsIn, programStructures, toPlain } from "./passes/plain-program.ts";
export type { PlainProgram, ProgramDecoders } from "./passes/plain-program.ts";
export { programFromBytes, programHash, programToBytes } from "./passes/program-bytes.ts";
export { validateProgram } from "./passes/validate.ts";
export { printProgram } from "./passes/print.ts";
export { allGather, axisIndex, collectivePrimitives, pmax, pmean, psum } from "./transforms/collectives.ts";
export { checkpoint } from "./transforms/checkpoint.ts";
export { debugNans } from "./transforms/debug-trace.ts";
export { batchProgram } from "./transforms/program-transforms.ts";
export type { BatchedProgram } from "./transforms/program-transforms.ts";
export { mapPrimitiveOf } from "./transforms/map-primitive.ts";
export { makePmap } from "./transforms/pmap.ts";
export type { Pmap, PmapOptions } from "./transforms/pmap.ts";
export { grad, valueAndGrad } from "./transforms/grad.ts";
export { hessian, hvp, jacfwd, jacrev } from "./transforms/jacobian.ts";
export { makeJit } from "./transforms/jit.ts";
export type { Jit, JitOptions } from "./transforms/jit.ts";
export { jvp } from "./transforms/jvp.ts";
export { linearTranspose } from "./transforms/linear-transpose.ts";
export { linearize } from "./transforms/linearize.ts";
export { makeProgram } from "./transforms/make-program.ts";
export { stopGradient } from "./transforms/stop-gradient.ts";
export { vjp } from "./transforms/vjp.ts";
export { vmap } from "./transforms/vmap.ts";
export * as tree from "./tree.ts";
export type { MapTree } from "./tree.ts";
export * as special from "./special/index.ts";
export * as specialConstants from "./special/constants.ts";

export { csrFromBytes, csrMatrix, csrPattern } from "./primitives/csr-structure.ts";
export type { CsrMatrix, CsrPattern } from "./primitives/csr-structure.ts";
export {
  csrLinear,
  csrLinearTransposed,
  csrMatvec,
  csrOuter,
  csrTransposedMatvec,
} from "./primitives/sparse.ts";
export { primitives } from "./primitives/index.ts";
export { primitiveCodes } from "./primitives/codes.ts";

export { np } from "./numpy/install.ts";
export * as random from "./random/index.ts";
