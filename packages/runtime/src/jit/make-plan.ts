// makePlan: programs to plans. Fuses elementwise work and reductions, resolves views, lays out the frame.
import type { ArrayType, Elements, NdArray, Parameters, Program } from "@phxlang/autodiff";
import { internalError, NdArray as ConcreteArray, PhxError, sizeOf, typeText } from "@phxlang/autodiff";
import { copyLowering } from "./copy.ts";
import { layOutFrame } from "./frame.ts";
import { emptyReduction } from "./identities.ts";
import type { Elementwise, Lowering, Reduction } from "./lowering.ts";
import type { Home, IndexSpace, LoopStep, Plan, PlanBuffer, PlanVariable, Step } from "./plan.ts";
import { planControl } from "./plan-control.ts";
import { splitReductions } from "./split-reductions.ts";
import { IndexSpaces } from "./index-spaces.ts";
import { staysInRegisters } from "./registers.ts";
import type { View } from "./view.ts";
import { isDense, rowMajorStrides } from "./view.ts";

/** Bodies of loops stay below this weight, bodies that run once below the other: they bound compile time. */
const loopWeightLimit = 300;
const straightWeightLimit = 2000;

/** Finds how the device treats a primitive; undefined if it does not support it. */
export type LoweringTable = (name: string) => Lowering | undefined;

/** Builds one plan. Equations are visited once, in order; programs that equations stand for on an explicit stack. */
export function makePlan(program: Program, table: LoweringTable): Plan {
  return new Planner(program, table).plan();
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
  readonly steps: Step[] = [];
  readonly #table: LoweringTable;
  readonly #program: Program;
  readonly #inputs: PlanVariable[] = [];
  readonly #constants: PlanVariable[] = [];
  readonly #computed: PlanBuffer[] = [];
  /** The latest loop of each index space. */
  readonly #loops = new Map<IndexSpace, number>();
  readonly #spaces = new IndexSpaces();

  constructor(program: Program, table: LoweringTable) {
    this.#program = program;
    this.#table = table;
  }

  plan(): Plan {
    const program = this.#program;
    for (let i = 0; i < program.inputCount; i++) {
      const home: Home = { kind: "pointer", slot: i };
      this.#inputs.push(this.#fresh(program.types[program.variableTypes[i]], -1, false, home));
    }
    const variables = this.#run(program, this.#inputs);
    const outputs = this.#placeOutputs(Array.from(program.outputs, (output) => variables[output]));
    splitReductions(this.steps);
    const stored = this.#computed.filter((buffer) => buffer.stored && buffer.home === null);
    const frameBytes = layOutFrame(program.inputCount + outputs.length, this.steps, stored);
    return { inputs: this.#inputs, outputs, constants: this.#constants, steps: this.steps, frameBytes };
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
    for (const array of program.constants) variables.push(this.constant(array));
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
    let results: readonly PlanVariable[];
    if (operands.length === 0 && lowering.kind !== "scan" && lowering.kind !== "while") {
      results = primitive.evaluate([], parameters, types).map((array) => this.constant(array));
    } else if (lowering.kind === "elementwise") {
      results = [this.elementwise(lowering, operands, parameters, types[0])];
    } else if (lowering.kind === "outputs") {
      results = lowering.outputs.map((output, i) => this.elementwise(output, operands, parameters, types[i]));
    } else if (lowering.kind === "view") {
      const [operand] = operands;
      const view =
        sizeOf(types[0].shape) === 0
          ? { offset: 0, strides: rowMajorStrides(types[0].shape) }
          : lowering.view(operand.view, operand.type.shape, parameters, types[0]);
      if (view !== null) results = [this.#view(operand, view, types[0])];
      else {
        const dense = this.dense(operand, true);
        const again = lowering.view(dense.view, dense.type.shape, parameters, types[0]);
        if (again === null) throw internalError(`${primitive.name} is no view of a dense array`);
        results = [this.#view(dense, again, types[0])];
      }
    } else if (lowering.kind === "reduction") {
      results = [
        this.#reduction(lowering, operands[0], lowering.axes(parameters, operands[0].type), types[0]),
      ];
    } else if (lowering.kind === "kernel") {
      const strided = lowering.strided?.(
        operands.map(({ type }) => type),
        parameters,
      );
      const placed = operands.map((operand, i) => this.dense(operand, strided?.[i] !== true));
      const bytes =
        lowering.scratchBytes?.(
          operands.map(({ type }) => type),
          parameters,
        ) ?? 0;
      results = this.step(types, placed, (own) => ({
        kind: "kernel",
        lowering,
        operands: placed,
        results: own,
        parameters,
        scratch: { bytes, offset: 0 },
      }));
    } else if (lowering.kind === "library") {
      const placed = operands.map((operand) => this.dense(operand));
      results = this.step(types, placed, (own) => ({
        kind: "library",
        primitive,
        operands: placed,
        results: own,
        parameters,
      }));
    } else results = planControl(this, lowering, parameters, operands, types);
    results.forEach((result, i) => (variables[first + i] = result));
    return null;
  }

  planOf(program: Program): Plan {
    return new Planner(program, this.#table).plan();
  }

  /** An array of equal elements is kept as one of them. */
  constant(array: NdArray): PlanVariable {
    const { shape, dtype, elements } = array;
    if (elements.length > 1 && isUniform(elements)) {
      const one = this.constant(new ConcreteArray(elements.slice(0, 1), [], dtype));
      return this.#view(one, { offset: 0, strides: shape.map(() => 0) }, array.type);
    }
    const variable = this.#fresh(array.type, -1, false, { kind: "constant", array });
    this.#constants.push(variable);
    return variable;
  }

  /** Adds an operation to the latest loop over its index space that may hold it, or to a new one. */
  elementwise(
    lowering: Elementwise,
    operands: readonly PlanVariable[],
    parameters: Parameters,
    type: ArrayType,
  ): PlanVariable {
    const index = this.#loopFor(this.#spaces.of(type), operands, lowering.weight);
    const loop = this.steps[index] as LoopStep;
    const result = this.#fresh(type, index, true);
    for (const operand of operands) this.#use(operand, index);
    loop.operations.push({ lowering, operands, parameters, result });
    return result;
  }

  #reduction(
    lowering: Reduction,
    operand: PlanVariable,
    axes: readonly number[],
    type: ArrayType,
  ): PlanVariable {
    const { shape } = operand.type;
    if (sizeOf(shape) === 0 || axes.every((axis) => shape[axis] === 1)) {
      // Nothing is combined: the result repeats the identity, or the operand itself.
      const source = sizeOf(shape) === 0 ? this.constant(emptyReduction(lowering, operand.type)) : operand;
      const strides = type.shape.map(() => 0);
      if (source !== operand) return this.#view(source, { offset: 0, strides }, type);
      const kept = operand.view.strides.filter((_, axis) => !axes.includes(axis));
      return this.#view(operand, { offset: operand.view.offset, strides: kept }, type);
    }
    // Rows that are summed must be rows of a dense array; a copy that stays in registers makes one.
    const source = this.dense(operand);
    const index = this.#loopFor(source.space, [source], 2);
    const result = this.#fresh(type, index, false);
    result.buffer.stored = true;
    this.#use(source, index);
    (this.steps[index] as LoopStep).reductions.push({ lowering, operand: source, axes, result });
    return result;
  }

  /** A step that computes whole arrays from stored operands. */
  step(
    types: readonly ArrayType[],
    operands: readonly PlanVariable[],
    make: (results: readonly PlanVariable[]) => Step,
  ): readonly PlanVariable[] {
    const index = this.steps.length;
    const results = types.map((type) => {
      const result = this.#fresh(type, index, false);
      result.buffer.stored = true;
      return result;
    });
    for (const operand of operands) this.#use(operand, index);
    this.steps.push(make(results));
    return results;
  }

  /** The variable in memory; row-major from its root's start unless any view will do. */
  dense(operand: PlanVariable, rowMajor = true): PlanVariable {
    if (!rowMajor || operand.whole) return operand;
    return this.elementwise(copyLowering, [operand], {}, operand.type);
  }

  /** Notes that a step reads an operand, from memory unless the loop itself computes it. */
  #use(operand: PlanVariable, step: number): void {
    const { buffer } = operand;
    if (buffer.step !== step) buffer.stored = true;
    buffer.lastUse = Math.max(buffer.lastUse, step);
  }

  /** The step number of a loop over `space` in which all operands are known. */
  #loopFor(space: IndexSpace, operands: readonly PlanVariable[], weight: number): number {
    let earliest = 0;
    for (const operand of operands) earliest = Math.max(earliest, availableIn(operand, space));
    const latest = this.#loops.get(space);
    if (latest !== undefined && latest >= earliest) {
      const loop = this.steps[latest] as LoopStep;
      const limit = space.shape.length === 0 ? straightWeightLimit : loopWeightLimit;
      if (loop.weight + weight <= limit) {
        loop.weight += weight;
        return latest;
      }
    }
    this.steps.push({ kind: "loop", space, operations: [], reductions: [], after: [], weight });
    this.#loops.set(space, this.steps.length - 1);
    return this.steps.length - 1;
  }

  /** A variable with a buffer of its own. */
  #fresh(type: ArrayType, step: number, inLoop: boolean, home: Home | null = null): PlanVariable {
    const space = this.#spaces.of(type);
    const buffer: PlanBuffer = { type, space, step, inLoop, stored: false, home, lastUse: step };
    if (step >= 0) this.#computed.push(buffer);
    return { type, space, buffer, view: this.#spaces.dense(type), whole: true };
  }

  #view({ buffer }: PlanVariable, view: View, type: ArrayType): PlanVariable {
    const whole = sizeOf(type.shape) === sizeOf(buffer.type.shape) && isDense(view, type.shape);
    return { type, space: this.#spaces.of(type), buffer, view, whole };
  }

  /** Gives each output a buffer of its own that lives at the output's pointer. */
  #placeOutputs(outputs: readonly PlanVariable[]): readonly PlanVariable[] {
    return outputs.map((output, i) => {
      const { buffer } = output;
      const own =
        buffer.step >= 0 && buffer.home === null && output.whole
          ? output
          : this.elementwise(copyLowering, [output], {}, output.type);
      own.buffer.home = { kind: "pointer", slot: this.#inputs.length + i };
      own.buffer.stored = true;
      return own;
    });
  }
}

/** The earliest step over `space` that can use an operand: its own loop if it can stay in registers. */
function availableIn(operand: PlanVariable, space: IndexSpace): number {
  const { step, inLoop } = operand.buffer;
  if (step < 0) return 0;
  return inLoop && staysInRegisters(operand, space) ? step : step + 1;
}

function isUniform(elements: Elements): boolean {
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
    what: `the CPU device cannot compile equation ${equation}: ${name} of ${operands.map(({ type }) => typeText(type)).join(", ")}`,
    why: `${name} is not in the table of what this device compiles`,
    fix: "call the function without jit, which evaluates every primitive",
  });
}
