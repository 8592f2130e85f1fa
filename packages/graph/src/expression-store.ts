// Hash-consed expression nodes in typed columns: the memory of a FeatureTable.
import { Float64List, Int32List } from "./growing-list.ts";
import { constantCode, inputCode } from "./feature-operations.ts";

const none = -1;
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/**
 * Node i has operation `operations[i]` and operands first[i], second[i], third[i] (−1 where absent), which are
 * smaller than i. An input's `first` is its index in z; a constant's value is values[i] (0 for other nodes).
 * No two nodes are equal.
 */
export class ExpressionStore {
  readonly operations: Int32List = new Int32List();
  readonly first: Int32List = new Int32List();
  readonly second: Int32List = new Int32List();
  readonly third: Int32List = new Int32List();
  readonly values: Float64List = new Float64List();
  /** Node + 1 by hash, 0 where free; at most half full. */
  private slots = new Int32Array(64);

  get nodeCount(): number {
    return this.operations.length;
  }

  constant(value: number): number {
    return this.intern(constantCode, none, none, none, value === 0 ? 0 : value);
  }

  input(index: number): number {
    return this.intern(inputCode, index, none, none, 0);
  }

  node(operation: number, a: number, b: number = none, c: number = none): number {
    return this.intern(operation, a, b, c, 0);
  }

  isConstant(node: number): boolean {
    return this.operations.items[node] === constantCode;
  }

  private intern(operation: number, a: number, b: number, c: number, value: number): number {
    const mask = this.slots.length - 1;
    let slot = hashNode(operation, a, b, c, value) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const node = this.slots[slot] - 1;
      if (
        this.operations.items[node] === operation &&
        this.first.items[node] === a &&
        this.second.items[node] === b &&
        this.third.items[node] === c &&
        Object.is(this.values.items[node], value)
      ) {
        return node;
      }
    }
    const node = this.operations.length;
    this.operations.push(operation);
    this.first.push(a);
    this.second.push(b);
    this.third.push(c);
    this.values.push(value);
    this.slots[slot] = node + 1;
    if (2 * this.nodeCount > this.slots.length) this.rehash();
    return node;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let node = 0; node < this.nodeCount; node++) {
      let slot =
        hashNode(
          this.operations.items[node],
          this.first.items[node],
          this.second.items[node],
          this.third.items[node],
          this.values.items[node],
        ) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.slots = slots;
  }
}

function hashNode(operation: number, a: number, b: number, c: number, value: number): number {
  bits[0] = value;
  let hash = Math.imul(operation + 1, 0x9e3779b1);
  hash = Math.imul((hash ^ a) >>> 0, 0x85ebca6b) ^ (hash >>> 15);
  hash = Math.imul((hash ^ b) >>> 0, 0xc2b2ae35) ^ (hash >>> 13);
  hash = Math.imul((hash ^ c) >>> 0, 0x27d4eb2f) ^ (hash >>> 16);
  hash = Math.imul((hash ^ words[0]) >>> 0, 0x85ebca6b) ^ (hash >>> 13);
  hash = Math.imul((hash ^ words[1]) >>> 0, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
