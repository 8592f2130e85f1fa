// sameProgram: whether two programs are equal, equation by equation, with the programs of their loops and branches.
import { typeText } from "../array.ts";
import type { NdArray } from "../ndarray.ts";
import { isParameterList, isProgram, isStructure } from "../parameters-key.ts";
import type { Parameter, Parameters } from "../primitive.ts";
import type { Program } from "../program.ts";

type Pair = readonly [Parameter | Parameters, Parameter | Parameters];

/** Equal columns, primitives, types and parameters, and constants of the same bits. Programs inside are on a stack. */
export function sameProgram(first: Program, second: Program): boolean {
  const open: Pair[] = [[first, second]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (!sameParameter(pair, open)) return false;
  }
  return true;
}

/** Compares what two parameters hold themselves; pairs that remain to be compared go to `open`. */
function sameParameter([a, b]: Pair, open: Pair[]): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (a === b) return true;
  const [left, right] = [a as Parameter, b as Parameter];
  if (isProgram(left)) return isProgram(right) && sameColumns(left, right, open);
  if (isStructure(left)) {
    return (
      isStructure(right) &&
      left.structureKind === right.structureKind &&
      left.contentHash === right.contentHash
    );
  }
  if (isProgram(right) || isStructure(right) || isParameterList(left) !== isParameterList(right))
    return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) {
    if (!(name in b)) return false;
    open.push([(a as Parameters)[name], (b as Parameters)[name]]);
  }
  return true;
}

function sameColumns(a: Program, b: Program, open: Pair[]): boolean {
  const same =
    a.inputCount === b.inputCount &&
    a.equationCount === b.equationCount &&
    sameNumbers(a.primitive, b.primitive) &&
    sameNumbers(a.parameter, b.parameter) &&
    sameNumbers(a.operandOffsets, b.operandOffsets) &&
    sameNumbers(a.operands, b.operands) &&
    sameNumbers(a.firstResult, b.firstResult) &&
    sameNumbers(a.outputs, b.outputs) &&
    sameNumbers(a.variableTypes, b.variableTypes) &&
    sameLists(a.types, b.types, (x, y) => typeText(x) === typeText(y)) &&
    sameLists(a.primitives, b.primitives, (x, y) => x === y) &&
    sameLists(a.constants, b.constants, sameArray);
  if (!same || a.parameters.length !== b.parameters.length) return false;
  a.parameters.forEach((parameters, i) => open.push([parameters, b.parameters[i]]));
  return true;
}

function sameArray(a: NdArray, b: NdArray): boolean {
  if (a === b) return true;
  if (a.buffer !== null || b.buffer !== null || typeText(a) !== typeText(b)) return false;
  const [left, right] = [a.elements, b.elements];
  return left.every((value, i) => Object.is(value, right[i]));
}

function sameNumbers(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function sameLists<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((value, i) => same(value, b[i]));
}
