// emitPlan: plans to nodes, the WGSL of their phases written.
import type { ArrayType, DType, Elements, NdArray } from "@phxlang/autodiff";
import { internalError, PhxError, sizeOf, typeText } from "@phxlang/autodiff";
import type { Packing } from "../device/packing.ts";
import { Code } from "./code.ts";
import { ConstantStore } from "./constants.ts";
import { wordsOf } from "./frame.ts";
import type { Failure, KernelContext, MemoryArray } from "./lowering.ts";
import { isLocalIn, pairWeight } from "./make-plan.ts";
import type { Node, Part } from "./node.ts";
import type { CondStep, KernelStep, LoopStep, Plan, PlanVariable, ScanStep, WhileStep } from "./plan.ts";
import { align } from "./plan.ts";
import type { Scalars } from "./scalars.ts";
import type { View } from "./view.ts";
import { broadcastView, placeAt, placeOf, rowMajorStrides } from "./view.ts";

/** Names of the arrays of words in WGSL. */
const memory = "memory";
const constants = "constants";

/** A place in an array of words: a u32 expression. */
interface Place {
  readonly words: string;
  readonly place: string;
}

export interface Emitted {
  readonly nodes: readonly Node[];
  /** Functions that kernels may declare, by name. */
  readonly declarations: ReadonlyMap<string, string>;
  readonly constants: ConstantStore;
  /** Where each input lies in memory, in words. */
  readonly inputPlaces: readonly number[];
  /** Constants that are on the device already, and where they lie in memory. */
  readonly deviceConstants: readonly { readonly array: NdArray; readonly place: number }[];
  /** Where kernels note what went wrong, in words: 1 for a loop without end, 2 + i for failure i; null if nothing can. */
  readonly statusPlace: number | null;
  readonly failures: readonly Failure[];
  /** Words of all that a call needs. */
  readonly memoryWords: number;
}

export function emitPlan(plan: Plan, scalars: Scalars, packing: Packing): Emitted {
  return new Emitter(scalars, packing).emitTop(plan);
}

class Emitter {
  readonly #scalars: Scalars;
  readonly #constants: ConstantStore;
  readonly #declarations = new Map<string, string>();
  readonly #deviceConstants = new Map<NdArray, number>();
  #memoryWords = 0;
  #status: number | null = null;
  readonly #failures: Failure[] = [];
  #names = 0;

  constructor(scalars: Scalars, packing: Packing) {
    this.#scalars = scalars;
    this.#constants = new ConstantStore(packing);
  }

  emitTop(plan: Plan): Emitted {
    this.#memoryWords = align(plan.frameWords);
    const inputPlaces = plan.inputs.map((input) => {
      const place = this.#memoryWords;
      this.#memoryWords += wordsOf(this.#scalars, input.type);
      input.buffer.home = { kind: "given", words: memory, place: `${place}u` };
      return place;
    });
    const nodes = this.#plan(plan, 0);
    const statusPlace = this.#status;
    if (statusPlace !== null) nodes.unshift(...phase([one(`memory[${statusPlace}u] = 0u;`)]));
    return {
      nodes,
      statusPlace,
      failures: this.#failures,
      declarations: this.#declarations,
      constants: this.#constants,
      inputPlaces,
      deviceConstants: Array.from(this.#deviceConstants, ([array, place]) => ({ array, place })),
      memoryWords: this.#memoryWords,
    };
  }

  /** The nodes of a plan whose frame begins at `base`. */
  #plan(plan: Plan, base: number): Node[] {
    const nodes: Node[] = [];
    for (const step of plan.steps) {
      if (step.kind === "loop") nodes.push(...this.#loop(step, base));
      else if (step.kind === "kernel") nodes.push(...this.#kernel(step, base));
      else if (step.kind === "scan") nodes.push(...this.#scan(step, base));
      else if (step.kind === "while") nodes.push(...this.#while(step, base));
      else nodes.push(...this.#cond(step, base));
    }
    return nodes;
  }

  #place({ buffer }: PlanVariable, base: number): Place {
    const { home, constant, type } = buffer;
    if (constant !== null) {
      if (constant.buffer !== null) return { words: memory, place: `${this.#deviceConstant(constant)}u` };
      return { words: constants, place: `${this.#constants.place(constant.elements, type.dtype)}u` };
    }
    if (home === null) throw internalError("a buffer without a place is read");
    if (home.kind === "given") return home;
    return { words: memory, place: `${base + home.offset}u` };
  }

  #deviceConstant(array: NdArray): number {
    let place = this.#deviceConstants.get(array);
    if (place === undefined) {
      place = this.#memoryWords;
      this.#memoryWords += wordsOf(this.#scalars, array.type);
      this.#deviceConstants.set(array, place);
    }
    return place;
  }

  #array(variable: PlanVariable, base: number): MemoryArray {
    const { buffer, type, view } = variable;
    const { constant } = buffer;
    if (constant !== null && constant.buffer === null && constant.elements.length === 1) {
      const literal = this.#scalars(type.dtype).literal(constant.elements[0]);
      const refuse = (): string => {
        throw internalError("a constant was written");
      };
      return { type, load: () => literal, at: () => literal, store: refuse };
    }
    return this.#arrayAt(this.#place(variable, base), type, view);
  }

  #arrayAt({ words, place }: Place, type: ArrayType, view: View): MemoryArray {
    const scalar = this.#scalars(type.dtype);
    const wordOf = (element: string): string => {
      const own = scalar.words === 1 ? element : `2u * ${element}`;
      return element === "0u" ? place : place === "0u" ? own : `${place} + ${own}`;
    };
    return {
      type,
      load: (index) => scalar.load(words, wordOf(placeOf(view, type.shape, index))),
      at: (indices) => scalar.load(words, wordOf(placeAt(view, type.shape, indices))),
      store: (index, value) => scalar.store(words, wordOf(placeOf(view, type.shape, index)), value),
    };
  }

  #loop(step: LoopStep, base: number): Node[] {
    const count = sizeOf(step.shape);
    if (count === 0) return [];
    const code = new Code();
    const index = "i";
    const locals = new Map<unknown, string>();
    const loaded = new Map<string, string>();
    for (const { name: primitive, lowering, operands, parameters, results } of step.operations) {
      const { shape } = results[0].type;
      const values = operands.map((operand) => {
        const local = locals.get(operand.buffer);
        if (local !== undefined && isLocalIn(operand, step.shape)) return local;
        const view = broadcastView(operand.view, operand.type.shape, shape);
        const expression = this.#array({ ...operand, view, type: { ...operand.type, shape } }, base).load(
          index,
        );
        let name = loaded.get(expression);
        if (name === undefined) loaded.set(expression, (name = code.let(expression)));
        return name;
      });
      const emitted = lowering.emit(
        {
          code,
          scalars: this.#scalars,
          operands: operands.map(({ type }) => type),
          results: results.map(({ type }) => type),
          parameters,
        },
        values,
      );
      if (emitted === undefined) throw lacking(primitive, operands);
      results.forEach((result, r) => {
        const name = code.let(emitted[r]);
        locals.set(result.buffer, name);
        if (result.buffer.stored) code.add(this.#array(result, base).store(index, name));
      });
    }
    return [{ kind: "phase", parts: [{ count, index, lines: code.lines, weight: step.weight }] }];
  }

  #kernel({ lowering, operands, results, parameters, scratch, space }: KernelStep, base: number): Node[] {
    const lists: Node[][] = [[]];
    let at = base + space.offset;
    const context: KernelContext = {
      scalars: this.#scalars,
      scratch: scratch.map((type) => {
        const place = at;
        at += wordsOf(this.#scalars, type);
        return this.#arrayAt({ words: memory, place: `${place}u` }, type, {
          offset: 0,
          strides: rowMajorStrides(type.shape),
        });
      }),
      each: (count, body) => {
        if (count === 0) return;
        const code = new Code();
        body(code, "i");
        lists.at(-1)?.push({
          kind: "phase",
          parts: [{ count, index: "i", lines: code.lines, weight: code.weight * this.#heaviness(operands) }],
        });
      },
      repeat: (length, body) => {
        const iteration = this.#name("t");
        lists.push([]);
        body(iteration);
        const inner = lists.pop() ?? [];
        lists.at(-1)?.push({ kind: "repeat", length, iteration, counter: this.#word(), body: inner });
      },
      constant: (elements, dtype = dtypeOf(elements)) => this.#constantArray(elements, dtype),
      fail: (failure) => {
        const place = (this.#status ??= this.#word());
        let number = this.#failures.indexOf(failure);
        if (number < 0) number = this.#failures.push(failure) - 1;
        return `memory[${place}u] = ${number + 2}u;`;
      },
      declare: (name, text) => void this.#declarations.set(name, text),
    };
    lowering.emit(
      context,
      operands.map((operand) => this.#array(operand, base)),
      results.map((result) => this.#array(result, base)),
      parameters,
    );
    return lists[0];
  }

  /** A line about numbers of two words is about as much work as a dozen lines about those of one. */
  #heaviness(operands: readonly PlanVariable[]): number {
    return operands.some(({ type }) => this.#scalars(type.dtype).words === 2) ? pairWeight : 1;
  }

  #constantArray(elements: Elements, dtype: DType): MemoryArray {
    const place = this.#constants.place(elements, dtype);
    const type: ArrayType = { dtype, shape: [elements.length] };
    return this.#arrayAt({ words: constants, place: `${place}u` }, type, { offset: 0, strides: [1] });
  }

  #scan(step: ScanStep, base: number): Node[] {
    const { body, length, reverse, initial, slices, constants: fixed, finals, stacked, space } = step;
    const frame = base + space.offset + align(1);
    const iteration = this.#name("t");
    const turn = reverse ? `(${length - 1}u - ${iteration})` : iteration;
    const given = (variable: PlanVariable, target: PlanVariable): void => {
      target.buffer.home = { kind: "given", ...this.#place(variable, base) };
    };
    finals.forEach((final, i) => given(final, body.inputs[i]));
    slices.forEach((slice, i) => {
      const input = body.inputs[finals.length + i];
      input.buffer.home = { kind: "given", ...this.#turnOf(slice, input.type, turn, base) };
    });
    fixed.forEach((constant, i) => given(constant, body.inputs[finals.length + slices.length + i]));
    const inner = this.#plan(body, frame);
    const next = body.outputs.map((output, i) => {
      const source = this.#place(output, frame);
      if (i < finals.length) return this.#copy(source, this.#place(finals[i], base), output.type);
      return this.#copy(
        source,
        this.#turnOf(stacked[i - finals.length], output.type, turn, base),
        output.type,
      );
    });
    return [
      ...this.#copies(initial, finals, base),
      {
        kind: "repeat",
        length,
        iteration,
        counter: base + space.offset,
        body: [...inner, ...phase(next)],
      },
    ];
  }

  /** Where the slice of one turn lies. */
  #turnOf(whole: PlanVariable, slice: ArrayType, turn: string, base: number): Place {
    const { words, place } = this.#place(whole, base);
    const length = sizeOf(slice.shape) * this.#scalars(slice.dtype).words;
    return { words, place: `(${place} + ${turn} * ${length}u)` };
  }

  #while(step: WhileStep, base: number): Node[] {
    const { condition, body, initial, conditionConstants, bodyConstants, finals, space } = step;
    const frames = [base + space.offset, base + space.offset + align(condition.frameWords)] as const;
    for (const [plan, fixed] of [
      [condition, conditionConstants],
      [body, bodyConstants],
    ] as const) {
      [...finals, ...fixed].forEach((variable, i) => {
        plan.inputs[i].buffer.home = { kind: "given", ...this.#place(variable, base) };
      });
    }
    const test = this.#plan(condition, frames[0]);
    const inner = this.#plan(body, frames[1]);
    const next = body.outputs.map((output, i) =>
      this.#copy(this.#place(output, frames[1]), this.#place(finals[i], base), output.type),
    );
    const flag = this.#place(condition.outputs[0], frames[0]);
    return [
      ...this.#copies(initial, finals, base),
      {
        kind: "while",
        condition: test,
        status: (this.#status ??= this.#word()),
        flag: `${flag.words}[${flag.place}]`,
        body: [...inner, ...phase(next)],
      },
    ];
  }

  #cond({ branches, selector, operands, results, space }: CondStep, base: number): Node[] {
    const frame = base + space.offset;
    const { words, place } = this.#place(selector, base);
    return [
      {
        kind: "choose",
        choice: this.#name("b"),
        selector: `bitcast<i32>(${words}[${place}])`,
        branches: branches.map((branch) => {
          branch.inputs.forEach((input, i) => {
            input.buffer.home = { kind: "given", ...this.#place(operands[i], base) };
          });
          const inner = this.#plan(branch, frame);
          const out = branch.outputs.map((output, i) =>
            this.#copy(this.#place(output, frame), this.#place(results[i], base), output.type),
          );
          return [...inner, ...phase(out)];
        }),
      },
    ];
  }

  #copies(from: readonly PlanVariable[], to: readonly PlanVariable[], base: number): Node[] {
    return phase(
      from.map((variable, i) =>
        this.#copy(this.#place(variable, base), this.#place(to[i], base), variable.type),
      ),
    );
  }

  /** Copies the words of an array. */
  #copy(from: Place, to: Place, type: ArrayType): Part {
    const count = sizeOf(type.shape) * this.#scalars(type.dtype).words;
    const line = `${to.words}[${to.place} + i] = ${from.words}[${from.place} + i];`;
    return { count, index: "i", lines: [line], weight: 2 };
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}_`;
  }

  /** A word of memory for the time of the call. */
  #word(): number {
    const place = this.#memoryWords;
    this.#memoryWords += align(1);
    return place;
  }
}

function dtypeOf(elements: Elements): DType {
  if (elements instanceof Float64Array) return "f64";
  if (elements instanceof Float32Array) return "f32";
  if (elements instanceof Int32Array) return "i32";
  return elements instanceof Uint32Array ? "u32" : "bool";
}

/** A statement that runs once. */
function one(line: string): Part {
  return { count: 1, index: "i", lines: [line], weight: 1 };
}

function phase(parts: readonly Part[]): Node[] {
  const some = parts.filter(({ count }) => count > 0);
  return some.length === 0 ? [] : [{ kind: "phase", parts: some }];
}

function lacking(primitive: string, operands: readonly PlanVariable[]): PhxError {
  return new PhxError({
    code: "PHX972",
    what: `the WebGPU device cannot compile ${primitive} of ${operands.map(({ type }) => typeText(type)).join(", ")}`,
    why: `its parameters ask for a function that the numbers of this device do not have`,
    fix: "choose a device that has it, or evaluate this part of the function outside of jit",
  });
}
