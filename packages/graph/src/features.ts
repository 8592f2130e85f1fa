// HashConsedFeatures, the one FeatureTable: simplification while building, and features by number.
import { internalError, PhxError } from "@phxlang/autodiff";
import type { Program } from "@phxlang/autodiff";
import { ExpressionStore } from "./expression-store.ts";
import { canonicalDigest } from "./feature-code.ts";
import { expandLinearForm } from "./feature-form.ts";
import {
  applyToNumbers,
  constantCode,
  inputCode,
  isCommutative,
  operationArity,
  operationCodes,
} from "./feature-operations.ts";
import type { FeatureOperation } from "./feature-operations.ts";
import { featureProgram } from "./feature-program.ts";
import { expressionText } from "./feature-text.ts";
import type { FeatureTable, LinearForm } from "./feature-table.ts";
import { Int32List } from "./growing-list.ts";

const { add, mul, div, where, pow } = operationCodes;

/**
 * A product with a constant factor is always `mul(constant, core)`, with the constant first and no constant
 * factor in the core; a difference is a sum with a factor −1. So equal expressions meet in one node more often.
 */
export class HashConsedFeatures implements FeatureTable {
  readonly parameterCount: number;
  readonly covariateCount: number;
  readonly store: ExpressionStore = new ExpressionStore();
  /** Expression of each feature; feature 0 is the constant 1. */
  readonly expressions: Int32List = new Int32List();
  private readonly featureOfNode = new Int32List();
  private readonly digests = new Map<number, Uint8Array>();
  private readonly forms = new Map<number, LinearForm>();

  constructor(parameterCount: number, covariateCount: number) {
    this.parameterCount = parameterCount;
    this.covariateCount = covariateCount;
    this.expressions.push(this.constant(1));
  }

  get featureCount(): number {
    return this.expressions.length;
  }

  constant(value: number): number {
    return this.store.constant(value);
  }

  input(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= this.parameterCount + this.covariateCount) {
      throw internalError(`input ${index} of ${this.parameterCount + this.covariateCount}`);
    }
    return this.store.input(index);
  }

  constantValue(expression: number): number | undefined {
    return this.store.isConstant(expression) ? this.store.values.items[expression] : undefined;
  }

  apply(operation: FeatureOperation, ...operands: readonly number[]): number {
    if (operands.length !== operationArity(operation)) {
      throw internalError(`${operation} of ${operands.length} operands`);
    }
    const [a = -1, b = -1, c = -1] = operands;
    for (const operand of operands) {
      if (!(operand >= 0 && operand < this.store.nodeCount)) throw internalError(`no expression ${operand}`);
    }
    const code = operationCodes[operation];
    if (operands.every((operand) => this.store.isConstant(operand))) {
      const { items } = this.store.values;
      return this.constant(applyToNumbers(code, items[a], items[b], items[c]));
    }
    switch (operation) {
      case "neg":
        return this.scaled(-1, a);
      case "add":
        return this.sum(a, b);
      case "sub":
        return this.sum(a, this.scaled(-1, b));
      case "mul":
        return this.product(a, b);
      case "div":
        return this.quotient(a, b);
      case "pow":
        return this.power(a, b);
      case "where":
        return this.choice(a, b, c);
      case "min":
      case "max":
        return a === b ? a : this.ordered(code, a, b);
      default:
        return isCommutative(code) ? this.ordered(code, a, b) : this.store.node(code, a, b, c);
    }
  }

  feature(expression: number): number {
    if (this.store.isConstant(expression)) throw internalError("a constant has no feature of its own");
    const { featureOfNode } = this;
    while (featureOfNode.length <= expression) featureOfNode.push(0);
    if (featureOfNode.items[expression] === 0) {
      featureOfNode.items[expression] = this.featureCount;
      this.expressions.push(expression);
    }
    return featureOfNode.items[expression];
  }

  linearForm(expression: number): LinearForm {
    let form = this.forms.get(expression);
    if (form === undefined) {
      form = expandLinearForm(this, this.store, expression);
      this.forms.set(expression, form);
    }
    return form;
  }

  toProgram(): Program {
    return featureProgram(
      this.store,
      this.parameterCount + this.covariateCount,
      this.expressions.items.slice(0, this.featureCount),
    );
  }

  evaluate(z: ArrayLike<number>): Float64Array {
    const { store } = this;
    if (z.length !== this.parameterCount + this.covariateCount) {
      throw new PhxError({
        code: "PHX900",
        what: `${z.length} values were given for ${this.parameterCount} parameters and ${this.covariateCount} covariates`,
        fix: `give ${this.parameterCount + this.covariateCount} numbers`,
      });
    }
    const values = new Float64Array(store.nodeCount);
    for (let node = 0; node < store.nodeCount; node++) {
      const code = store.operations.items[node];
      const a = store.first.items[node];
      if (code === constantCode) values[node] = store.values.items[node];
      else if (code === inputCode) values[node] = z[a];
      else {
        const b = store.second.items[node];
        const c = store.third.items[node];
        values[node] = applyToNumbers(code, values[a], b < 0 ? 0 : values[b], c < 0 ? 0 : values[c]);
      }
    }
    return Float64Array.from({ length: this.featureCount }, (_, f) => values[this.expressions.items[f]]);
  }

  describe(feature: number, inputNames: readonly string[]): string {
    return expressionText(this.store, this.expressions.items[feature], inputNames);
  }

  canonicalCode(feature: number): Uint8Array {
    return canonicalDigest(this.store, this.expressions.items[feature], this.digests);
  }

  /** The constant factor in front of an expression, 1 where there is none. */
  private scaleOf(node: number): number {
    const { operations, first, values } = this.store;
    if (operations.items[node] !== mul) return 1;
    return this.store.isConstant(first.items[node]) ? values.items[first.items[node]] : 1;
  }

  /** The expression without its constant factor. */
  private coreOf(node: number): number {
    const { operations, first, second } = this.store;
    if (operations.items[node] !== mul || !this.store.isConstant(first.items[node])) return node;
    return second.items[node];
  }

  private ordered(code: number, a: number, b: number): number {
    return a < b ? this.store.node(code, a, b) : this.store.node(code, b, a);
  }

  private scaled(factor: number, node: number): number {
    if (this.store.isConstant(node)) return this.constant(factor * this.store.values.items[node]);
    if (factor === 0) return this.constant(0);
    const scale = factor * this.scaleOf(node);
    const core = this.coreOf(node);
    if (scale === 0 || !Number.isFinite(scale)) return this.store.node(mul, this.constant(factor), node);
    return scale === 1 ? core : this.store.node(mul, this.constant(scale), core);
  }

  private sum(a: number, b: number): number {
    if (this.constantValue(a) === 0) return b;
    if (this.constantValue(b) === 0) return a;
    if (!this.store.isConstant(a) && this.coreOf(a) === this.coreOf(b)) {
      return this.scaled(this.scaleOf(a) + this.scaleOf(b), this.coreOf(a));
    }
    return this.ordered(add, a, b);
  }

  private product(a: number, b: number): number {
    const left = this.constantValue(a);
    if (left !== undefined) return this.scaled(left, b);
    const right = this.constantValue(b);
    if (right !== undefined) return this.scaled(right, a);
    const scale = this.scaleOf(a) * this.scaleOf(b);
    if (scale === 0 || !Number.isFinite(scale)) return this.ordered(mul, a, b);
    return this.scaled(scale, this.ordered(mul, this.coreOf(a), this.coreOf(b)));
  }

  private quotient(a: number, b: number): number {
    const divisor = this.constantValue(b);
    if (divisor !== undefined) {
      const scale = this.scaleOf(a) / divisor;
      if (divisor !== 0 && scale !== 0 && Number.isFinite(scale)) return this.scaled(scale, this.coreOf(a));
      return this.store.node(div, a, b);
    }
    const dividend = this.constantValue(a);
    if (dividend === 0) return a;
    const scale = (dividend ?? this.scaleOf(a)) / this.scaleOf(b);
    if (scale === 0 || !Number.isFinite(scale)) return this.store.node(div, a, b);
    const core = dividend === undefined ? this.coreOf(a) : this.constant(1);
    return this.scaled(scale, this.store.node(div, core, this.coreOf(b)));
  }

  private power(a: number, b: number): number {
    const exponent = this.constantValue(b);
    if (exponent === 1) return a;
    if (exponent === 0) return this.constant(1);
    return this.store.node(pow, a, b);
  }

  private choice(condition: number, whenTrue: number, whenFalse: number): number {
    const known = this.constantValue(condition);
    if (known !== undefined) return known === 0 ? whenFalse : whenTrue;
    if (whenTrue === whenFalse) return whenTrue;
    return this.store.node(where, condition, whenTrue, whenFalse);
  }
}

/** An empty table over θ of length `parameterCount` followed by `covariateCount` covariates. */
export function createFeatureTable(parameterCount: number, covariateCount = 0): FeatureTable {
  return new HashConsedFeatures(parameterCount, covariateCount);
}
