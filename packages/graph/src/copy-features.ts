// Expressions of one feature table in another: how models are put together from others.
import { internalError } from "@phxlang/autodiff";
import { constantCode, inputCode, operationArity, operationCodes } from "./feature-operations.ts";
import type { FeatureOperation } from "./feature-operations.ts";
import type { FeatureTable } from "./feature-table.ts";
import { HashConsedFeatures } from "./features.ts";

const operationOfCode = new Map(
  Object.entries(operationCodes).map(([name, code]) => [code, name as FeatureOperation]),
);

/**
 * Expression in `to` of every feature of `from`, by feature number, where input i of `from` is the expression
 * inputs[i] of `to`.
 */
export function copyFeatures(from: FeatureTable, to: FeatureTable, inputs: readonly number[]): Int32Array {
  if (!(from instanceof HashConsedFeatures)) throw internalError("features of a foreign table");
  const { store, expressions } = from;
  // Operands of a node have smaller numbers.
  const copies = new Int32Array(store.nodeCount);
  for (let node = 0; node < store.nodeCount; node++) {
    const code = store.operations.items[node];
    const first = store.first.items[node];
    if (code === constantCode) copies[node] = to.constant(store.values.items[node]);
    else if (code === inputCode) copies[node] = inputs[first];
    else {
      const operation = operationOfCode.get(code);
      if (operation === undefined) throw internalError(`no operation has the code ${code}`);
      const operands = [first, store.second.items[node], store.third.items[node]];
      const arity = operationArity(operation);
      copies[node] = to.apply(operation, ...operands.slice(0, arity).map((operand) => copies[operand]));
    }
  }
  return Int32Array.from({ length: from.featureCount }, (_, f) => copies[expressions.items[f]]);
}
