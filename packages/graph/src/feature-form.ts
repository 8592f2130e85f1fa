// Linear forms of expressions: how a rate becomes coefficients times features.
import type { ExpressionStore } from "./expression-store.ts";
import { operationCodes } from "./feature-operations.ts";
import type { FeatureTable, LinearForm } from "./feature-table.ts";

const { add, mul } = operationCodes;

/**
 * expression = Σ coefficients[j] φ[features[j]]. A sum is expanded under any factor if its terms have one sign, and
 * under ± a power of two whatever their signs (that is exact); otherwise it stays whole. Each visit of a shared
 * sum is a visit of its own, so sums that were doubled n times would be expanded 2^n times: beyond
 * `expansionLimit` terms the remaining sums stay whole.
 */
export function expandLinearForm(
  table: FeatureTable,
  store: ExpressionStore,
  expression: number,
): LinearForm {
  const totals = new Map<number, number>();
  const nodes = [expression];
  const factors = [1];
  let visits = 0;
  while (nodes.length > 0) {
    let node = nodes.pop()!;
    let factor = factors.pop()!;
    visits++;
    if (store.operations.items[node] === mul && store.isConstant(store.first.items[node])) {
      const scaled = factor * store.values.items[store.first.items[node]];
      if (scaled !== 0 && Number.isFinite(scaled)) {
        factor = scaled;
        node = store.second.items[node];
      }
    }
    if (store.operations.items[node] === add && visits <= expansionLimit && mayExpand(store, node, factor)) {
      nodes.push(store.second.items[node], store.first.items[node]);
      factors.push(factor, factor);
    } else if (store.isConstant(node)) {
      addTo(totals, 0, factor * store.values.items[node]);
    } else {
      addTo(totals, table.feature(node), factor);
    }
  }
  const features = [...totals.keys()].filter((feature) => totals.get(feature) !== 0).sort((a, b) => a - b);
  return { features, coefficients: features.map((feature) => totals.get(feature)!) };
}

const expansionLimit = 1 << 20;

function addTo(totals: Map<number, number>, feature: number, amount: number): void {
  totals.set(feature, (totals.get(feature) ?? 0) + amount);
}

function mayExpand(store: ExpressionStore, node: number, factor: number): boolean {
  return isPowerOfTwo(Math.abs(factor)) || hasOneSign(store, node);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isFinite(value) && Math.log2(value) % 1 === 0 && 2 ** Math.log2(value) === value;
}

const positive = 1;
const negative = 2;

/** Whether all terms of a sum (and of the sums in it, not under factors of their own) have one sign. */
function hasOneSign(store: ExpressionStore, node: number): boolean {
  const stack = [node];
  const signs = [positive];
  const seen = new Set<number>();
  let found = 0;
  while (stack.length > 0) {
    const top = stack.pop()!;
    const sign = signs.pop()!;
    const code = store.operations.items[top];
    if (code === add) {
      const key = 2 * top + (sign - 1);
      if (seen.has(key)) continue;
      seen.add(key);
      stack.push(store.first.items[top], store.second.items[top]);
      signs.push(sign, sign);
    } else if (code === mul && store.isConstant(store.first.items[top])) {
      const isNegative = store.values.items[store.first.items[top]] < 0;
      stack.push(store.second.items[top]);
      signs.push(isNegative ? positive + negative - sign : sign);
    } else {
      const isNegative = store.isConstant(top) && store.values.items[top] < 0;
      found |= isNegative ? positive + negative - sign : sign;
      if (found === positive + negative) return false;
    }
  }
  return true;
}
