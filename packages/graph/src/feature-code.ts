// Canonical digests of expressions: what the content hash knows of a formula.
import { sha256 } from "@noble/hashes/sha2.js";
import type { ExpressionStore } from "./expression-store.ts";
import { inputCode, isCommutative } from "./feature-operations.ts";

/**
 * SHA-256 of the operation's code and its operands' digests (commutative ones sorted); a constant's of its bits,
 * an input's of its index in z. `digests` remembers those of nodes that were asked for or met on the way.
 */
export function canonicalDigest(
  store: ExpressionStore,
  expression: number,
  digests: Map<number, Uint8Array>,
): Uint8Array {
  const stack = [expression];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (digests.has(node)) {
      stack.pop();
      continue;
    }
    const operands = operandsOf(store, node);
    const missing = operands.filter((operand) => !digests.has(operand));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    digests.set(node, sha256(encodeNode(store, node, operands, digests)));
  }
  return digests.get(expression)!;
}

function operandsOf(store: ExpressionStore, node: number): number[] {
  if (store.operations.items[node] <= inputCode) return [];
  return [store.first.items[node], store.second.items[node], store.third.items[node]].filter((n) => n >= 0);
}

function encodeNode(
  store: ExpressionStore,
  node: number,
  operands: readonly number[],
  digests: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const code = store.operations.items[node];
  if (operands.length === 0) {
    const bytes = new Uint8Array(9);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, code);
    if (code === inputCode) view.setUint32(1, store.first.items[node], true);
    else view.setFloat64(1, store.values.items[node], true);
    return bytes;
  }
  const parts = operands.map((operand) => digests.get(operand)!);
  if (isCommutative(code)) parts.sort(compareBytes);
  const bytes = new Uint8Array(1 + 32 * parts.length);
  bytes[0] = code;
  parts.forEach((part, index) => bytes.set(part, 1 + 32 * index));
  return bytes;
}

/** Lexicographic order of byte strings. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}
