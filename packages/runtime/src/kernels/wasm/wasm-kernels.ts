// PhaseTypeKernels in WebAssembly: the loops of elimination, one lane at a time.
import type { KernelHost } from "../../wasm/index.ts";
import { kernelHost } from "../../wasm/index.ts";
import { factorLength } from "../phase-type-kernels.ts";
import type { PhaseTypeKernels } from "../phase-type-kernels.ts";
import { referenceKernels } from "../reference-kernels.ts";
import { laneKernels } from "./lane-machine.ts";
import type { LaneKernels } from "./lane-machine.ts";
import { ResidentArrays } from "./resident-arrays.ts";
import { frameOf } from "./trace-frame.ts";

/** Makes the kernels on the host of this thread. They are compiled, a few kilobytes, when first used. */
export function wasmKernels(): PhaseTypeKernels {
  let residents: ResidentArrays | undefined;
  const resident = (): ResidentArrays => (residents ??= new ResidentArrays(kernelHost()));
  /** Factors with a pivot of 0: their solves guard zeros against infinities. */
  const defective = new WeakSet<ArrayBufferLike>();

  const read = (address: number, target: Float64Array): void => {
    target.set(kernelHost().f64.subarray(address / 8, address / 8 + target.length));
  };

  /** Runs with scratch memory that is given back afterwards, whatever happens. */
  function withScratch<T>(work: (arena: ReturnType<KernelHost["arena"]>) => T): T {
    const arena = kernelHost().arena();
    try {
      return work(arena);
    } finally {
      arena.release();
    }
  }

  const zeros = (arena: ReturnType<KernelHost["arena"]>, length: number): number => {
    const address = arena.allocate(8 * length);
    kernelHost().f64.fill(0, address / 8, address / 8 + length);
    return address;
  };

  const solverOf = (factors: Float64Array): LaneKernels => laneKernels(1, defective.has(factors.buffer));

  return {
    ...referenceKernels,
    name: "wasm",
    factor: (trace, slots, killing, factors) =>
      withScratch((arena) => {
        const frame = frameOf(kernelHost(), trace);
        const killingAddress = killing === null ? 0 : arena.place(killing);
        const work = zeros(arena, trace.rowCount);
        const [slotAddress, factorAddress] = resident().addressesOf([slots], factors);
        const extremes = arena.allocate(16);
        laneKernels(1, true).factor(frame, slotAddress, killingAddress, factorAddress, work, extremes);
        read(factorAddress, factors);
        const { f64 } = kernelHost();
        if (!(f64[extremes / 8] > 0 && f64[extremes / 8 + 1] < Infinity)) defective.add(factors.buffer);
      }),
    solve: (trace, slots, factors, right, result) =>
      withScratch((arena) => {
        const frame = frameOf(kernelHost(), trace);
        const rightAddress = arena.place(right);
        const resultAddress = arena.allocate(8 * trace.rowCount);
        const [slotAddress, factorAddress] = resident().addressesOf([slots, factors]);
        solverOf(factors).solve(frame, slotAddress, factorAddress, rightAddress, resultAddress);
        read(resultAddress, result);
      }),
    solveTransposed: (trace, slots, factors, left, result) =>
      withScratch((arena) => {
        const frame = frameOf(kernelHost(), trace);
        const resultAddress = arena.place(left);
        const [slotAddress, factorAddress] = resident().addressesOf([slots, factors]);
        solverOf(factors).solveTransposed(frame, slotAddress, factorAddress, resultAddress);
        read(resultAddress, result);
      }),
    reverseSolve: (trace, slots, factors, right, solution, left, slotGradient, killingGradient) =>
      withScratch((arena) => {
        const frame = frameOf(kernelHost(), trace);
        const gradientAddress = arena.place(slotGradient);
        const killingAddress = killingGradient === null ? 0 : arena.place(killingGradient);
        const addresses = [
          arena.place(right),
          arena.place(solution),
          arena.place(solution),
          arena.place(left),
          zeros(arena, trace.rowCount),
          zeros(arena, factorLength(trace)),
          zeros(arena, trace.rowCount),
        ];
        const inputs = resident().addressesOf([slots, factors]);
        solverOf(factors).reverseSolve(frame, ...inputs, ...addresses, gradientAddress, killingAddress);
        read(gradientAddress, slotGradient);
        if (killingGradient !== null) read(killingAddress, killingGradient);
      }),
  };
}
