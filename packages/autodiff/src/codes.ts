// Every error code of this package, with what `phx explain` says about it.
import type { CodeExplanation } from "./errors.ts";

function code(
  number: number,
  title: string,
  explanation: string,
  repair: string,
  example?: string,
): CodeExplanation {
  return {
    code: `PHX${number}`,
    severity: "error",
    title,
    explanation,
    repair,
    ...(example === undefined ? {} : { example }),
  };
}

/** Codes of the engine: 920–926, 930–944 and 972. The primitives have 927–929 and 945–949 (primitives/codes.ts). */
export const engineCodes: readonly CodeExplanation[] = [
  code(
    920,
    "elements do not fill the shape",
    "An array has as many elements as the product of its shape.",
    "Give that many elements, or another shape.",
    'new NdArray(Float64Array.of(1, 2), [3], "f64")',
  ),
  code(
    921,
    "a traced value was asked for its number",
    "Inside grad, vmap, jit and the other transforms a value stands for all arrays of its type. A JavaScript comparison, Number(x), a template string or item() needs a number, which does not exist yet.",
    "Use np.where, cond, foriLoop or whileLoop, or make the argument static (staticArgnums of jit).",
    "jit((x) => (x > 0 ? x : x.neg()))(1)",
  ),
  code(
    922,
    "the elements are on a device",
    "Some devices deliver data only asynchronously.",
    "Write `await x.data()` before reading the elements.",
  ),
  code(
    923,
    "item() of several elements",
    "item() is the value of an array of exactly one element.",
    "Take one element first, or use js() or dataSync().",
    "np.array([1, 2]).item()",
  ),
  code(
    924,
    "a leaked tracer",
    "A traced value was stored outside of the function that a transform was running, and used after the transform had ended. It has no meaning there.",
    "Return the value from the function; hasAux gives room for extra results.",
    "let saved; grad((x) => (saved = x.mul(x)))(1); saved.add(1)",
  ),
  code(
    925,
    "not an array",
    "Operations take numbers, booleans, nested arrays of them, typed arrays, NdArrays and traced values. Nested arrays have the same length in every row.",
    "Convert the value first; join traced values with np.stack.",
    'np.sin("foo")',
  ),
  code(
    926,
    "derivatives disagree",
    "checkGrads found that jvp, vjp and finite differences do not agree.",
    "Correct the rule, or choose arguments around which the function is smooth.",
  ),
  code(
    930,
    "grad of a function whose result is no scalar",
    "A gradient has one entry for each input, so it belongs to one number.",
    "Reduce the result with sum() or mean(), or use jacrev, jacfwd or vjp.",
    "grad((x) => x)(np.zeros([3]))",
  ),
  code(
    931,
    "differentiation in integers",
    "Integers and booleans do not change smoothly, so there is no derivative in them.",
    'Convert to "f64", or leave the argument out of argnums.',
    'grad((x) => x)(np.array(1, "i32"))',
  ),
  code(
    932,
    "hasAux without a pair",
    "With hasAux a function returns [result, auxiliary].",
    "Return two elements, or leave hasAux out.",
    "grad((x) => x, { hasAux: true })(1)",
  ),
  code(
    933,
    "axes or argument numbers do not fit",
    "inAxes, outAxes and argnums must fit the arguments and results: one entry per argument, axes that exist, one length for all mapped axes.",
    "Correct inAxes, outAxes, argnums or the arguments.",
    "vmap((x) => x)(1)",
  ),
  code(
    934,
    "tangents do not fit",
    "A tangent has the tree, shapes and dtypes of its primal; null stands for a zero.",
    "Give one tangent leaf for each primal leaf.",
    "jvp((x) => x, [np.zeros([3])], [np.zeros([4])])",
  ),
  code(
    935,
    "cotangents do not fit",
    "The cotangent that a pullback takes has the tree, shapes and dtypes of the function's result.",
    "Give one cotangent leaf for each leaf of the result.",
  ),
  code(
    936,
    "an axis name is not bound",
    "psum, pmean, pmax, allGather and axisIndex speak of a named axis, which exists only inside a vmap or pmap of that axisName.",
    "Call it inside vmap(f, { axisName }) or pmap.",
    'psum(1, "i")',
  ),
  code(
    937,
    "forward mode through customVjp",
    "customVjp gives a rule for reverse mode only; jvp, jacfwd and the forward half of hessian need one for forward mode.",
    "Use customJvp, whose rule serves both modes.",
  ),
  code(
    938,
    "reverse mode through whileLoop",
    "The number of steps of a whileLoop (and of a foriLoop with traced bounds) depends on values; reverse mode would have to keep the values of every step.",
    "Use scan or foriLoop with a fixed number of steps, forward mode, or customVjp.",
    "grad((x) => whileLoop((y) => y.less(10), (y) => y.mul(2), x))(1)",
  ),
  code(
    939,
    "a loop or a branch does not fit",
    "The carry of a loop keeps its tree, shapes and dtypes; all branches of cond return one tree of one type; lengths of mapped arrays agree; a condition is one boolean.",
    "Convert or reshape in the body, or start with another carry.",
    "scan((c, x) => [[c, c], x], 0, np.zeros([3]))",
  ),
  code(
    942,
    "linearTranspose of what is not linear",
    "Only linear operations have a transpose.",
    "Use vjp, which linearizes first.",
    "linearTranspose(np.sin, 1)",
  ),
  code(
    943,
    "a donated array was read",
    "An argument named in donateArgnums of jit gives its memory to the call and has no elements afterwards.",
    "Use the result of the call, or do not donate the argument.",
  ),
  code(
    944,
    "an invalid value was computed",
    "Inside debugNans every operation is checked, and one of them made a NaN.",
    "The message names the operation and the line; guard its operands, for example with np.where on the argument.",
    "debugNans(np.log)(-1)",
  ),
  code(
    940,
    "a custom rule is missing or does not fit",
    "customJvp and customVjp need their rules before the function is called, and the rules must return the trees and types that belong to the function.",
    "Call defjvp or defvjp first, and correct what the rule returns.",
  ),
  code(
    941,
    "a stored program cannot be read",
    "The bytes are not a program of this version, are damaged, or name a primitive or structure that is not known here.",
    "Write the program again with this version, and pass decoders for all its structures.",
  ),
  code(
    972,
    "a device cannot run an operation",
    "Every device says which operations, element types and sizes it has, and never leaves the rest to another device. The message names the equation and its operands.",
    "Choose a device that has it, or evaluate this part of the function outside of jit.",
  ),
];
