// LoopBody: what one loop computes at one place of its index space, with the pointers to that place.
import type { Local } from "../wasm/index.ts";
import { i32 } from "../wasm/index.ts";
import type { RowFold } from "./combine.ts";
import { combinePacks } from "./combine.ts";
import type { EmitContext } from "./emit-context.ts";
import type { BodyContext } from "./lowering.ts";
import type { Stream } from "./loop-nest.ts";
import {
  denseStream,
  inRegisters,
  isLiteral,
  loopStreams,
  mergeAxes,
  operandStream,
  reductionStream,
} from "./loop-nest.ts";
import type { Mode, Pack } from "./pack.ts";
import {
  constantPack,
  elementBytes,
  loadScalar,
  loadStrided,
  loadVector,
  packWidth,
  splatPack,
  storePack,
} from "./pack.ts";
import type { LoopReduction, LoopStep, PlanBuffer, PlanVariable } from "./plan.ts";

/** All ones while functions that were written in place were right; null where none is. */
export type Guard = Local<"v128"> | null;

/** A stream with the strides of merged axes, and its address at the current index as local + constant. */
export interface Cursor {
  readonly stream: Stream;
  /** Number of the pointer that it shares with streams of equal strides from the same base. */
  readonly pointer: number;
  readonly offset: number;
  /** The element, for streams that stand still along all axes, or along the innermost one. */
  held: Pack | null;
  /** `held` in all four places. */
  heldVector: Pack | null;
}

export interface OpenReduction {
  readonly reduction: LoopReduction;
  readonly cursor: Cursor;
  /** Set while a row is folded. */
  fold: RowFold | null;
}

/**
 * One body can be written into several functions: bodies of the same step number their pointers alike, so a
 * function may hand its pointers to another as arguments.
 */
export class LoopBody {
  /** Lengths of the merged axes. */
  readonly lengths: readonly number[];
  readonly reductions: readonly OpenReduction[];
  /** Pointers to the current place; bytes that they move by along each axis are in `pointerStrides`. */
  pointers: Local<"i32">[] = [];
  readonly pointerStrides: (readonly number[])[] = [];
  readonly context: EmitContext;
  readonly #step: LoopStep;
  readonly #index: number;
  readonly #cursors = new Map<string, Cursor>();
  readonly #pointerNumbers = new Map<string, number>();
  readonly #bufferNumbers = new Map<PlanBuffer, number>();
  readonly #uses: ReadonlyMap<PlanBuffer, number>;
  /** How often a body reads each stream. */
  readonly #reads = new Map<Cursor, number>();

  constructor(context: EmitContext, step: LoopStep, index: number) {
    this.context = context;
    this.#step = step;
    this.#index = index;
    const streams = loopStreams(step, index);
    const nest = mergeAxes(step.space.shape, streams);
    this.lengths = nest.lengths;
    streams.forEach((stream, i) => this.#addCursor(this.#key(stream), nest.streams[i]));
    this.reductions = step.reductions.map((reduction) => ({
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

  /** Loads what stands still from here on, once: along all axes, or only along the last one. */
  hold(along: "all" | "last"): void {
    for (const cursor of this.#reads.keys()) {
      const { strides } = cursor.stream;
      const fixed = strides.every((stride) => stride === 0);
      if (along === "all" ? fixed : !fixed && strides.at(-1) === 0) this.#hold(cursor);
    }
  }

  /**
   * Computes all operations at one place: at one element, or at the vectors of the unrolled `parts`, four elements
   * each, alternating between them. With a guard, functions are written in place for ordinary arguments.
   */
  emit(mode: Mode, parts: readonly number[], guard: Guard): void {
    const { f, module } = this.context;
    const body: BodyContext = { f, mode, math: module.math };
    const packs = new Map<PlanBuffer, readonly Pack[]>();
    const loaded = new Map<Cursor, readonly Pack[]>();
    const read = (operand: PlanVariable, target: readonly number[]): readonly Pack[] => {
      if (isLiteral(operand) && operand.buffer.home?.kind === "constant") {
        const literal = operand.buffer.home.array.elements[0];
        const pack = constantPack(mode, operand.buffer.type.dtype, literal);
        return parts.map(() => pack);
      }
      const known = packs.get(operand.buffer);
      if (known !== undefined && inRegisters(operand, this.#step, this.#index)) return known;
      const cursor = this.#cursor(operandStream(operand, target));
      let own = loaded.get(cursor);
      if (own === undefined) {
        own = parts.map((part) => this.#load(cursor, mode, part));
        if ((this.#reads.get(cursor) ?? 0) > 1) own = own.map((pack) => keepPack(this.context, pack));
        loaded.set(cursor, own);
      }
      return own;
    };
    for (const { lowering, operands, parameters, result } of this.#step.operations) {
      const given = operands.map((operand) => {
        const own = read(operand, result.type.shape);
        return lowering.usesOnce === true ? own : own.map((pack) => keepPack(this.context, pack));
      });
      const { buffer } = result;
      let own =
        guard !== null && lowering.speculate !== undefined
          ? lowering.speculate(body, guard, given)
          : parts.map((_, p) =>
              lowering.emit(
                body,
                given.map((pack) => pack[p]),
                parameters,
                result.type,
              ),
            );
      if ((this.#uses.get(buffer) ?? 0) > 1) own = own.map((pack) => keepPack(this.context, pack));
      packs.set(buffer, own);
      if (buffer.stored) this.#store(this.#cursor(denseStream(buffer)), mode, parts, own);
    }
    for (const { reduction, cursor, fold } of this.reductions) {
      const values = read(reduction.operand, reduction.operand.type.shape);
      if (fold !== null) {
        if (mode === "vector") parts.forEach((part, p) => fold.addVector(part, values[p]));
        else fold.addScalar(values[0]);
        continue;
      }
      const { combination } = reduction.lowering;
      const after = parts.map((part, p) =>
        combinePacks(mode, combination, this.#load(cursor, mode, part), values[p]),
      );
      this.#store(cursor, mode, parts, after);
    }
  }

  #store(cursor: Cursor, mode: Mode, parts: readonly number[], packs: readonly Pack[]): void {
    const partBytes = packWidth * elementBytes[cursor.stream.buffer.type.dtype];
    parts.forEach((part, p) => {
      const pointer = this.pointers[cursor.pointer];
      storePack(this.context.f, mode, packs[p], pointer, cursor.offset + part * partBytes);
    });
  }

  #load(cursor: Cursor, mode: Mode, part: number): Pack {
    if (cursor.held !== null) {
      if (mode === "scalar") return cursor.held;
      cursor.heldVector ??= splatPack(cursor.held);
      return cursor.heldVector;
    }
    const { dtype } = cursor.stream.buffer.type;
    const pointer = this.pointers[cursor.pointer];
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
    const { parts } = loadScalar(dtype, this.pointers[cursor.pointer], cursor.offset);
    cursor.held = { dtype, parts: parts.map((part) => this.context.f.let(part)) };
  }

  /** Fresh locals for the pointers that move along an axis. */
  movingPointers(axis: number): Local<"i32">[] {
    return this.pointers.map((pointer, i) =>
      this.pointerStrides[i][axis] === 0 ? pointer : this.context.f.let(pointer),
    );
  }

  advance(axis: number, steps: number): void {
    this.pointers.forEach((pointer, i) => {
      const stride = this.pointerStrides[i][axis];
      if (stride !== 0) this.context.f.set(pointer, i32.add(pointer, stride * steps));
    });
  }

  #addCursor(key: string, stream: Stream): void {
    if (this.#cursors.has(key)) return;
    const { base, offset } = this.context.place(stream.buffer);
    const pointerKey = `${base.index}:${stream.strides.join(",")}`;
    let pointer = this.#pointerNumbers.get(pointerKey);
    if (pointer === undefined) {
      pointer = this.pointers.length;
      this.#pointerNumbers.set(pointerKey, pointer);
      this.pointers.push(base);
      this.pointerStrides.push(stream.strides);
    }
    this.#cursors.set(key, { stream, pointer, offset: offset + stream.start, held: null, heldVector: null });
  }

  #cursor(stream: Stream): Cursor {
    return this.#cursors.get(this.#key(stream)) as Cursor;
  }

  #key({ buffer, start, strides }: Stream): string {
    let number = this.#bufferNumbers.get(buffer);
    if (number === undefined) this.#bufferNumbers.set(buffer, (number = this.#bufferNumbers.size));
    return `${number}:${start}:${strides.join(",")}`;
  }
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
