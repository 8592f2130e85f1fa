// Time-dependent values: left exp(A t) right with its logarithm, and vectors propagated through time.
import type { Primitive, Value } from "@phxlang/autodiff";
import { bind, NdArray } from "@phxlang/autodiff";
import type { Accuracy } from "../densities/accuracy.ts";
import { timeValues } from "../densities/choose-method.ts";
import { report } from "../densities/report.ts";
import { exponentialEnergy, sweepBytesPerLane, timeGradients } from "../jets/exponential-energy.ts";
import type { ExponentialParameters } from "../jets/exponential-request.ts";
import { exponentialItems as items } from "../jets/exponential-request.ts";
import { vector } from "../array-operations.ts";
import { kernels } from "../kernels/index.ts";
import { laneCountFor } from "../kernels/lane-arrays.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import { kernelHost } from "../wasm/index.ts";
import type { EnergyPrimitives, GradientParameters } from "./energy-primitives.ts";
import { energyPrimitives } from "./energy-primitives.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength, itemOf } from "./leading-batch.ts";

export const exponentialPrimitives: EnergyPrimitives<ExponentialParameters> =
  energyPrimitives(exponentialEnergy);

type ActionParameters = BatchedParameters & ExponentialParameters;

/** `keepsSweep`: a derivative will be asked for, and may take the sweep over. */
type ValueParameters = ActionParameters & { readonly keepsSweep: boolean };

/**
 * Operands slots, left [M, rows], right [rows], times [N], leftOfTime [N], leftMask and rightMask (as left and right: 1
 * where an entry may be other than 0 at other parameters) → log F and F e^−log F.
 */
export const exponentialAction: Primitive<ValueParameters> = {
  name: "exponential_action",
  documentation:
    "slots, left [M, rows], right [rows], times [N], leftOfTime [N], leftMask, rightMask → L [N] = log F without derivative, R [N] = F e^−L with all derivatives, F_n = left_m exp(A t_n) right; where F is 0, L and R are 0",
  type(operands, { batched }) {
    const length = batchLength(operands, batched);
    const times = operands[3].shape;
    const type = batchedType([times[times.length - 1]], length);
    return [type, type];
  },
  evaluate(operands, parameters, [type]) {
    const { pattern, law, batched, keepsSweep } = parameters;
    const length = batchLength(operands, batched) ?? 1;
    const size = type.shape.reduce((product, dimension) => product * dimension, 1);
    const scales = new Float64Array(size);
    const values = new Float64Array(size);
    forLaneGroups(length, pattern, (lanes, first) => {
      const problems = lanes.map((b) => {
        const [slots, left, right, times, leftOfTime] = operands.map((operand, i) =>
          itemOf(operand, batched[i] === 1, b),
        );
        const leftCount = left.length / pattern.rowCount;
        return { kernels, pattern, law, slots, left, leftCount, right, times, leftOfTime };
      });
      for (const [lane, { logValues, used }] of timeValues(problems, parameters, keepsSweep).entries()) {
        report(used);
        for (let n = 0; n < logValues.length; n++) {
          const at = (first + lane) * logValues.length + n;
          scales[at] = logValues[n] === -Infinity ? 0 : logValues[n];
          values[at] = logValues[n] === -Infinity ? 0 : 1;
        }
      }
    });
    return [new NdArray(scales, type.shape, "f64"), new NdArray(values, type.shape, "f64")];
  },
  jvp(primals, tangents, parameters) {
    const { pattern, law, method, tolerance, batched } = parameters;
    const [scales, values] = bind(exponentialAction, primals, { ...parameters, keepsSweep: true });
    const [slots, left, right, times, ...fixed] = primals;
    const itemOfOperand = [items.slots, items.left, items.right, items.times];
    const moving = itemOfOperand.flatMap((item, i) => {
      const tangent = tangents[i];
      return tangent === null ? [] : [{ item, tangent, batched: batched[i] }];
    });
    if (moving.length === 0) return { primals: [scales, values], tangents: [null, null] };
    const hasBatch = batched.includes(1) ? 1 : 0;
    const timeShape = [times.shape[times.shape.length - 1]];
    const secondParameters: GradientParameters<ExponentialParameters> = {
      pattern,
      law,
      method,
      tolerance,
      order: 0,
      base: [items.slots, items.left, items.right, items.times],
      direction: moving.map(({ item }) => item),
      outputs: [items.weights],
      shapes: [
        [pattern.slotCount],
        batched[1] === 1 ? left.shape.slice(1) : left.shape,
        [pattern.rowCount],
        timeShape,
        timeShape,
      ],
      batched: [
        hasBatch,
        ...batched.slice(4),
        ...batched.slice(0, 4),
        ...moving.map((direction) => direction.batched),
      ],
    };
    const operands = [scales, ...fixed, slots, left, right, times, ...moving.map(({ tangent }) => tangent)];
    const [tangent] = bind(exponentialPrimitives.second, operands, secondParameters);
    return { primals: [scales, values], tangents: [null, tangent] };
  },
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(exponentialAction, merged, { ...parameters, batched }),
    ),
};

/** Calls back with the numbers of batch items that are taken together, as the derivatives take them. */
function forLaneGroups(
  length: number,
  pattern: OperatorPattern,
  visit: (lanes: readonly number[], first: number) => void,
): void {
  for (let first = 0; first < length;) {
    const count = laneCountFor(length - first, 2 * sweepBytesPerLane(pattern));
    visit(
      Array.from({ length: count }, (_, lane) => first + lane),
      first,
    );
    first += count;
  }
}

/** log F and the pair's second half; see exponentialAction. */
export interface ScaledValues {
  /** Logarithms without derivative. */
  readonly scales: Value;
  /** Values divided by exp(scales), with all derivatives. */
  readonly values: Value;
}

/** For left and right: 1 where a zero still has derivatives (nowhere if not given). */
export interface ActionMasks {
  readonly left?: Float64Array;
  readonly right?: Float64Array;
  /** Row of `left` that each time belongs to; the first if not given. */
  readonly leftOfTime?: Float64Array;
}

/** F_n = left_m exp(A t_n) right (powers in discrete time); left [M, rows], right [rows], times [N]. */
export function timeAction(
  pattern: OperatorPattern,
  law: TimeLaw,
  slots: Value,
  left: Value,
  right: Value,
  times: Value,
  accuracy: Accuracy,
  masks: ActionMasks = {},
): ScaledValues {
  const leftMask = masks.left ?? new Float64Array(left.size);
  const rightMask = masks.right ?? new Float64Array(pattern.rowCount);
  const fixed = [
    vector(masks.leftOfTime ?? new Float64Array(times.shape[0])),
    new NdArray(leftMask, left.shape, "f64"),
    vector(rightMask),
  ];
  const [scales, values] = bind(exponentialAction, [slots, left, right, times, ...fixed], {
    pattern,
    law,
    ...accuracy,
    keepsSweep: false,
    batched: [0, 0, 0, 0, 0, 0, 0],
  });
  return { scales, values };
}

/** vector exp(A t) (side "left": a row vector forward in time) or exp(A t) vector (side "right"). */
export type Side = "left" | "right";

/**
 * Operands slots, vector [rows], time [1], mask [rows] → L [1], the log of the sum of what comes out (of magnitudes), without
 * derivative, and the vector divided by exp(L).
 */
export const propagation: Primitive<ActionParameters & { readonly side: Side }> = {
  name: "propagation",
  documentation:
    "slots, vector [rows], time [1], mask [rows] → L [1] (no derivative), w [rows]: e^L w = vector exp(A t) (side left) or exp(A t) vector (side right)",
  type(operands, { pattern, batched }) {
    const length = batchLength(operands, batched);
    return [batchedType([1], length), batchedType([pattern.rowCount], length)];
  },
  evaluate(operands, parameters, types) {
    const { pattern, law, side, batched, method, tolerance } = parameters;
    const length = batchLength(operands, batched) ?? 1;
    const rows = pattern.rowCount;
    const scales = new Float64Array(length);
    const vectors = new Float64Array(length * rows);
    const ones = new Float64Array(rows).fill(1);
    const none = new Float64Array(rows);
    const output = side === "left" ? items.right : items.left;
    const given = side === "left" ? items.left : items.right;
    forLaneGroups(length, pattern, (lanes, first) => {
      const arena = kernelHost().arena();
      const own = lanes.map((b) => {
        const [slots, start, time] = operands.map((operand, i) => itemOf(operand, batched[i] === 1, b));
        return { slots, start, time };
      });
      const problems = own.map(({ slots, start, time }) => {
        const magnitudes = start.map(Math.abs);
        const [left, right] = side === "left" ? [magnitudes, ones] : [ones, magnitudes];
        const sides = { left, leftCount: 1, right, times: time, leftOfTime: new Float64Array(1) };
        return { kernels, pattern, law, slots: slots.map(Math.abs), ...sides };
      });
      for (const [lane, { logValues }] of timeValues(problems, parameters, false).entries()) {
        scales[first + lane] = Number.isFinite(logValues[0]) ? logValues[0] : 0;
      }
      const requests = own.map(({ slots, start, time }, lane) => ({
        order: 0,
        items: [[slots], [null], [null], [time], [Float64Array.of(1)]].map((jet, item) =>
          item === given ? [start] : jet,
        ),
        constants: [Float64Array.of(scales[first + lane]), Float64Array.of(0), none, none],
        shapes: vectorShapes(pattern),
        parameters: { pattern, law, method, tolerance },
        wanted: [0, 1, 2, 3, 4].map((item) => item === output),
        kernels,
        arena,
      }));
      try {
        for (const [lane, gradient] of timeGradients(requests).entries()) {
          vectors.set(gradient[output][0] ?? none, (first + lane) * rows);
        }
      } finally {
        arena.release();
      }
    });
    return [new NdArray(scales, types[0].shape, "f64"), new NdArray(vectors, types[1].shape, "f64")];
  },
  jvp(primals, tangents, parameters) {
    const { pattern, law, side, batched, method, tolerance } = parameters;
    const [scale, result] = bind(propagation, primals, parameters);
    const given = side === "left" ? items.left : items.right;
    const itemOfOperand = [items.slots, given, items.times];
    const moving = itemOfOperand.flatMap((item, i) => {
      const tangent = tangents[i];
      return tangent === null ? [] : [{ item, tangent, batched: batched[i] }];
    });
    if (moving.length === 0) return { primals: [scale, result], tangents: [null, null] };
    const hasBatch = batched.includes(1) ? 1 : 0;
    const one = new NdArray(Float64Array.of(1), [1], "f64");
    const zero = new NdArray(Float64Array.of(0), [1], "f64");
    const [slots, start, time, mask] = primals;
    const none = vector(new Float64Array(pattern.rowCount));
    const masks = side === "left" ? [mask, none] : [none, mask];
    const [tangent] = bind(
      exponentialPrimitives.second,
      [scale, zero, ...masks, slots, start, time, one, ...moving.map((direction) => direction.tangent)],
      {
        pattern,
        law,
        method,
        tolerance,
        order: 0,
        base: [items.slots, given, items.times, items.weights],
        direction: moving.map(({ item }) => item),
        outputs: [side === "left" ? items.right : items.left],
        shapes: vectorShapes(pattern),
        batched: [
          hasBatch,
          0,
          ...(side === "left" ? [batched[3], 0] : [0, batched[3]]),
          ...batched.slice(0, 3),
          0,
          ...moving.map((direction) => direction.batched),
        ],
      },
    );
    return { primals: [scale, result], tangents: [null, tangent] };
  },
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(propagation, merged, { ...parameters, batched }),
    ),
};

/** left is stored flat: [rows] stands for [1, rows]. */
function vectorShapes(pattern: OperatorPattern): number[][] {
  return [[pattern.slotCount], [pattern.rowCount], [pattern.rowCount], [1], [1]];
}

/**
 * Propagates a vector [rows] over a time [1]. `mask`: 1 where a zero of the start still has derivatives (everywhere if
 * not given).
 */
export function propagate(
  pattern: OperatorPattern,
  law: TimeLaw,
  side: Side,
  slots: Value,
  start: Value,
  time: Value,
  accuracy: Accuracy,
  mask: Float64Array = new Float64Array(pattern.rowCount).fill(1),
): { readonly scale: Value; readonly vector: Value } {
  const [scale, result] = bind(propagation, [slots, start, time, vector(mask)], {
    pattern,
    law,
    ...accuracy,
    side,
    batched: [0, 0, 0, 0],
  });
  return { scale, vector: result };
}
