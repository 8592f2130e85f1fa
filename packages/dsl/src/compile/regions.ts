// Regions: which expressions belong to which branch of an `if`, so that only the branch that is taken is computed.
import type { InstanceTable } from "../terms/instances.ts";
import { operandsOf } from "./symbolic.ts";

/** Region 0 is always computed; every other one belongs to a branch of an `if`, `and` or `or`. */
export interface Regions {
  /** Nodes of each region, operands first. */
  readonly nodes: readonly (readonly number[])[];
  /** All nodes outside region 0. */
  readonly inner: readonly number[];
  /**
   * Checks and traps that must fail where a region begins: an expression that two branches share is computed
   * before both, but may fail only inside them. `soft` are the checks that must not fail where they are computed.
   */
  readonly asserted: readonly (readonly number[])[];
  readonly soft: ReadonlySet<number>;
  thenOf(node: number): number;
  elseOf(node: number): number;
}

/** Plans the nodes that `root` needs and that are not known. A node goes where all its uses can see it. */
export function planRegions(table: InstanceTable, root: number, known: (node: number) => boolean): Regions {
  const nodes = collect(table, root, known);
  const parent = [-1];
  const depth = [0];
  const regionOf = new Map<number, number>([[root, 0]]);
  const thenRegions = new Map<number, number>();
  const elseRegions = new Map<number, number>();
  const open = (inside: number): number => {
    depth.push(depth[inside] + 1);
    return parent.push(inside) - 1;
  };
  const meet = (one: number, other: number): number => {
    let [a, b] = [one, other];
    while (a !== b) {
      if (depth[a] >= depth[b]) a = parent[a];
      else b = parent[b];
    }
    return a;
  };
  const use = (operand: number, region: number): void => {
    const before = regionOf.get(operand);
    regionOf.set(operand, before === undefined || before === 0 ? (before ?? region) : meet(before, region));
  };
  // Users have larger numbers: when a node is reached, all its uses have been seen.
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    const region = regionOf.get(node) ?? 0;
    const [a, b, c] = operandsOf(table, node);
    switch (table.operation(node)) {
      case "if":
        thenRegions.set(node, open(region));
        elseRegions.set(node, open(region));
        use(a, region);
        use(b, thenRegions.get(node) ?? 0);
        use(c, elseRegions.get(node) ?? 0);
        break;
      case "and":
        thenRegions.set(node, open(region));
        use(a, region);
        use(b, thenRegions.get(node) ?? 0);
        break;
      case "or":
        elseRegions.set(node, open(region));
        use(a, region);
        use(b, elseRegions.get(node) ?? 0);
        break;
      default:
        for (const operand of operandsOf(table, node)) use(operand, region);
    }
  }
  const { asserted, soft } = placeChecks(table, nodes, regionOf, { parent, thenRegions, elseRegions });
  const members: number[][] = parent.map(() => []);
  const inner: number[] = [];
  for (const node of nodes) {
    const region = regionOf.get(node) ?? 0;
    members[region].push(node);
    if (region !== 0) inner.push(node);
  }
  return {
    nodes: members,
    inner,
    asserted,
    soft,
    thenOf: (node) => thenRegions.get(node) ?? 0,
    elseOf: (node) => elseRegions.get(node) ?? 0,
  };
}

/** Nodes that must be computed, ascending. */
function collect(table: InstanceTable, root: number, known: (node: number) => boolean): readonly number[] {
  const found = new Set([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const operand of operandsOf(table, node)) {
      if (found.has(operand) || known(operand)) continue;
      found.add(operand);
      stack.push(operand);
    }
  }
  return [...found].sort((a, b) => a - b);
}

interface RegionTree {
  readonly parent: readonly number[];
  readonly thenRegions: ReadonlyMap<number, number>;
  readonly elseRegions: ReadonlyMap<number, number>;
}

function placeChecks(
  table: InstanceTable,
  nodes: readonly number[],
  regionOf: ReadonlyMap<number, number>,
  tree: RegionTree,
): { readonly asserted: readonly (readonly number[])[]; readonly soft: ReadonlySet<number> } {
  const asserted: number[][] = tree.parent.map(() => []);
  const soft = new Set<number>();
  const failing = new Set<number>();
  for (const node of nodes) {
    const operation = table.operation(node);
    const fails = operation === "check" || operation === "trap";
    if (fails || operandsOf(table, node).some((operand) => failing.has(operand))) failing.add(node);
  }
  if (failing.size === 0) return { asserted, soft };
  /** Regions in which the value of a node is used, for nodes that may fail. */
  const uses = new Map<number, Set<number>>();
  const use = (operand: number, regions: Iterable<number>): void => {
    if (!failing.has(operand)) return;
    const known = uses.get(operand) ?? new Set<number>();
    for (const region of regions) known.add(region);
    uses.set(operand, known);
  };
  use(nodes[nodes.length - 1], [0]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    const own = uses.get(node) ?? new Set([regionOf.get(node) ?? 0]);
    const operation = table.operation(node);
    if (operation === "check" || operation === "trap") {
      const outermost = [...own].filter((region) => !hasAncestorIn(region, own, tree.parent));
      if (outermost.length !== 1 || outermost[0] !== regionOf.get(node)) {
        soft.add(node);
        for (const region of outermost) asserted[region].push(node);
      }
    }
    const lazy = operation === "if" || operation === "and" || operation === "or";
    for (const [position, operand] of operandsOf(table, node).entries()) {
      if (!lazy || position === 0) use(operand, own);
      else {
        const first = tree.thenRegions.get(node) ?? tree.elseRegions.get(node) ?? 0;
        use(operand, [position === 1 ? first : (tree.elseRegions.get(node) ?? 0)]);
      }
    }
  }
  for (const list of asserted) list.reverse();
  return { asserted, soft };
}

function hasAncestorIn(region: number, regions: ReadonlySet<number>, parent: readonly number[]): boolean {
  for (let at = parent[region]; at >= 0; at = parent[at]) if (regions.has(at)) return true;
  return false;
}
