// EmitContext: what the emitters of one function share: addresses of buffers, functions, literals.
import type { Elements } from "@phxlang/autodiff";
import { internalError } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, FunctionReference, Local, ModuleBuilder } from "../wasm/index.ts";
import { i32 } from "../wasm/index.ts";
import type { MathLibrary } from "../wasm/math/index.ts";
import type { PlanBuffer } from "./plan.ts";
import { slotBytes } from "./plan.ts";

/** Runs a plan on the frame at its argument. */
export type PlanFunction = FunctionReference<readonly ["i32"], "none">;

/** An address as a local and a constant number of bytes to add. */
export interface Place {
  readonly base: Local<"i32">;
  readonly offset: number;
}

/** The module-wide part: where constants lie, and the functions that were defined so far. */
export interface ModuleContext {
  readonly builder: ModuleBuilder;
  readonly math: MathLibrary;
  /** The address of elements that were put into the memory for good. */
  place(elements: Elements): number;
}

/** For one function of a plan, whose only parameter is the address of the plan's frame. */
export class EmitContext {
  readonly f: FunctionBuilder;
  readonly frame: Local<"i32">;
  readonly module: ModuleContext;
  readonly #bases = new Map<string, Local<"i32">>();

  constructor(f: FunctionBuilder, frame: Local<"i32">, module: ModuleContext) {
    this.f = f;
    this.frame = frame;
    this.module = module;
  }

  /** Runs an emitter whose locals end with it; bases that it fetched are forgotten. */
  scope(body: () => void): void {
    this.f.scope(body);
    this.#bases.clear();
  }

  /** Where a buffer starts. Fetches its pointer at the first use in a scope. */
  place(buffer: PlanBuffer): Place {
    const { home } = buffer;
    if (home === null) throw internalError("a buffer without a home is read or written");
    if (home.kind === "frame") return { base: this.frame, offset: home.offset };
    if (home.kind === "pointer") {
      return {
        base: this.#base(`slot ${home.slot}`, () => i32.load(this.frame, home.slot * slotBytes)),
        offset: 0,
      };
    }
    return { base: this.#base("zero", () => i32.const(0)), offset: this.module.place(home.array.elements) };
  }

  address(buffer: PlanBuffer, bytes = 0): Expression<"i32"> {
    const { base, offset } = this.place(buffer);
    return offset + bytes === 0 ? base : i32.add(base, offset + bytes);
  }

  #base(key: string, make: () => Expression<"i32">): Local<"i32"> {
    let base = this.#bases.get(key);
    if (base === undefined) {
      base = this.f.let(make());
      this.#bases.set(key, base);
    }
    return base;
  }
}
