// PhaseTypeKernels in WebAssembly: the loops of elimination and sweeps, one lane at a time.
import type { OperatorPattern } from "../../patterns/operator-pattern.ts";
import type { KernelHost } from "../../wasm/index.ts";
import { kernelHost } from "../../wasm/index.ts";
import { factorLength } from "../phase-type-kernels.ts";
import type { Operator, PhaseTypeKernels, SweepTape } from "../phase-type-kernels.ts";
import { referenceKernels } from "../reference-kernels.ts";
import { laneKernels } from "./lane-machine.ts";
import type { LaneKernels } from "./lane-machine.ts";
import { ResidentArrays } from "./resident-arrays.ts";
import { sweepModule } from "./sweep-module.ts";
import { frameOf } from "./trace-frame.ts";

type Kernel = (...addresses: number[]) => void;

interface PatternAddresses {
  readonly rowOffsets: number;
  readonly closingEnds: number;
  readonly columns: number;
}

interface Machine {
  readonly host: KernelHost;
  readonly resident: ResidentArrays;
  readonly sweeps: { readonly sweep: Kernel; readonly sweepAdjoint: Kernel };
}

function makeMachine(host: KernelHost): Machine {
  return {
    host,
    resident: new ResidentArrays(host),
    sweeps: host.build(sweepModule()) as unknown as Machine["sweeps"],
  };
}

/** Makes the kernels on the host of this thread. They are compiled, a few kilobytes, when first used. */
export function wasmKernels(): PhaseTypeKernels {
  let made: Machine | undefined;
  const machine = (): Machine => (made ??= makeMachine(kernelHost()));
  const patterns = new WeakMap<OperatorPattern, PatternAddresses>();
  /** Factors with a pivot of 0: their solves guard zeros against infinities. */
  const defective = new WeakSet<ArrayBufferLike>();

  function addressesOf(pattern: OperatorPattern): PatternAddresses {
    const known = patterns.get(pattern);
    if (known !== undefined) return known;
    const arena = machine().host.arena();
    const addresses = {
      rowOffsets: arena.place(pattern.rowOffsets),
      closingEnds: arena.place(pattern.closingEnds),
      columns: arena.place(pattern.columns),
    };
    arena.releaseWith(pattern);
    patterns.set(pattern, addresses);
    return addresses;
  }

  const read = (address: number, target: Float64Array): void => {
    target.set(machine().host.f64.subarray(address / 8, address / 8 + target.length));
  };

  /** Runs with scratch memory that is given back afterwards, whatever happens. */
  function withScratch<T>(work: (arena: ReturnType<KernelHost["arena"]>) => T): T {
    const arena = machine().host.arena();
    try {
      return work(arena);
    } finally {
      arena.release();
    }
  }

  const zeros = (arena: ReturnType<KernelHost["arena"]>, length: number): number => {
    const address = arena.allocate(8 * length);
    machine().host.f64.fill(0, address / 8, address / 8 + length);
    return address;
  };

  const solverOf = (factors: Float64Array): LaneKernels => laneKernels(1, defective.has(factors.buffer));

  return {
    ...referenceKernels,
    name: "wasm",
    factor: (trace, slots, killing, factors) =>
      withScratch((arena) => {
        const frame = frameOf(machine().host, trace);
        const killingAddress = killing === null ? 0 : arena.place(killing);
        const work = zeros(arena, trace.rowCount);
        const [slotAddress, factorAddress] = machine().resident.addressesOf([slots], factors);
        const extremes = arena.allocate(16);
        laneKernels(1, true).factor(frame, slotAddress, killingAddress, factorAddress, work, extremes);
        read(factorAddress, factors);
        const { f64 } = machine().host;
        if (!(f64[extremes / 8] > 0 && f64[extremes / 8 + 1] < Infinity)) defective.add(factors.buffer);
      }),
    solve: (trace, slots, factors, right, result) =>
      withScratch((arena) => {
        const frame = frameOf(machine().host, trace);
        const rightAddress = arena.place(right);
        const resultAddress = arena.allocate(8 * trace.rowCount);
        const [slotAddress, factorAddress] = machine().resident.addressesOf([slots, factors]);
        solverOf(factors).solve(frame, slotAddress, factorAddress, rightAddress, resultAddress);
        read(resultAddress, result);
      }),
    solveTransposed: (trace, slots, factors, left, result) =>
      withScratch((arena) => {
        const frame = frameOf(machine().host, trace);
        const resultAddress = arena.place(left);
        const [slotAddress, factorAddress] = machine().resident.addressesOf([slots, factors]);
        solverOf(factors).solveTransposed(frame, slotAddress, factorAddress, resultAddress);
        read(resultAddress, result);
      }),
    reverseSolve: (trace, slots, factors, right, solution, left, slotGradient, killingGradient) =>
      withScratch((arena) => {
        const frame = frameOf(machine().host, trace);
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
        const inputs = machine().resident.addressesOf([slots, factors]);
        solverOf(factors).reverseSolve(frame, ...inputs, ...addresses, gradientAddress, killingAddress);
        read(gradientAddress, slotGradient);
        if (killingGradient !== null) read(killingAddress, killingGradient);
      }),
    sweep(operator: Operator, tape: SweepTape, from: number, steps: number) {
      withScratch((arena) => {
        const { pattern } = operator;
        const rows = pattern.rowCount;
        const { rowOffsets, columns } = addressesOf(pattern);
        const values = arena.place(operator.values);
        const diagonal = arena.place(operator.diagonal);
        const vectors = arena.allocate(8 * (steps + 1) * rows);
        machine().host.f64.set(tape.vectors.subarray(from * rows, (from + 1) * rows), vectors / 8);
        const exponents = arena.place(tape.exponents.subarray(from, from + steps + 1));
        const peaks = arena.place(tape.peaks.subarray(from, from + steps + 1));
        machine().sweeps.sweep(rows, rowOffsets, columns, values, diagonal, vectors, exponents, peaks, steps);
        read(vectors + 8 * rows, tape.vectors.subarray((from + 1) * rows, (from + steps + 1) * rows));
        read(peaks, tape.peaks.subarray(from, from + steps + 1));
        tape.exponents.set(machine().host.i32.subarray(exponents / 4, exponents / 4 + steps + 1), from);
      });
    },
    sweepAdjoint(
      operator,
      tape,
      first,
      last,
      weights,
      left,
      leftCount,
      cotangent,
      entryGradient,
      rowGradient,
      leftGradient,
    ) {
      withScratch((arena) => {
        const { pattern } = operator;
        const rows = pattern.rowCount;
        const { rowOffsets, closingEnds, columns } = addressesOf(pattern);
        const values = arena.place(operator.values);
        const diagonal = arena.place(operator.diagonal);
        const vectors = arena.place(tape.vectors.subarray(first * rows, (last + 1) * rows));
        const weightAddress = arena.place(weights);
        const leftAddress = arena.place(left);
        const entryAddress = arena.place(entryGradient);
        const rowAddress = arena.place(rowGradient);
        const leftGradientAddress = leftGradient === null ? 0 : arena.place(leftGradient);
        let current = arena.place(cotangent);
        let next = arena.allocate(8 * rows);
        let exponent = tape.exponents[last];
        for (let k = last; k >= first; k--) {
          // Cotangents carry the scale of the vectors they meet, so that products need none.
          if (tape.exponents[k] !== exponent) {
            const factor = 2 ** (tape.exponents[k] - exponent);
            const view = machine().host.f64.subarray(current / 8, current / 8 + rows);
            for (let r = 0; r < rows; r++) view[r] *= factor;
            exponent = tape.exponents[k];
          }
          machine().sweeps.sweepAdjoint(
            rows,
            rowOffsets,
            closingEnds,
            columns,
            values,
            diagonal,
            vectors + 8 * (k - first) * rows,
            weightAddress + 8 * (k - first) * leftCount,
            leftAddress,
            leftCount,
            current,
            next,
            entryAddress,
            rowAddress,
            leftGradientAddress,
          );
          [current, next] = [next, current];
        }
        read(current, cotangent);
        read(entryAddress, entryGradient);
        read(rowAddress, rowGradient);
        if (leftGradient !== null) read(leftGradientAddress, leftGradient);
      });
    },
  };
}
