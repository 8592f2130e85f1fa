// Sampling as a primitive: draws for given keys and weights, the same whatever the batch.
import type { Primitive, Structure, Value } from "@phxlang/autodiff";
import { bind, NdArray, PhxError } from "@phxlang/autodiff";
import { toF64 } from "../array-operations.ts";
import type { SimulatedChain } from "../sampling/simulate.ts";
import { simulatePath } from "../sampling/simulate.ts";
import { PathStream } from "../sampling/threefry.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength, itemOf } from "./leading-batch.ts";

/** What of a simulation does not depend on θ. */
export class SimulationPlan implements Structure {
  readonly structureKind = "simulation-plan";
  readonly contentHash: string;
  readonly frame: Pick<SimulatedChain, "graph" | "graphEpochs" | "never" | "offsets">;
  /** Whether a reward is measured instead of time. */
  readonly measuresReward: boolean;

  constructor(contentHash: string, frame: SimulationPlan["frame"], measuresReward: boolean) {
    this.contentHash = contentHash;
    this.frame = frame;
    this.measuresReward = measuresReward;
  }

  toBytes(): Uint8Array {
    return new TextEncoder().encode(this.contentHash);
  }
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
    const epochs = plan.frame.graphEpochs.length;
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
