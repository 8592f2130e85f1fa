// Families: factors that read the state and parameters, turned into features one by one as states are met.
import { internalError } from "@phxlang/autodiff";
import type { FeatureTable } from "@phxlang/graph";
import { Float64List, Int32List } from "../terms/growing-list.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { SymbolicExpression } from "./symbolic.ts";

/**
 * Members of one family by the values of its keys. Member m has the terms offsets[m] .. offsets[m + 1]: its value
 * is Σ coefficients · φ[features].
 */
export class Family {
  readonly expression: SymbolicExpression;
  readonly offsets: Int32List = new Int32List();
  readonly features: Int32List = new Int32List();
  readonly coefficients: Float64List = new Float64List();
  readonly #table: FeatureTable;
  /** Key values of the members, keyCount each. */
  readonly #values = new Float64List(64);
  /** Open addressing: member + 1 by hash of its keys, 0 for free. */
  #slots = new Int32Array(64);
  #count = 0;

  constructor(instances: InstanceTable, root: number, features: FeatureTable) {
    this.expression = new SymbolicExpression(instances, root);
    this.#table = features;
    this.offsets.push(0);
  }

  /** The member for some values of the keys, which are the first of the array. */
  find(keys: Float64Array): number {
    const mask = this.#slots.length - 1;
    const width = this.expression.keys.length;
    let slot = hashOf(keys, 0, width) & mask;
    for (let found = this.#slots[slot]; found !== 0; found = this.#slots[slot]) {
      const start = (found - 1) * width;
      let same = true;
      // Object.is: a key that is not a number meets itself again.
      for (let k = 0; k < width && same; k++) {
        same = Object.is(this.#values.items[start + k], keys[k]);
      }
      if (same) return found - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count + 1;
    return this.#add(Array.from(keys.subarray(0, width)));
  }

  #add(values: readonly number[]): number {
    for (const value of values) this.#values.push(value);
    const { features, coefficients } = factorForm(this.#table, this.expression.build(this.#table, values));
    for (const [i, feature] of features.entries()) {
      this.features.push(feature);
      this.coefficients.push(coefficients[i]);
    }
    this.offsets.push(this.features.length);
    this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#rehash(values.length);
    return this.#count - 1;
  }

  #rehash(width: number): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let member = 0; member < this.#count; member++) {
      let slot = hashOf(this.#values.items, member * width, width) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = member + 1;
    }
  }
}

/** The terms of a factor that any coefficient may multiply: a sum stays one feature, so that no digit is lost. */
export function factorForm(
  features: FeatureTable,
  expression: number,
): { readonly features: readonly number[]; readonly coefficients: readonly number[] } {
  if (!(expression >= 0)) throw internalError("a factor was not built");
  const constant = features.constantValue(expression);
  if (constant !== undefined)
    return constant === 0 ? { features: [], coefficients: [] } : { features: [0], coefficients: [constant] };
  const form = features.linearForm(expression);
  if (form.features.length <= 1) return form;
  return { features: [features.feature(expression)], coefficients: [1] };
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

function hashOf(keys: Float64Array, from: number, width: number): number {
  let hash = 0;
  for (let k = from; k < from + width; k++) {
    // −0 and 0 are different to Object.is; they are different members.
    bits[0] = keys[k];
    hash = Math.imul(hash ^ words[0], 0x9e3779b1) ^ Math.imul(words[1], 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
