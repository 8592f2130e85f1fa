// makePlan: programs to plans. Fuses elementwise work, resolves views, lays out the frame.
import type { ArrayType, NdArray, Parameters, Program } from "@phxlang/autodiff";
import {
  internalError,
  NdArray as ConcreteArray,
  PhxError,
  sameShape,
  simplify,
  sizeOf,
  typeText,
} from "@phxlang/autodiff";
import { copyLowering } from "./copy.ts";
import { layOutFrame, wordsOf } from "./frame.ts";
import type { CondLowering, Elementwise, Lowering, ScanLowering, WhileLowering } from "./lowering.ts";
import type { LoopStep, Plan, PlanBuffer, PlanVariable, Step } from "./plan.ts";
import { align } from "./plan.ts";
import type { Scalars } from "./scalars.ts";
import type { View } from "./view.ts";
import { isDense, rowMajorStrides } from "./view.ts";

/** Finds how the device treats a primitive; undefined if it does not support it. */
export type LoweringTable = (name: string) => Lowering | undefined;

/** Operations of one fused loop, roughly: they bound how long the device's compiler takes. */
const loopWeightLimit = 600;
/** An operation on pairs of floats is about as much work as so many on floats. */
export const pairWeight = 40;

/** Builds one plan. Equations are visited once, in order; programs that equations stand for on an explicit stack. */
export function makePlan(program: Program, table: LoweringTable, scalars: Scalars): Plan {
  return new Planner(program, table, scalars).plan();
}

interface OpenProgram {
  readonly program: Program;
  readonly variables: PlanVariable[];
  readonly live: Uint8Array;
  next: number;
  /** Where the results go in the enclosing program. */
  readonly resultsOf: number;
}

class Planner {
  readonly #steps: Step[] = [];
  readonly #table: LoweringTable;
  readonly #scalars: Scalars;
  readonly #program: Program;
  readonly #inputs: PlanVariable[] = [];
  readonly #computed: PlanBuffer[] = [];
  /** The latest loop of each index space. */
  readonly #loops = new Map<string, number>();

  constructor(program: Program, table: LoweringTable, scalars: Scalars) {
    this.#program = program;
    this.#table = table;
    this.#scalars = scalars;
  }

  plan(): Plan {
    const program = this.#program;
    for (let i = 0; i < program.inputCount; i++) {
      this.#inputs.push(this.#fresh(program.types[program.variableTypes[i]], -1, false));
    }
    const variables = this.#run(program, this.#inputs);
    const outputs = this.#placeOutputs(Array.from(program.outputs, (output) => variables[output]));
    const frameWords = layOutFrame(
      this.#scalars,
      this.#steps,
      outputs.map(({ buffer }) => buffer),
      this.#computed,
    );
    return { inputs: this.#inputs, outputs, steps: this.#steps, frameWords };
  }

  /** Plans the equations of a program and of those it inlines; the variables of the program. */
  #run(program: Program, inputs: readonly PlanVariable[]): readonly PlanVariable[] {
    const top = this.#open(program, inputs, -1);
    const stack: OpenProgram[] = [top];
    while (stack.length > 0) {
      const open = stack[stack.length - 1];
      const { program: current, variables } = open;
      const e = open.next++;
      if (e === current.equationCount) {
        stack.pop();
        const outer = stack.at(-1);
        if (outer === undefined) continue;
        current.outputs.forEach((output, i) => (outer.variables[open.resultsOf + i] = variables[output]));
      } else if (open.live[e] === 1) {
        const operands: PlanVariable[] = [];
        for (let o = current.operandOffsets[e]; o < current.operandOffsets[e + 1]; o++) {
          operands.push(variables[current.operands[o]]);
        }
        const inlined = this.#equation(current, e, operands, variables);
        if (inlined !== null) stack.push(this.#open(inlined, operands, current.firstResult[e]));
      }
    }
    return top.variables;
  }

  #open(program: Program, inputs: readonly PlanVariable[], resultsOf: number): OpenProgram {
    const variables = [...inputs];
    for (const array of program.constants) variables.push(this.#constant(array));
    return { program, variables, live: liveEquations(program), next: 0, resultsOf };
  }

  /** Plans one equation; the program to inline, if that is what it stands for. */
  #equation(
    program: Program,
    e: number,
    operands: readonly PlanVariable[],
    variables: PlanVariable[],
  ): Program | null {
    const primitive = program.primitives[program.primitive[e]];
    const parameters = program.parameters[program.parameter[e]];
    const first = program.firstResult[e];
    const types: ArrayType[] = [];
    for (let v = first; v < program.firstResult[e + 1]; v++) {
      types.push(program.types[program.variableTypes[v]]);
    }
    const lowering = this.#table(primitive.name);
    if (lowering === undefined) {
      if (primitive.inline !== undefined) return primitive.inline(parameters);
      throw unsupported(primitive.name, e, operands);
    }
    if (lowering.kind === "program") {
      const meant = lowering.program(
        parameters,
        operands.map(({ type }) => type),
      );
      if (meant === null) throw unsupported(primitive.name, e, operands);
      return simplify(meant);
    }
    let results: readonly PlanVariable[];
    if (operands.length === 0 && lowering.kind !== "scan" && lowering.kind !== "while") {
      results = primitive.evaluate([], parameters, types).map((array) => this.#constant(array));
    } else if (lowering.kind === "elementwise") {
      results = this.#elementwise(primitive.name, lowering, operands, parameters, types);
    } else if (lowering.kind === "view") {
      results = [this.#rearranged(lowering, primitive.name, operands[0], parameters, types[0])];
    } else if (lowering.kind === "kernel") {
      const scratch =
        lowering.scratch?.(
          operands.map(({ type }) => type),
          parameters,
          types,
        ) ?? [];
      const words = scratch.reduce((sum, type) => sum + wordsOf(this.#scalars, type), 0);
      results = this.#step(types, operands, (own) => ({
        kind: "kernel",
        lowering,
        operands,
        results: own,
        parameters,
        scratch,
        space: { words, offset: 0 },
      }));
    } else results = this.#control(lowering, parameters, operands, types);
    results.forEach((result, i) => (variables[first + i] = result));
    return null;
  }

  #rearranged(
    lowering: Extract<Lowering, { kind: "view" }>,
    name: string,
    operand: PlanVariable,
    parameters: Parameters,
    type: ArrayType,
  ): PlanVariable {
    if (sizeOf(type.shape) === 0) {
      return this.#view(operand, { offset: 0, strides: rowMajorStrides(type.shape) }, type);
    }
    const view = lowering.view(operand.view, operand.type.shape, parameters, type);
    if (view !== null) return this.#view(operand, view, type);
    const dense = this.#dense(operand);
    const again = lowering.view(dense.view, dense.type.shape, parameters, type);
    if (again === null) throw internalError(`${name} is no view of a dense array`);
    return this.#view(dense, again, type);
  }

  #control(
    lowering: ScanLowering | WhileLowering | CondLowering,
    parameters: Parameters,
    operands: readonly PlanVariable[],
    types: readonly ArrayType[],
  ): readonly PlanVariable[] {
    const placed = operands.map((operand) => this.#dense(operand));
    const planOf = (inner: Program): Plan => makePlan(inner, this.#table, this.#scalars);
    if (lowering.kind === "scan") {
      const { body, length, reverse, carryCount, sliceCount } = lowering.read(parameters);
      const plan = planOf(body);
      return this.#step(types, placed, (results) => ({
        kind: "scan",
        body: plan,
        length,
        reverse,
        initial: placed.slice(0, carryCount),
        slices: placed.slice(carryCount, carryCount + sliceCount),
        constants: placed.slice(carryCount + sliceCount),
        finals: results.slice(0, carryCount),
        stacked: results.slice(carryCount),
        space: { words: align(1) + align(plan.frameWords), offset: 0 },
      }));
    }
    if (lowering.kind === "while") {
      const { condition, body, conditionConstants } = lowering.read(parameters);
      const carryCount = body.outputs.length;
      const conditionPlan = planOf(condition);
      const bodyPlan = planOf(body);
      return this.#step(types, placed, (results) => ({
        kind: "while",
        condition: conditionPlan,
        body: bodyPlan,
        initial: placed.slice(0, carryCount),
        conditionConstants: placed.slice(carryCount, carryCount + conditionConstants),
        bodyConstants: placed.slice(carryCount + conditionConstants),
        finals: results,
        space: { words: align(conditionPlan.frameWords) + align(bodyPlan.frameWords), offset: 0 },
      }));
    }
    const branches = lowering.read(parameters).branches.map(planOf);
    return this.#step(types, placed, (results) => ({
      kind: "cond",
      branches,
      selector: placed[0],
      operands: placed.slice(1),
      results,
      space: { words: Math.max(0, ...branches.map(({ frameWords }) => align(frameWords))), offset: 0 },
    }));
  }

  /** An array of equal elements is kept as one of them. */
  #constant(array: NdArray): PlanVariable {
    const { shape, dtype } = array;
    if (array.buffer === null && array.elements.length > 1 && isUniform(array)) {
      const one = this.#constant(new ConcreteArray(array.elements.slice(0, 1), [], dtype));
      return this.#view(one, { offset: 0, strides: shape.map(() => 0) }, array.type);
    }
    return this.#fresh(array.type, -1, false, array);
  }

  /** Adds an operation to the latest loop over its index space that may hold it, or to a new one. */
  #elementwise(
    name: string,
    lowering: Elementwise,
    operands: readonly PlanVariable[],
    parameters: Parameters,
    types: readonly ArrayType[],
  ): readonly PlanVariable[] {
    const shape = types[0].shape.filter((length) => length !== 1);
    const isWide = operands.some(({ type }) => this.#scalars(type.dtype).words === 2);
    const weight = lowering.weight * (isWide ? pairWeight : 1);
    const index = this.#loopFor(shape, operands, weight);
    const loop = this.#steps[index] as LoopStep;
    const results = types.map((type) => this.#fresh(type, index, true));
    for (const operand of operands) use(operand, index);
    loop.operations.push({ name, lowering, operands, parameters, results });
    return results;
  }

  /** A step that computes whole arrays from stored operands. */
  #step(
    types: readonly ArrayType[],
    operands: readonly PlanVariable[],
    make: (results: readonly PlanVariable[]) => Step,
  ): readonly PlanVariable[] {
    const index = this.#steps.length;
    const results = types.map((type) => {
      const result = this.#fresh(type, index, false);
      result.buffer.stored = true;
      return result;
    });
    for (const operand of operands) use(operand, index);
    this.#steps.push(make(results));
    return results;
  }

  /** The variable row-major in a buffer of its own. */
  #dense(operand: PlanVariable): PlanVariable {
    return operand.whole ? operand : this.#copy(operand);
  }

  #copy(operand: PlanVariable): PlanVariable {
    return this.#elementwise("copy", copyLowering, [operand], {}, [operand.type])[0];
  }

  /** The step number of a loop over `shape` in which all operands are known. */
  #loopFor(shape: readonly number[], operands: readonly PlanVariable[], weight: number): number {
    let earliest = 0;
    for (const operand of operands) earliest = Math.max(earliest, this.#availableIn(operand, shape));
    const key = shape.join();
    const latest = this.#loops.get(key);
    if (latest !== undefined && latest >= earliest) {
      const loop = this.#steps[latest] as LoopStep;
      if (loop.weight + weight <= loopWeightLimit) {
        loop.weight += weight;
        return latest;
      }
    }
    this.#steps.push({ kind: "loop", shape, operations: [], weight });
    this.#loops.set(key, this.#steps.length - 1);
    return this.#steps.length - 1;
  }

  /** The earliest step over `shape` that can use an operand: its own loop if it is a local there. */
  #availableIn(operand: PlanVariable, shape: readonly number[]): number {
    const { step, inLoop } = operand.buffer;
    if (step < 0) return 0;
    return inLoop && isLocalIn(operand, shape) ? step : step + 1;
  }

  /** A variable with a buffer of its own. */
  #fresh(type: ArrayType, step: number, inLoop: boolean, constant: NdArray | null = null): PlanVariable {
    const buffer: PlanBuffer = { type, step, inLoop, constant, stored: false, home: null, lastUse: step };
    if (step >= 0) this.#computed.push(buffer);
    return { type, buffer, view: { offset: 0, strides: rowMajorStrides(type.shape) }, whole: true };
  }

  #view({ buffer }: PlanVariable, view: View, type: ArrayType): PlanVariable {
    const whole = sizeOf(type.shape) === sizeOf(buffer.type.shape) && isDense(view, type.shape);
    return { type, buffer, view, whole };
  }

  /** Gives each output a computed buffer of its own. */
  #placeOutputs(outputs: readonly PlanVariable[]): readonly PlanVariable[] {
    const taken = new Set<PlanBuffer>();
    return outputs.map((output) => {
      const { buffer } = output;
      const own = buffer.step >= 0 && output.whole && !taken.has(buffer) ? output : this.#copy(output);
      taken.add(own.buffer);
      own.buffer.stored = true;
      return own;
    });
  }
}

/** Whether a loop over `shape` that makes the operand's buffer has exactly its element in a local. */
export function isLocalIn({ whole, buffer, type }: PlanVariable, shape: readonly number[]): boolean {
  const own = (lengths: readonly number[]): number[] => lengths.filter((length) => length !== 1);
  return whole && sameShape(own(type.shape), shape) && sameShape(own(buffer.type.shape), shape);
}

/** Notes that a step reads an operand, from memory unless the loop itself computes it. */
function use({ buffer }: PlanVariable, step: number): void {
  if (buffer.step !== step) buffer.stored = true;
  buffer.lastUse = Math.max(buffer.lastUse, step);
}

function isUniform({ elements }: NdArray): boolean {
  const [first] = elements;
  for (let i = 1; i < elements.length; i++) if (!Object.is(elements[i], first)) return false;
  return true;
}

/** 1 for equations whose results reach an output. */
function liveEquations(program: Program): Uint8Array {
  const live = new Uint8Array(program.equationCount);
  const needed = new Uint8Array(program.variableTypes.length);
  for (const output of program.outputs) needed[output] = 1;
  for (let e = program.equationCount - 1; e >= 0; e--) {
    for (let v = program.firstResult[e]; v < program.firstResult[e + 1]; v++) live[e] |= needed[v];
    if (live[e] === 0) continue;
    for (let o = program.operandOffsets[e]; o < program.operandOffsets[e + 1]; o++) {
      needed[program.operands[o]] = 1;
    }
  }
  return live;
}

function unsupported(name: string, equation: number, operands: readonly PlanVariable[]): PhxError {
  return new PhxError({
    code: "PHX972",
    what: `the WebGPU device cannot compile equation ${equation}: ${name} of ${operands.map(({ type }) => typeText(type)).join(", ")}`,
    why: `${name} is not in the table of what this device compiles at its precision`,
    fix: "choose a device that has it, or evaluate this part of the function outside of jit",
  });
}
