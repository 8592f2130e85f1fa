// The Program of a feature table: expressions of one form become one equation on vectors.
import { makeProgram, NdArray, np } from "@phxlang/autodiff";
import type { Program, Value } from "@phxlang/autodiff";
import type { ExpressionStore } from "./expression-store.ts";
import { constantCode, inputCode, operationCodes, operationName } from "./feature-operations.ts";
import type { FeatureOperation } from "./feature-operations.ts";

/**
 * z f64[inputCount] → φ f64[expressions.length], φ[0] = 1. Two expressions have one *form* if they are equal but for
 * inputs and constants; all that are needed of a form are computed by one equation on a vector (a scalar where it is
 * one), so 10⁵ features of a few formulas are a few equations.
 */
export function featureProgram(store: ExpressionStore, inputCount: number, expressions: Int32Array): Program {
  const forms = new Forms(store, expressions);
  return makeProgram((z: Value) => computeFeatures(store, forms, expressions, z))(np.zeros([inputCount]));
}

const constantForm = 0;
const inputForm = 1;

/** Members of a form are in ascending order; `placeOf` says where among them a node is. */
class Forms {
  readonly formOf: Int32Array;
  readonly placeOf: Int32Array;
  readonly members: number[][] = [[], []];

  constructor(store: ExpressionStore, expressions: Int32Array) {
    const needed = neededNodes(store, expressions);
    this.formOf = new Int32Array(store.nodeCount).fill(-1);
    this.placeOf = new Int32Array(store.nodeCount);
    const numbers = new Map<string, number>();
    for (let node = 0; node < store.nodeCount; node++) {
      if (needed[node] === 0) continue;
      const form = this.numberOf(store, node, numbers);
      this.formOf[node] = form;
      this.placeOf[node] = this.members[form].length;
      this.members[form].push(node);
    }
  }

  private numberOf(store: ExpressionStore, node: number, numbers: Map<string, number>): number {
    const code = store.operations.items[node];
    if (code === constantCode) return constantForm;
    if (code === inputCode) return inputForm;
    const key = [code, ...operandsOf(store, node).map((operand) => this.formOf[operand])];
    // A constant exponent belongs to the form: whole ones are repeated multiplication.
    if (code === operationCodes.pow && key[2] === constantForm) key.push(store.second.items[node]);
    let number = numbers.get(key.join());
    if (number === undefined) {
      number = this.members.length;
      this.members.push([]);
      numbers.set(key.join(), number);
    }
    return number;
  }
}

function operandsOf(store: ExpressionStore, node: number): number[] {
  if (store.operations.items[node] <= inputCode) return [];
  return [store.first.items[node], store.second.items[node], store.third.items[node]].filter((n) => n >= 0);
}

function neededNodes(store: ExpressionStore, expressions: Int32Array): Uint8Array {
  const needed = new Uint8Array(store.nodeCount);
  for (const expression of expressions) needed[expression] = 1;
  for (let node = store.nodeCount - 1; node >= 0; node--) {
    if (needed[node] === 0) continue;
    for (const operand of operandsOf(store, node)) needed[operand] = 1;
  }
  return needed;
}

function computeFeatures(store: ExpressionStore, forms: Forms, expressions: Int32Array, z: Value): Value {
  /** Value of each form: a vector of its members, or a scalar where it has one. */
  const values: Value[] = [];
  /** The value of operand `which` of some nodes, as a vector or, where it is one number for all, a scalar. */
  const operandValue = (nodes: readonly number[], which: 0 | 1 | 2): Value => {
    const column = [store.first, store.second, store.third][which].items;
    const operands = nodes.map((node) => column[node]);
    const form = forms.formOf[operands[0]];
    const isSame = operands.every((operand) => operand === operands[0]);
    if (form === constantForm) {
      return isSame
        ? scalar(store.values.items[operands[0]])
        : vector(operands.map((operand) => store.values.items[operand]));
    }
    if (form === inputForm)
      return entries(z, isSame ? [operands[0]] : operands, (node) => store.first.items[node]);
    const members = forms.members[form];
    if (members.length === 1) return values[form];
    return isSame
      ? entries(values[form], [operands[0]], (node) => forms.placeOf[node])
      : entries(values[form], operands, (node) => forms.placeOf[node]);
  };
  for (let form = inputForm + 1; form < forms.members.length; form++) {
    const nodes = forms.members[form];
    // At least one operand is a vector where there are several nodes, for no two nodes are equal.
    const operands = operandsOf(store, nodes[0]).map((_, which) => operandValue(nodes, which as 0 | 1 | 2));
    const [a, b, c] = operands;
    values[form] = operations[operationName(store.operations.items[nodes[0]])](a, b, c);
  }
  return assemble(store, forms, expressions, z, values);
}

/** Entries of a vector; one entry as a scalar, all of them in order as the vector itself. */
function entries(from: Value, nodes: readonly number[], placeOf: (node: number) => number): Value {
  const places = nodes.map(placeOf);
  if (places.length === 1) return np.slice(from, places[0]);
  if (places.length === from.shape[0] && places.every((place, index) => place === index)) return from;
  return np.take(from, new NdArray(Int32Array.from(places), [places.length], "i32"));
}

const scalar = (value: number): NdArray => new NdArray(Float64Array.of(value), [], "f64");
const vector = (values: readonly number[]): NdArray =>
  new NdArray(Float64Array.from(values), [values.length], "f64");

const asNumber = (condition: Value): Value => np.astype(condition, "f64");

/** Comparisons are kept as 1 and 0. */
const operations: Readonly<Record<FeatureOperation, (a: Value, b: Value, c: Value) => Value>> = {
  add: np.add,
  sub: np.sub,
  mul: np.mul,
  div: np.div,
  pow: (a, b) => np.pow(a, b instanceof NdArray ? b.elements[0] : b),
  neg: np.neg,
  exp: np.exp,
  log: np.log,
  sqrt: np.sqrt,
  abs: np.abs,
  min: np.minimum,
  max: np.maximum,
  floor: np.floor,
  ceil: np.ceil,
  less: (a, b) => asNumber(np.less(a, b)),
  lessEqual: (a, b) => asNumber(np.lessEqual(a, b)),
  equal: (a, b) => asNumber(np.equal(a, b)),
  where: (a, b, c) => np.where(np.notEqual(a, scalar(0)), b, c),
  expm1: np.expm1,
  log1p: np.log1p,
  logistic: np.sigmoid,
  log2: np.log2,
  log10: np.log10,
  cbrt: np.cbrt,
  sin: np.sin,
  cos: np.cos,
  tan: np.tan,
  asin: np.asin,
  acos: np.acos,
  atan: np.atan,
  sinh: np.sinh,
  cosh: np.cosh,
  tanh: np.tanh,
  asinh: np.asinh,
  acosh: np.acosh,
  atanh: np.atanh,
  erf: np.erf,
  erfc: np.erfc,
  erfinv: np.erfinv,
  lgamma: np.lgamma,
  sign: np.sign,
  round: np.round,
  atan2: np.atan2,
  hypot: np.hypot,
  logaddexp: np.logaddexp,
};

/** The features in order, from the values of their forms. */
function assemble(
  store: ExpressionStore,
  forms: Forms,
  expressions: Int32Array,
  z: Value,
  values: readonly Value[],
): Value {
  const pieces: Value[] = [];
  const begins = new Map<number, number>();
  let length = 0;
  const places = Array.from(expressions, (node) => {
    const form = forms.formOf[node];
    let begin = begins.get(form);
    if (begin === undefined) {
      begin = length;
      begins.set(form, begin);
      const piece = form === constantForm ? vector([1]) : form === inputForm ? z : values[form];
      pieces.push(piece.shape.length === 0 ? np.reshape(piece, [1]) : piece);
      length += piece.shape.length === 0 ? 1 : piece.shape[0];
    }
    if (form === constantForm) return begin;
    return begin + (form === inputForm ? store.first.items[node] : forms.placeOf[node]);
  });
  const all = pieces.length === 1 ? pieces[0] : np.concatenate(pieces);
  return places.length === 1 ? all : entries(all, places, (place) => place);
}
