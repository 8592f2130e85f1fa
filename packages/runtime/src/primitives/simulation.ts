// Sampling as a primitive: draws for given keys and weights, the same whatever the batch.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Primitive, Structure, Value } from "@phxlang/autodiff";
import { bind, NdArray, PhxError } from "@phxlang/autodiff";
import { ArrayReader, arraysToBytes } from "../array-bytes.ts";
import { toF64 } from "../array-operations.ts";
import type { SimulatedChain, SimulatedFrame } from "../sampling/simulate.ts";
import { simulatePath } from "../sampling/simulate.ts";
import { PathStream } from "../sampling/threefry.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength, itemOf } from "./leading-batch.ts";

/** The frame of a simulation as a structure. */
export class SimulationPlan implements Structure {
  readonly structureKind = "simulation-plan";
  readonly frame: SimulatedFrame;
  /** Whether a reward is measured instead of time. */
  readonly measuresReward: boolean;
  #hash: string | null = null;

  constructor(frame: SimulatedFrame, measuresReward: boolean) {
    this.frame = frame;
    this.measuresReward = measuresReward;
  }

  get contentHash(): string {
    this.#hash ??= bytesToHex(sha256(this.toBytes()));
    return this.#hash;
  }

  /** Flags and the number of stretches, the arrays of the frame, those of each stretch (an empty one for null). */
  toBytes(): Uint8Array {
    const { kind, startStates, stops, enters, never, offsets, targets } = this.frame;
    return arraysToBytes([
      Int32Array.of(kind === "continuous" ? 0 : 1, this.measuresReward ? 1 : 0, stops.length),
      startStates,
      never,
      offsets,
      targets,
      ...stops.flatMap((stop, stretch) => [stop, enters[stretch] ?? new Int32Array(0)]),
    ]);
  }
}

/** The inverse of toBytes. */
export function simulationPlanFromBytes(bytes: Uint8Array): SimulationPlan {
  const reader = new ArrayReader(bytes);
  const [kind, measuresReward, stretches] = reader.integers();
  const frame = {
    kind: kind === 0 ? ("continuous" as const) : ("discrete" as const),
    startStates: reader.integers(),
    never: reader.bytes(),
    offsets: reader.integers(),
    targets: reader.integers(),
  };
  const stops: Int32Array[] = [];
  const enters: (Int32Array | null)[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    stops.push(reader.integers());
    const enter = reader.integers();
    enters.push(enter.length === 0 ? null : enter);
  }
  return new SimulationPlan({ ...frame, stops, enters }, measuresReward === 1);
}

type SimulationParameters = BatchedParameters & { readonly plan: SimulationPlan; readonly count: number };

/**
 * Operands: key [2] as f64, times [epochs − 1], start weights, transition weights of each epoch; for a reward also
 * its rates by state and its payments by transition, of each epoch.
 */
export const simulationPrimitive: Primitive<SimulationParameters> = {
  name: "simulate",
  documentation:
    "key and weights of a chain → independent draws [count] of the time or reward until it stops",
  type: (operands, { count, batched }) => [batchedType([count], batchLength(operands, batched))],
  evaluate(operands, { plan, count, batched }, [type]) {
    const length = batchLength(operands, batched) ?? 1;
    const draws = new Float64Array(length * count);
    const epochs = plan.frame.stops.length;
    for (let b = 0; b < length; b++) {
      const [key, times, startWeights, ...rest] = operands.map((operand, i) =>
        itemOf(operand, batched[i] === 1, b),
      );
      const chain: SimulatedChain = {
        ...plan.frame,
        times,
        startWeights,
        weights: rest.slice(0, epochs),
      };
      const rates = rest.slice(epochs, 2 * epochs);
      const payments = rest.slice(2 * epochs);
      const stream = new PathStream(key[0], key[1]);
      let reward = 0;
      const listener = {
        stay(state: number, stretch: number, duration: number): void {
          if (plan.measuresReward) reward += rates[stretch][state] * duration;
        },
        move(transition: number, stretch: number): void {
          if (plan.measuresReward && transition >= 0) reward += payments[stretch][transition];
        },
      };
      for (let path = 0; path < count; path++) {
        stream.begin(path);
        reward = 0;
        const end = simulatePath(chain, stream, listener);
        draws[b * count + path] = plan.measuresReward && end.state >= 0 ? reward : end.time;
      }
    }
    return [new NdArray(draws, type.shape, "f64")];
  },
  jvp() {
    throw new PhxError({
      code: "PHX984",
      what: "a derivative of sample was asked for",
      why: "a draw jumps between states: its change with θ is not the derivative of an expectation",
      fix: "differentiate moments, probabilities or a log-likelihood instead, or stop the gradient of θ",
    });
  },
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(simulationPrimitive, merged, { ...parameters, batched }),
    ),
};

export function simulate(plan: SimulationPlan, key: Value, count: number, operands: readonly Value[]): Value {
  const all = [toF64(key), ...operands];
  const [draws] = bind(simulationPrimitive, all, { plan, count, batched: all.map(() => 0) });
  return draws;
}
