// emitLoop: one loop step as nested WebAssembly loops over merged axes, four elements side by side innermost.
import { sizeOf } from "@phxlang/autodiff";
import { i32 } from "../wasm/index.ts";
import { combinePacks, RowFold, rowDtype, rowUnroll } from "./combine.ts";
import type { EmitContext } from "./emit-context.ts";
import { emitStraight } from "./emit-straight.ts";
import { identityOf } from "./identities.ts";
import type { Cursor, OpenReduction } from "./loop-body.ts";
import { LoopBody } from "./loop-body.ts";
import { constantPack, convertPack, elementBytes, loadScalar, packWidth, storePack } from "./pack.ts";
import type { LoopStep } from "./plan.ts";
import { canSpeculate, SpeculativeRows, unrolledParts } from "./speculation.ts";

export function emitLoop(context: EmitContext, step: LoopStep, index: number): void {
  if (sizeOf(step.space.shape) === 0) return;
  if (step.space.shape.length === 0) {
    context.scope(() => emitStraight(context, step));
    return;
  }
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

class LoopEmitter {
  readonly #context: EmitContext;
  readonly #step: LoopStep;
  readonly #body: LoopBody;
  /** Turns of the innermost loop over vectors, elements that one turn takes, and single elements after them. */
  readonly #vectors: number;
  readonly #chunk: number;
  readonly #rest: number;
  readonly #folded: readonly OpenReduction[];
  readonly #speculative: SpeculativeRows | null;

  constructor(context: EmitContext, step: LoopStep, index: number) {
    this.#context = context;
    this.#step = step;
    this.#body = new LoopBody(context, step, index);
    const { lengths, reductions } = this.#body;
    const length = lengths.at(-1) ?? 0;
    this.#folded = reductions.filter(({ cursor }) => cursor.stream.strides.at(-1) === 0);
    const speculates = this.#folded.length === reductions.length && canSpeculate(step, length);
    const unroll = this.#folded.length > 0 || speculates ? rowUnroll : 1;
    this.#chunk = packWidth * unroll;
    this.#vectors = Math.floor(length / this.#chunk);
    this.#rest = length - this.#vectors * this.#chunk;
    this.#speculative = speculates ? new SpeculativeRows(context, step, index, this.#vectors, unroll) : null;
  }

  emit(): void {
    for (const open of this.#body.reductions) this.#fillWithIdentity(open);
    this.#body.hold("all");
    this.#axis(0);
  }

  #axis(axis: number): void {
    const body = this.#body;
    const last = body.lengths.length - 1;
    if (axis === last) this.#row(axis);
    else {
      const { f } = this.#context;
      const outer = body.pointers;
      f.scope(() => {
        body.pointers = body.movingPointers(axis);
        f.forRange(0, body.lengths[axis], () => {
          this.#axis(axis + 1);
          body.advance(axis, 1);
        });
      });
      body.pointers = outer;
    }
  }

  /** The innermost axis: whole vectors, then single elements. */
  #row(axis: number): void {
    const { f } = this.#context;
    const body = this.#body;
    f.scope(() => {
      body.hold("last");
      const outer = body.pointers;
      body.pointers = body.movingPointers(axis);
      if (this.#speculative !== null) this.#speculative.emit(body);
      for (const open of this.#folded) open.fold = this.#newFold(open);
      if (this.#speculative !== null) this.#speculative.takeOver(this.#folded);
      else {
        this.#repeat(axis, this.#vectors, this.#chunk, () => {
          for (const parts of unrolledParts(this.#step, this.#chunk / packWidth)) {
            f.scope(() => body.emit("vector", parts, null));
          }
        });
      }
      if (this.#vectors > 0) for (const { fold } of this.#folded) fold?.joinPartials();
      this.#repeat(axis, this.#rest, 1, () => body.emit("scalar", [0], null));
      body.pointers = outer;
      for (const open of this.#folded) this.#finishRow(open);
    });
  }

  #newFold({ reduction }: OpenReduction): RowFold {
    const { combination } = reduction.lowering;
    return new RowFold(this.#context.f, combination, reduction.operand.type.dtype, this.#vectors > 0);
  }

  /** Runs a body and moves on, so many times. */
  #repeat(axis: number, times: number, elements: number, run: () => void): void {
    const { f } = this.#context;
    const turn = (): void => {
      run();
      this.#body.advance(axis, elements);
    };
    if (times === 1) f.scope(turn);
    else if (times > 1) f.forRange(0, times, turn);
  }

  #finishRow(open: OpenReduction): void {
    const { fold, cursor, reduction } = open;
    if (fold === null) return;
    const { combination } = reduction.lowering;
    const { dtype } = cursor.stream.buffer.type;
    const pointer = this.#body.pointers[cursor.pointer];
    let total = fold.total;
    if (hasOuterReduction(cursor)) {
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
    const rowsOnly = strides.at(-1) === 0 && !hasOuterReduction(cursor);
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
}

function hasOuterReduction({ stream }: Cursor): boolean {
  return stream.strides.slice(0, -1).some((stride) => stride === 0);
}
