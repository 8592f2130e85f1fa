// Nodes: the work of a program as phases with loops and branches around them, before it is cut into kernels.

/** Statements for every index 0 … count − 1, side by side; `index` is the name that they use for it (u32). */
export interface Part {
  readonly count: number;
  readonly index: string;
  readonly lines: readonly string[];
  readonly weight: number;
}

/** Parts that may run side by side. What a node writes, the next one may read. */
export interface PhaseNode {
  readonly kind: "phase";
  readonly parts: readonly Part[];
}

export interface RepeatNode {
  readonly kind: "repeat";
  readonly length: number;
  /** The name of the iteration, a u32 that counts from 0. */
  readonly iteration: string;
  /** A word of memory that counts where the loop is outside of the kernels. */
  readonly counter: number;
  readonly body: readonly Node[];
}

export interface WhileNode {
  readonly kind: "while";
  readonly condition: readonly Node[];
  /** The word that says whether to go on, once the condition has been computed: an expression. */
  readonly flag: string;
  /** The word that notes a loop which does not end. */
  readonly status: number;
  readonly body: readonly Node[];
}

export interface ChooseNode {
  readonly kind: "choose";
  /** The name of the branch's number. */
  readonly choice: string;
  /** That number: an i32 expression, not yet clamped. */
  readonly selector: string;
  readonly branches: readonly (readonly Node[])[];
}

export type Node = PhaseNode | RepeatNode | WhileNode | ChooseNode;

/** Operations in the text of a node, roughly. */
export function weightOf(node: Node): number {
  const sum = (nodes: readonly Node[]): number => nodes.reduce((total, inner) => total + weightOf(inner), 0);
  switch (node.kind) {
    case "phase":
      return node.parts.reduce((total, { weight }) => total + weight + 2, 0);
    case "repeat":
      return sum(node.body) + 2;
    case "while":
      return sum(node.condition) + sum(node.body) + 4;
    case "choose":
      return node.branches.reduce((total, branch) => total + sum(branch) + 2, 0);
  }
}

/** The largest number of indices of a part. */
export function widthOf(node: Node): number {
  const most = (nodes: readonly Node[]): number =>
    nodes.reduce((width, inner) => Math.max(width, widthOf(inner)), 1);
  switch (node.kind) {
    case "phase":
      return node.parts.reduce((width, { count }) => Math.max(width, count), 1);
    case "repeat":
      return most(node.body);
    case "while":
      return Math.max(most(node.condition), most(node.body));
    case "choose":
      return node.branches.reduce((width, branch) => Math.max(width, most(branch)), 1);
  }
}

export function anyNode(nodes: readonly Node[], test: (node: Node) => boolean): boolean {
  return nodes.some((node) => {
    if (test(node)) return true;
    if (node.kind === "repeat") return anyNode(node.body, test);
    if (node.kind === "while") return anyNode([...node.condition, ...node.body], test);
    return node.kind === "choose" && node.branches.some((branch) => anyNode(branch, test));
  });
}
