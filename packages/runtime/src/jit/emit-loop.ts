// emitLoop: one loop step as nested WebAssembly loops over merged axes, four elements side by side innermost.
import { sizeOf } from "@phxlang/autodiff";
import type { Local } from "../wasm/index.ts";
import { i32 } from "../wasm/index.ts";
import { combinePacks, RowFold, rowDtype, rowUnroll } from "./combine.ts";
import type { EmitContext } from "./emit-context.ts";
import { identityOf } from "./identities.ts";
import type { Stream } from "./loop-nest.ts";
import {
  inRegisters,
  isLiteral,
  loopStreams,
  mergeAxes,
  operandStream,
  reductionStream,
  denseStream,
} from "./loop-nest.ts";
import type { Mode, Pack } from "./pack.ts";
import {
  constantPack,
  convertPack,
  elementBytes,
  loadScalar,
  loadStrided,
  loadVector,
  packWidth,
  splatPack,
  storePack,
} from "./pack.ts";
import type { LoopReduction, LoopStep, PlanBuffer, PlanVariable } from "./plan.ts";

export function emitLoop(context: EmitContext, step: LoopStep, index: number): void {
  if (sizeOf(step.space.shape) === 0) return;
  context.scope(() => new LoopEmitter(context, step, index).emit());
  for (const reduction of step.after) {
    const alone: LoopStep = {
      ...step,
      operations: [],
      reductions: [reduction],
      after: [],
      space: reduction.operand.space,
    };
    // From here on the operand is in memory: no loop has the number −1.
    context.scope(() => new LoopEmitter(context, alone, -1).emit());
  }
}

/** A stream with the strides of merged axes, and its address at the current index as local + constant. */
interface Cursor {
  readonly stream: Stream;
  /** Number of the pointer that it shares with streams of equal strides from the same base. */
  readonly pointer: number;
  readonly offset: number;
  /** The element, for streams that stand still along all axes, or along the innermost one. */
  held: Pack | null;
  /** `held` in all four places. */
  heldVector: Pack | null;
}

interface OpenReduction {
  readonly reduction: LoopReduction;
  readonly cursor: Cursor;
  /** Set while a row is folded. */
  fold: RowFold | null;
}

class LoopEmitter {
  readonly #context: EmitContext;
  readonly #step: LoopStep;
  readonly #index: number;
  readonly #lengths: readonly number[];
  readonly #cursors = new Map<string, Cursor>();
  /** Current pointers and their strides along the merged axes. */
  #pointers: Local<"i32">[] = [];
  readonly #pointerStrides: (readonly number[])[] = [];
  readonly #pointerNumbers = new Map<string, number>();
  readonly #reductions: readonly OpenReduction[];
  readonly #uses: ReadonlyMap<PlanBuffer, number>;
  /** How often a body reads each stream. */
  readonly #reads = new Map<Cursor, number>();

  constructor(context: EmitContext, step: LoopStep, index: number) {
    this.#context = context;
    this.#step = step;
    this.#index = index;
    const streams = loopStreams(step, index);
    const nest = mergeAxes(step.space.shape, streams);
    this.#lengths = nest.lengths;
    streams.forEach((stream, i) => this.#addCursor(streamKey(stream), nest.streams[i]));
    this.#reductions = step.reductions.map((reduction) => ({
      reduction,
      cursor: this.#cursor(reductionStream(reduction)),
      fold: null,
    }));
    this.#uses = countUses(step);
    const count = (operand: PlanVariable, target: readonly number[]): void => {
      if (inRegisters(operand, step, index) || isLiteral(operand)) return;
      const cursor = this.#cursor(operandStream(operand, target));
      this.#reads.set(cursor, (this.#reads.get(cursor) ?? 0) + 1);
    };
    for (const { operands, result } of step.operations) {
      for (const operand of operands) count(operand, result.type.shape);
    }
    for (const { operand } of step.reductions) count(operand, operand.type.shape);
  }

  emit(): void {
    for (const open of this.#reductions) this.#fillWithIdentity(open);
    if (this.#lengths.length > 0) {
      for (const cursor of this.#reads.keys()) {
        if (cursor.stream.strides.every((stride) => stride === 0)) this.#hold(cursor);
      }
    }
    this.#axis(0);
  }

  #axis(axis: number): void {
    const last = this.#lengths.length - 1;
    if (axis > last) this.#body("scalar", 0);
    else if (axis === last) this.#row(axis);
    else {
      const { f } = this.#context;
      const outer = this.#pointers;
      f.scope(() => {
        this.#pointers = this.#movingPointers(axis);
        f.forRange(0, this.#lengths[axis], () => {
          this.#axis(axis + 1);
          this.#advance(axis, 1);
        });
      });
      this.#pointers = outer;
    }
  }

  /** The innermost axis: whole vectors, then single elements. */
  #row(axis: number): void {
    const { f } = this.#context;
    const length = this.#lengths[axis];
    const folds = this.#reductions.filter(({ cursor }) => cursor.stream.strides[axis] === 0);
    const unroll = folds.length > 0 ? rowUnroll : 1;
    const chunk = packWidth * unroll;
    const vectors = Math.floor(length / chunk);
    const rest = length - vectors * chunk;
    f.scope(() => {
      for (const cursor of this.#reads.keys()) {
        const { strides } = cursor.stream;
        if (strides[axis] === 0 && strides.some((stride) => stride !== 0)) this.#hold(cursor);
      }
      for (const open of folds) {
        const { combination } = open.reduction.lowering;
        open.fold = new RowFold(f, combination, open.reduction.operand.type.dtype, vectors > 0);
      }
      const outer = this.#pointers;
      this.#pointers = this.#movingPointers(axis);
      this.#repeat(axis, vectors, chunk, () => {
        for (let u = 0; u < unroll; u++) f.scope(() => this.#body("vector", u));
      });
      if (vectors > 0) for (const { fold } of folds) fold?.joinPartials();
      this.#repeat(axis, rest, 1, () => this.#body("scalar", 0));
      this.#pointers = outer;
      for (const open of folds) this.#finishRow(open);
    });
  }

  /** Runs a body and moves on, so many times. */
  #repeat(axis: number, times: number, elements: number, body: () => void): void {
    const { f } = this.#context;
    const step = (): void => {
      body();
      this.#advance(axis, elements);
    };
    if (times === 1) f.scope(step);
    else if (times > 1) f.forRange(0, times, step);
  }

  /** Computes all operations at one place: one element, or the four of unrolled part `part`. */
  #body(mode: Mode, part: number): void {
    const { f, module } = this.#context;
    const packs = new Map<PlanBuffer, Pack>();
    const loaded = new Map<Cursor, Pack>();
    const read = (operand: PlanVariable, target: readonly number[]): Pack => {
      if (isLiteral(operand) && operand.buffer.home?.kind === "constant") {
        return constantPack(mode, operand.buffer.type.dtype, operand.buffer.home.array.elements[0]);
      }
      if (inRegisters(operand, this.#step, this.#index)) return packs.get(operand.buffer) as Pack;
      const cursor = this.#cursor(operandStream(operand, target));
      let pack = loaded.get(cursor);
      if (pack === undefined) {
        pack = this.#load(cursor, mode, part);
        if ((this.#reads.get(cursor) ?? 0) > 1) pack = keepPack(this.#context, pack);
        loaded.set(cursor, pack);
      }
      return pack;
    };
    for (const { lowering, operands, parameters, result } of this.#step.operations) {
      const given = operands.map((operand) => {
        const pack = read(operand, result.type.shape);
        return lowering.usesOnce === true ? pack : keepPack(this.#context, pack);
      });
      let pack = lowering.emit({ f, mode, math: module.math }, given, parameters, result.type);
      const { buffer } = result;
      if ((this.#uses.get(buffer) ?? 0) > 1) pack = keepPack(this.#context, pack);
      packs.set(buffer, pack);
      if (buffer.stored) {
        const cursor = this.#cursor(denseStream(buffer));
        const offset = cursor.offset + part * packWidth * elementBytes[buffer.type.dtype];
        storePack(f, mode, pack, this.#pointers[cursor.pointer], offset);
      }
    }
    for (const { reduction, cursor, fold } of this.#reductions) {
      const value = read(reduction.operand, reduction.operand.type.shape);
      if (fold !== null) {
        if (mode === "vector") fold.addVector(part, value);
        else fold.addScalar(value);
        continue;
      }
      const { combination } = reduction.lowering;
      const before = this.#load(cursor, mode, part);
      const offset = cursor.offset + part * packWidth * elementBytes[cursor.stream.buffer.type.dtype];
      const after = combinePacks(mode, combination, before, value);
      storePack(f, mode, after, this.#pointers[cursor.pointer], offset);
    }
  }

  #load(cursor: Cursor, mode: Mode, part: number): Pack {
    if (cursor.held !== null) {
      if (mode === "scalar") return cursor.held;
      cursor.heldVector ??= splatPack(cursor.held);
      return cursor.heldVector;
    }
    const { dtype } = cursor.stream.buffer.type;
    const pointer = this.#pointers[cursor.pointer];
    if (mode === "scalar") return loadScalar(dtype, pointer, cursor.offset);
    const stride = cursor.stream.strides.at(-1) ?? 0;
    if (stride === elementBytes[dtype]) {
      return loadVector(dtype, pointer, cursor.offset + part * packWidth * stride);
    }
    const moved = cursor.offset + part * packWidth * stride;
    return moved >= 0
      ? loadStrided(dtype, pointer, moved, stride)
      : loadStrided(dtype, i32.add(pointer, moved), 0, stride);
  }

  /** Loads the element of a stream that stands still from here on, once. */
  #hold(cursor: Cursor): void {
    cursor.held = null;
    cursor.heldVector = null;
    const { dtype } = cursor.stream.buffer.type;
    const { parts } = loadScalar(dtype, this.#pointers[cursor.pointer], cursor.offset);
    cursor.held = { dtype, parts: parts.map((part) => this.#context.f.let(part)) };
  }

  #finishRow(open: OpenReduction): void {
    const { fold, cursor, reduction } = open;
    if (fold === null) return;
    const { combination } = reduction.lowering;
    const { dtype } = cursor.stream.buffer.type;
    const pointer = this.#pointers[cursor.pointer];
    let total = fold.total;
    if (hasOuterReduction(cursor.stream)) {
      const wide = rowDtype(combination, dtype);
      const before = convertPack("scalar", loadScalar(dtype, pointer, cursor.offset), wide);
      total = combinePacks("scalar", combination, before, total);
    }
    storePack(this.#context.f, "scalar", convertPack("scalar", total, dtype), pointer, cursor.offset);
    open.fold = null;
  }

  /** Results that are read before they are written start as the identity. */
  #fillWithIdentity({ reduction, cursor }: OpenReduction): void {
    const { buffer, strides } = cursor.stream;
    const rowsOnly = strides.at(-1) === 0 && !hasOuterReduction(cursor.stream);
    if (rowsOnly) return;
    const { f } = this.#context;
    const { dtype } = buffer.type;
    const count = sizeOf(buffer.type.shape);
    const identity = constantPack("scalar", dtype, identityOf(reduction.lowering.combination, dtype));
    const { base, offset } = this.#context.place(buffer);
    if (count === 1) storePack(f, "scalar", identity, base, offset);
    else {
      f.scope(() => {
        const pointer = f.let(i32.add(base, offset));
        f.forRange(0, count, () => {
          storePack(f, "scalar", identity, pointer, 0);
          f.set(pointer, i32.add(pointer, elementBytes[dtype]));
        });
      });
    }
  }

  /** Fresh locals for the pointers that move along an axis. */
  #movingPointers(axis: number): Local<"i32">[] {
    return this.#pointers.map((pointer, i) =>
      this.#pointerStrides[i][axis] === 0 ? pointer : this.#context.f.let(pointer),
    );
  }

  #advance(axis: number, steps: number): void {
    this.#pointers.forEach((pointer, i) => {
      const stride = this.#pointerStrides[i][axis];
      if (stride !== 0) this.#context.f.set(pointer, i32.add(pointer, stride * steps));
    });
  }

  #addCursor(key: string, stream: Stream): void {
    if (this.#cursors.has(key)) return;
    const { base, offset } = this.#context.place(stream.buffer);
    const pointerKey = `${base.index}:${stream.strides.join(",")}`;
    let pointer = this.#pointerNumbers.get(pointerKey);
    if (pointer === undefined) {
      pointer = this.#pointers.length;
      this.#pointerNumbers.set(pointerKey, pointer);
      this.#pointers.push(base);
      this.#pointerStrides.push(stream.strides);
    }
    this.#cursors.set(key, { stream, pointer, offset: offset + stream.start, held: null, heldVector: null });
  }

  #cursor(stream: Stream): Cursor {
    return this.#cursors.get(streamKey(stream)) as Cursor;
  }
}

const bufferNumbers = new WeakMap<PlanBuffer, number>();
let bufferCount = 0;

function streamKey({ buffer, start, strides }: Stream): string {
  let number = bufferNumbers.get(buffer);
  if (number === undefined) {
    number = bufferCount++;
    bufferNumbers.set(buffer, number);
  }
  return `${number}:${start}:${strides.join(",")}`;
}

function hasOuterReduction({ strides }: Stream): boolean {
  return strides.slice(0, -1).some((stride) => stride === 0);
}

/** How often the loop itself reads each result. */
function countUses(step: LoopStep): ReadonlyMap<PlanBuffer, number> {
  const uses = new Map<PlanBuffer, number>();
  const use = (buffer: PlanBuffer): unknown => uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
  for (const { operands, result } of step.operations) {
    for (const { buffer } of operands) use(buffer);
    if (result.buffer.stored) use(result.buffer);
  }
  for (const { operand } of step.reductions) use(operand.buffer);
  return uses;
}

/** The pack in locals, so that using it again does not compute it again. */
function keepPack({ f }: EmitContext, pack: Pack): Pack {
  const parts = pack.parts.map((part) => ("index" in part ? part : f.let(part)));
  return { dtype: pack.dtype, parts };
}
