// schedule: nodes to dispatches of kernels. Narrow work shares a kernel of one workgroup; wide work has one of its own.
import { PhxError } from "@phxlang/autodiff";
import { Code } from "./code.ts";
import type { ChooseNode, Node, Part, PhaseNode, WhileNode } from "./node.ts";
import { anyNode, weightOf, widthOf } from "./node.ts";

/** One entry point: its statements, and how many workgroups run it. */
export interface KernelBody {
  readonly lines: readonly string[];
  readonly workgroupSize: number;
  readonly workgroups: readonly [x: number, y: number];
}

export type Dispatch =
  | { readonly kind: "dispatch"; readonly kernel: KernelBody }
  | { readonly kind: "loop"; readonly length: number; readonly body: readonly Dispatch[] };

/** Invocations of one workgroup: every WebGPU device allows as many. */
const widest = 256;
/** Parts with more indices get a kernel of their own, over many workgroups. */
const narrow = 1024;
/** Operations of one kernel: the device's compiler takes about 0.1 ms for each on a slow machine. */
const kernelWeight = 2000;
const longLoopWeight = 10_000;
/** A loop that only a single kernel can run may be this long. */
const loopWeight = 20_000;
/** Turns of a loop whose end depends on values: more are taken for a loop that does not end. */
export const mostTurns = 100_000;
/** Workgroups along one axis of a dispatch. */
const workgroupsPerAxis = 65_535;

/** What a kernel must know of the loops and branches around it. */
type Surrounding =
  | { readonly kind: "turn"; readonly iteration: string; readonly word: string }
  /** The kernel does nothing unless its branch was chosen. */
  | { readonly kind: "branch"; readonly node: ChooseNode; readonly branch: number };

export function schedule(nodes: readonly Node[]): readonly Dispatch[] {
  return new Scheduler().run(nodes, []);
}

class Scheduler {
  run(nodes: readonly Node[], around: readonly Surrounding[]): Dispatch[] {
    const dispatches: Dispatch[] = [];
    let group: Node[] = [];
    let weight = 0;
    const flush = (): void => {
      if (group.length > 0) dispatches.push({ kind: "dispatch", kernel: groupKernel(group, around) });
      group = [];
      weight = 0;
    };
    for (const node of nodes) {
      const own = weightOf(node);
      if (fitsOneGroup(node, own)) {
        if (weight + own > kernelWeight || !shareWorkgroup(group, node)) flush();
        group.push(node);
        weight += own;
        continue;
      }
      flush();
      if (node.kind === "phase") {
        for (const part of node.parts)
          dispatches.push({ kind: "dispatch", kernel: wideKernel(part, around) });
      } else if (node.kind === "repeat") dispatches.push(...this.#repeat(node, around));
      else if (node.kind === "choose") {
        node.branches.forEach((inner, branch) => {
          dispatches.push(...this.run(inner, [...around, { kind: "branch", node, branch }]));
        });
      }
    }
    flush();
    return dispatches;
  }

  /** A loop around kernels: a word of memory counts the turns. */
  #repeat(node: Extract<Node, { kind: "repeat" }>, around: readonly Surrounding[]): Dispatch[] {
    const word = `memory[${node.counter}u]`;
    const set = (value: string): Node => ({
      kind: "phase",
      parts: [{ count: 1, index: "i", lines: [`${word} = ${value};`], weight: 1 }],
    });
    const inner = this.run(
      [...node.body, set(`${node.iteration} + 1u`)],
      [...around, { kind: "turn", iteration: node.iteration, word }],
    );
    return [...this.run([set("0u")], around), { kind: "loop", length: node.length, body: inner }];
  }
}

/** Loops whose end is data run in one kernel, whatever their width: nothing is read back to decide about it. */
function fitsOneGroup(node: Node, weight: number): boolean {
  if (node.kind === "while") {
    if (weight > loopWeight) throw tooLong(weight);
    return true;
  }
  if (widthOf(node) > narrow) return false;
  if (node.kind === "phase") return true;
  // A long loop is worth a kernel that takes long to compile: outside of it each turn would be several dispatches.
  return weight <= (node.kind === "repeat" && node.length > 8 ? longLoopWeight : kernelWeight);
}

/** Invocations of a workgroup for work of a width: no more than there is work for, since they wait for each other. */
const sizeFor = (width: number): number => Math.min(widest, 2 ** Math.ceil(Math.log2(width)));

/** A loop waits after each part of each turn: it should not run with more invocations for the sake of its neighbours. */
function shareWorkgroup(group: readonly Node[], node: Node): boolean {
  const sizes = new Set([...group, node].map((own) => sizeFor(widthOf(own))));
  return sizes.size === 1 || [...group, node].every(({ kind }) => kind === "phase" || kind === "choose");
}

/** A kernel of one workgroup: its invocations share every part, and wait for each other after it. */
function groupKernel(nodes: readonly Node[], around: readonly Surrounding[]): KernelBody {
  const width = Math.max(...nodes.map(widthOf));
  const workgroupSize = sizeFor(width);
  const code = new Code();
  if (anyNode(nodes, ({ kind }) => kind === "while")) code.add("var endless = false;");
  writeSurroundings(code, around, workgroupSize);
  writeNodes(code, nodes, workgroupSize);
  return { lines: code.lines, workgroupSize, workgroups: [1, 1] };
}

function writeSurroundings(code: Code, around: readonly Surrounding[], workgroupSize: number): void {
  for (const outer of around) {
    if (outer.kind === "turn") code.add(`let ${outer.iteration} = ${outer.word};`);
    else {
      const { choice, selector, branches } = outer.node;
      const word = agreed(code, `bitcast<u32>(${selector})`, workgroupSize);
      code.add(clamped(choice, `bitcast<i32>(${word})`, branches.length));
      code.add(`if (${choice} != ${outer.branch}) { return; }`);
    }
  }
}

function writeNodes(code: Code, nodes: readonly Node[], workgroupSize: number): void {
  for (const node of nodes) {
    switch (node.kind) {
      case "phase":
        writePhase(code, node, workgroupSize);
        break;
      case "repeat": {
        const { iteration, length } = node;
        code.block(`for (var ${iteration} = 0u; ${iteration} < ${length}u; ${iteration} += 1u) {`, () =>
          writeNodes(code, node.body, workgroupSize),
        );
        break;
      }
      case "while":
        writeWhile(code, node, workgroupSize);
        break;
      case "choose": {
        const word = agreed(code, `bitcast<u32>(${node.selector})`, workgroupSize);
        code.add(clamped(node.choice, `bitcast<i32>(${word})`, node.branches.length));
        node.branches.forEach((branch, b) => {
          code.block(`if (${node.choice} == ${b}) {`, () => writeNodes(code, branch, workgroupSize));
        });
      }
    }
  }
}

/** A loop that does not end is ended: nothing outside could stop it. */
function writeWhile(code: Code, node: WhileNode, workgroupSize: number): void {
  const turns = code.name("turns");
  code.add(`var ${turns} = 0u;`);
  code.block("loop {", () => {
    writeNodes(code, node.condition, workgroupSize);
    const flag = code.name("go");
    code.add(`let ${flag} = ${agreed(code, node.flag, workgroupSize)};`);
    code.add(`if (${flag} == 0u || endless) { break; }`);
    writeNodes(code, node.body, workgroupSize);
    code.add(`${turns} += 1u;`);
    code.add(`if (${turns} > ${mostTurns}u) { endless = true; memory[${node.status}u] = 1u; }`);
  });
}

function clamped(name: string, selector: string, count: number): string {
  return `let ${name} = clamp(${selector}, 0, ${count - 1});`;
}

/** A word of memory as a value that the compiler knows to be the same for the whole workgroup. */
function agreed(code: Code, word: string, workgroupSize: number): string {
  if (workgroupSize === 1) return word;
  code.add(`if (lane == 0u) { shared_word = ${word}; }`);
  return "workgroupUniformLoad(&shared_word)";
}

function writePhase(code: Code, { parts }: PhaseNode, workgroupSize: number): void {
  for (const { count, index, lines } of parts) {
    const head =
      workgroupSize === 1
        ? `{ let ${index} = 0u;`
        : count <= workgroupSize
          ? `if (lane < ${count}u) { let ${index} = lane;`
          : `for (var ${index} = lane; ${index} < ${count}u; ${index} += ${workgroupSize}u) {`;
    code.block(head, () => {
      for (const line of lines) code.add(line);
    });
  }
  if (workgroupSize > 1) code.add("storageBarrier();");
}

function wideKernel({ count, index, lines }: Part, around: readonly Surrounding[]): KernelBody {
  const workgroupSize = count <= 64 ? 64 : widest;
  const workgroups = Math.ceil(count / workgroupSize);
  const rows = Math.ceil(workgroups / workgroupsPerAxis);
  const columns = Math.ceil(workgroups / rows);
  const number = rows === 1 ? "id.x" : `id.x + id.y * ${columns * workgroupSize}u`;
  const code = new Code();
  // Nobody waits for anybody here: what one invocation reads need not be known to be the same for all.
  writeSurroundings(code, around, 1);
  return {
    lines: [...code.lines, `let ${index} = ${number};`, `if (${index} < ${count}u) {`, ...lines, "}"],
    workgroupSize,
    workgroups: [columns, rows],
  };
}

function tooLong(weight: number): PhxError {
  return new PhxError({
    code: "PHX965",
    what: `a loop whose end depends on values has about ${weight} operations in its condition and body`,
    why: `the WebGPU device runs such a loop in one kernel, which may have ${loopWeight}`,
    fix: "use scan or foriLoop with a fixed number of steps, or make the body shorter with loops over arrays",
  });
}
