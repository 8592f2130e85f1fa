// MathLibrary: numerical functions in a module, for one double and for two, with the same bits.
import { internalError } from "@phxlang/autodiff";
import type { Expression } from "../expression.ts";
import type { FunctionBuilder, FunctionReference, Local } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32, i64 } from "../scalar.ts";
import { f64x2, v128 } from "../vector.ts";
import type { Vector } from "../vector.ts";
import { group, groupedDoubles, oneDouble, twoDoubles, vectorsOf } from "./doubles.ts";
import type { Doubles, Mask, Real } from "./doubles.ts";

/** One stretch of a function's domain and its formula there. Arguments are locals. */
export interface Piece {
  readonly where: (d: Doubles, ...x: readonly Real[]) => Mask;
  readonly compute: (d: Doubles, f: FunctionBuilder, ...x: readonly Real[]) => Real;
}

/**
 * A function of one, two or three doubles. Where a piece covers the arguments, WebAssembly computes it with the
 * operations of the reference in the same order; elsewhere (special values, huge angles) it calls the reference.
 */
export interface MathFunction {
  readonly name: string;
  readonly arity: 1 | 2 | 3;
  readonly reference: (...x: number[]) => number;
  readonly pieces: readonly Piece[];
}

type ScalarReference = FunctionReference<readonly "f64"[], "f64">;
type VectorReference = FunctionReference<readonly "v128"[], "v128">;

/** The functions that one module uses; each is defined at its first use. */
export class MathLibrary {
  private readonly module: ModuleBuilder;
  private readonly scalars = new Map<string, ScalarReference>();
  private readonly vectors = new Map<string, VectorReference>();
  #toInt32: FunctionReference<readonly ["f64"], "i32"> | undefined;

  constructor(module: ModuleBuilder) {
    this.module = module;
  }

  /** The function of one double. */
  scalar(definition: MathFunction): ScalarReference {
    let reference = this.scalars.get(definition.name);
    if (reference !== undefined) return reference;
    const parameters = Array.from({ length: definition.arity }, () => "f64" as const);
    const elsewhere = this.module.importFunction(definition.reference, parameters, "f64");
    if (definition.pieces.length === 0) reference = elsewhere;
    else {
      reference = this.module.function(parameters, "f64", (f, ...x) => {
        for (const { where, compute } of definition.pieces) {
          f.if(where(oneDouble, ...x) as Expression<"i32">, () => f.return(compute(oneDouble, f, ...x)));
        }
        f.return(f.call(elsewhere, ...x));
      });
    }
    this.scalars.set(definition.name, reference);
    return reference;
  }

  /** Truncates and wraps modulo 2³²; NaN and infinities become 0: JavaScript's conversion to integers. */
  toInt32(): FunctionReference<readonly ["f64"], "i32"> {
    this.#toInt32 ??= this.#defineToInt32();
    return this.#toInt32;
  }

  #defineToInt32(): FunctionReference<readonly ["f64"], "i32"> {
    const elsewhere = this.module.importFunction((x) => x | 0, ["f64"], "i32");
    return this.module.function(["f64"], "i32", (f, x) => {
      f.if(f64.lt(f64.abs(x), 2 ** 62), () => f.return(i32.wrapI64(i64.truncSatF64S(x))));
      f.return(f.call(elsewhere, x));
    });
  }

  /** The function of two doubles at once: one piece if it covers both, otherwise one after the other. */
  vector(definition: MathFunction): VectorReference {
    let reference = this.vectors.get(definition.name);
    if (reference !== undefined) return reference;
    const scalar = this.scalar(definition);
    const parameters = Array.from({ length: definition.arity }, () => "v128" as const);
    reference = this.module.function(parameters, "v128", (f, ...x) => {
      for (const { where, compute } of definition.pieces) {
        f.if(twoDoubles.all(where(twoDoubles, ...x)), () => f.return(compute(twoDoubles, f, ...x)));
      }
      const lane = (index: number): Expression<"f64"> =>
        f.call(scalar, ...x.map((argument) => f64x2.extractLane(argument, index)));
      f.return(f64x2.replaceLane(f64x2.splat(lane(0)), 1, lane(1)));
    });
    this.vectors.set(definition.name, reference);
    return reference;
  }

  /**
   * Writes the first piece in place for several vectors at once, without a branch: right where it covers the
   * arguments, and elsewhere the lanes of `guard` are cleared, so that the caller notices and calls `vector`.
   * `x[a]` are the vectors of argument a.
   */
  speculate(
    f: FunctionBuilder,
    guard: Local<"v128">,
    definition: MathFunction,
    x: readonly (readonly Vector[])[],
  ): readonly Expression<"v128">[] {
    const [first] = definition.pieces;
    if (first === undefined) throw internalError(`${definition.name} has no piece to write in place`);
    const d = groupedDoubles(f, x[0].length);
    const args = x.map((vectors) => group(vectors.map((vector) => f.let(vector))));
    for (const mask of vectorsOf(first.where(d, ...args))) f.set(guard, v128.and(guard, mask));
    return vectorsOf(first.compute(d, f, ...args));
  }
}
