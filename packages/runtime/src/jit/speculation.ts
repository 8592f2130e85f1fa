// Speculation: long rows of functions run in a WebAssembly function of their own that makes no calls.
//
// Engines keep constants and partial results in registers only in functions without calls. So functions like exp are
// written in place for their ordinary arguments, and a guard notes when an argument was not ordinary. The fast
// function works in blocks; a block whose guard was cleared is left to a careful function that calls.
import { allocate } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, FunctionReference, Local } from "../wasm/index.ts";
import { i32, i64x2, select, v128 } from "../wasm/index.ts";
import { RowFold } from "./combine.ts";
import { EmitContext } from "./emit-context.ts";
import type { OpenReduction } from "./loop-body.ts";
import { LoopBody } from "./loop-body.ts";
import { packWidth } from "./pack.ts";
import type { LoopStep } from "./plan.ts";

/** Turns of the innermost loop that are computed before the guard is asked. */
const blockVectors = 32;

/** Shorter rows are not worth the calls. */
const shortRow = 64;

export function canSpeculate(step: LoopStep, rowLength: number): boolean {
  return rowLength >= shortRow && step.operations.some(({ lowering }) => lowering.speculate !== undefined);
}

/** Above this weight, unrolled parts follow each other instead of alternating: too many values would be alive. */
const heavyBody = 120;

/** The unrolled parts of a turn, those together that alternate. */
export function unrolledParts({ weight }: LoopStep, unroll: number): readonly (readonly number[])[] {
  const parts = Array.from({ length: unroll }, (_, part) => part);
  return weight > heavyBody ? parts.map((part) => [part]) : [parts];
}

/** Bytes of the memory for the partial results of one fold: at most four vectors. */
const foldBytes = 64;

type RowFunction<R extends "i32" | "none"> = FunctionReference<readonly "i32"[], R>;

/**
 * The vectors of a loop's rows. Between its functions the partial results of folds are in memory at `#state`; the
 * functions take the frame, the first turn to run, and the pointers to the start of the row.
 */
export class SpeculativeRows {
  readonly #context: EmitContext;
  readonly #step: LoopStep;
  readonly #index: number;
  readonly #vectors: number;
  readonly #unroll: number;
  readonly #state: number;
  #functions: { fast: RowFunction<"i32">; careful: RowFunction<"none"> } | null = null;

  constructor(context: EmitContext, step: LoopStep, index: number, vectors: number, unroll: number) {
    this.#context = context;
    this.#step = step;
    this.#index = index;
    this.#vectors = vectors;
    this.#unroll = unroll;
    const bytes = foldBytes * step.reductions.length;
    this.#state = bytes === 0 ? 0 : context.module.place(allocate("f64", bytes / 8));
  }

  /** Runs all vectors of a row and moves the pointers behind them. */
  emit(body: LoopBody): void {
    const { f, frame } = this.#context;
    this.#functions ??= { fast: this.#define("i32", body), careful: this.#define("none", body) };
    const { fast, careful } = this.#functions;
    f.scope(() => this.#store(f, this.#openFolds(f, body.reductions)));
    f.scope(() => {
      const first = f.let(i32.const(0));
      f.block((done) => {
        f.loop((again) => {
          f.set(first, f.call(fast, frame, first, ...body.pointers));
          f.branchIf(done, i32.geS(first, this.#vectors));
          f.run(careful, frame, first, ...body.pointers);
          f.set(first, i32.add(first, blockVectors));
          f.branchIf(again, i32.ltS(first, this.#vectors));
        });
      });
    });
    body.advance(body.lengths.length - 1, this.#vectors * packWidth * this.#unroll);
  }

  /** Gives the partial results to the folds of the caller. */
  takeOver(reductions: readonly OpenReduction[]): void {
    this.#load(
      this.#context.f,
      reductions.map(({ fold }) => fold),
    );
  }

  /**
   * "i32": the fast function, which returns the turn at which a block failed, or the number of turns. "none": the
   * careful one, which runs one block.
   */
  #define<R extends "i32" | "none">(result: R, outer: LoopBody): RowFunction<R> {
    const parameters = ["i32", "i32", ...outer.pointers.map(() => "i32" as const)] as const;
    return this.#context.module.builder.function(parameters, result, (f, frame, first, ...pointers) => {
      const context = new EmitContext(f, frame, this.#context.module);
      const body = new LoopBody(context, this.#step, this.#index);
      const axis = body.lengths.length - 1;
      const chunk = packWidth * this.#unroll;
      body.hold("all");
      body.pointers = pointers.map((pointer, i) => {
        const bytes = body.pointerStrides[i][axis] * chunk;
        return bytes === 0 ? pointer : f.let(i32.add(pointer, i32.mul(first, bytes)));
      });
      body.hold("last");
      const folds = this.#openFolds(f, body.reductions);
      body.reductions.forEach((open, i) => (open.fold = folds[i]));
      this.#load(f, folds);
      const turn = (guard: Local<"v128"> | null): void => {
        for (const parts of unrolledParts(this.#step, this.#unroll)) {
          f.scope(() => body.emit("vector", parts, guard));
        }
        body.advance(axis, chunk);
      };
      if (result === "i32") this.#fast(f, first, folds, turn);
      else {
        this.#block(f, first, () => turn(null));
        this.#store(f, folds);
      }
    });
  }

  #fast(
    f: FunctionBuilder,
    first: Local<"i32">,
    folds: readonly RowFold[],
    turn: (guard: Local<"v128">) => void,
  ): void {
    const guard = f.local("v128");
    const partials = folds.flatMap((fold) => fold.partials);
    const copies = partials.map((partial) => f.local(partial.type));
    f.loop((again) => {
      copies.forEach((copy, i) => f.set(copy, partials[i]));
      f.set(guard, i64x2.const(-1n));
      this.#block(f, first, () => turn(guard));
      f.if(i32.eqz(i64x2.allTrue(guard)), () => {
        partials.forEach((partial, i) => f.set(partial, copies[i]));
        this.#store(f, folds);
        f.return(first);
      });
      f.set(first, i32.add(first, blockVectors));
      f.branchIf(again, i32.ltS(first, this.#vectors));
    });
    this.#store(f, folds);
    f.return(first);
  }

  /** Runs the turns of one block; there is at least one. */
  #block(f: FunctionBuilder, first: Local<"i32">, turn: () => void): void {
    f.scope(() => {
      const left = f.let(i32.sub(this.#vectors, first));
      f.set(left, select("i32", i32.ltS(left, blockVectors), left, blockVectors));
      f.loop((again) => {
        turn();
        f.set(left, i32.sub(left, 1));
        f.branchIf(again, left);
      });
    });
  }

  #openFolds(f: FunctionBuilder, reductions: readonly OpenReduction[]): RowFold[] {
    return reductions.map(
      ({ reduction }) => new RowFold(f, reduction.lowering.combination, reduction.operand.type.dtype, true),
    );
  }

  #store(f: FunctionBuilder, folds: readonly RowFold[]): void {
    folds.forEach((fold, i) => {
      fold.partials.forEach((partial, p) => {
        f.store(v128, i32.const(this.#state), partial as Expression<"v128">, i * foldBytes + 16 * p);
      });
    });
  }

  #load(f: FunctionBuilder, folds: readonly (RowFold | null)[]): void {
    folds.forEach((fold, i) => {
      fold?.partials.forEach((partial, p) => {
        f.set(partial as Local<"v128">, v128.load(i32.const(this.#state), i * foldBytes + 16 * p));
      });
    });
  }
}
