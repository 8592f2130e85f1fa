// Time-dependent primitives of models as programs of general primitives, by uniformization: a device that has those
// has them, with all derivatives.
import type { ArrayType, NdArray, Parameters, Program, Value } from "@phxlang/autodiff";
import { cond, grad, jvp, makeProgram, np, scan, stopGradient, whileLoop } from "@phxlang/autodiff";
import type { Uniformized } from "./operator.ts";
import { Operator } from "./operator.ts";
import type { OperatorArrays } from "./operator.ts";
import { logPoisson, poissonShift, poissonShifts } from "./poisson.ts";
import { require } from "./require.ts";

/** Steps of a sweep that a derivative may take: their vectors are kept. */
const mostSteps = 2000;
/** Poisson weights that are computed before a sweep at most. */
const mostKeptWeights = 2 ** 21;
const shifts = poissonShifts(mostSteps);
const shortShifts = shifts.slice(0, 64);

interface TimeParameters extends Parameters {
  readonly batched: readonly number[];
  readonly law: string;
}

interface EnergyParameters extends TimeParameters {
  readonly order: number;
  readonly base: readonly number[];
  readonly direction: readonly number[];
  readonly outputs: readonly number[];
  readonly shapes: readonly (readonly number[])[];
}

const operators = new WeakMap<object, Operator>();

/** Null for what is not a generator in continuous time. */
function operatorOf(parameters: TimeParameters): Operator | null {
  if (parameters.law !== "continuous") return null;
  const pattern = parameters["pattern"] as unknown as OperatorArrays;
  let operator = operators.get(pattern);
  if (operator === undefined) operators.set(pattern, (operator = new Operator(pattern)));
  return operator;
}

/** Length of the batch, 1 without one. */
function lanesOf(operands: readonly ArrayType[], batched: readonly number[]): number {
  const first = batched.indexOf(1);
  return first < 0 ? 1 : operands[first].shape[0];
}

/** An operand for every lane: [L, …]. */
function inLanes(x: Value, isBatched: boolean, lanes: number): Value {
  return isBatched ? x : np.broadcastTo(np.expandDims(x, 0), [lanes, ...x.shape]);
}

function trace(operands: readonly ArrayType[], f: (...args: Value[]) => readonly Value[]): Program {
  const examples = operands.map(({ shape, dtype }) => np.zeros(shape, dtype));
  return makeProgram(f as (...args: NdArray[]) => unknown)(...examples);
}

/** Steps after which Poisson weights of these means [L, N] are negligible, beside what the sequence loses: a scalar. */
function stepsFor(means: Value): Value {
  const most = means.max();
  return most.add(most.sqrt().mul(10)).add(40).ceil();
}

/** x [L, n] divided by its largest entry where that has become small, and the logarithm that was taken out [L, 1]. */
function rescaled(x: Value, scale: Value): readonly [Value, Value] {
  const most = stopGradient(np.expandDims(x.max(1), 1));
  const factor = np.where(np.logicalAnd(most.less(1e-6), most.greater(0)), most, 1);
  return [x.div(factor), scale.add(factor.log())];
}

/** left_m · x for the row m of each time: left [L, M, n], x [L, n] → [L, N], or [L, 1] for a single row. */
function atTimes(left: Value, x: Value, leftOfTime: Value): Value {
  const products = left.mul(np.expandDims(x, 1)).sum(2);
  return left.shape[1] === 1 ? products : np.take(products, leftOfTime.astype("i32"), 1);
}

/** exponential_action: slots, left [M, n], right [n], times [N], leftOfTime [N], masks → log F, F e^−log F. */
export function actionProgram(parameters: Parameters, operands: readonly ArrayType[]): Program | null {
  const own = parameters as TimeParameters;
  const operator = operatorOf(own);
  if (operator === null || own.batched[4] === 1) return null;
  const lanes = lanesOf(operands, own.batched);
  const isBatched = own.batched.includes(1);
  return trace(operands, (...args) => {
    const [slots, left, right, times] = [0, 1, 2, 3].map((i) =>
      inLanes(args[i], own.batched[i] === 1, lanes),
    );
    const { rate, right: step } = operator.uniformized(slots);
    const means = rate.mul(times);
    const steps = stepsFor(means);
    const first = np.broadcastTo(atTimes(left, right, args[4]), means.shape);
    const found = whileLoop(
      ([k]: readonly Value[]) => k.lessEqual(steps),
      ([k, x, scale, most, sum]: readonly Value[]) => {
        const [next, nextScale] = rescaled(step(x), scale);
        const term = logPoisson(k, means, poissonShift(k, shortShifts))
          .add(nextScale)
          .add(atTimes(left, next, args[4]).log());
        const top = np.maximum(most, term);
        const level = np.where(np.isfinite(top), top, 0);
        const total = sum.mul(most.sub(level).exp()).add(term.sub(level).exp());
        return [k.add(1), next, nextScale, top, total];
      },
      [
        np.array(1),
        right,
        np.zeros([lanes, 1]),
        first.log().sub(means),
        np.where(first.greater(0), 1, 0).astype("f64"),
      ] as readonly Value[],
    );
    const [most, sum] = [found[3], found[4]];
    const isPositive = np.logicalAnd(sum.greater(0), np.isfinite(most));
    const scales = np.where(isPositive, most.add(np.where(isPositive, sum, 1).log()), 0);
    const values = np.where(isPositive, np.ones(means.shape), 0);
    return [scales, values].map((x) => (isBatched ? x : np.reshape(x, x.shape.slice(1))));
  });
}

/** propagation: slots, vector [n], time [1], mask → log of the sum of what comes out, and the vector divided by it. */
export function propagationProgram(parameters: Parameters, operands: readonly ArrayType[]): Program | null {
  const own = parameters as TimeParameters;
  const operator = operatorOf(own);
  if (operator === null) return null;
  const lanes = lanesOf(operands, own.batched);
  const isBatched = own.batched.includes(1);
  return trace(operands, (...args) => {
    const [slots, start, time] = [0, 1, 2].map((i) => inLanes(args[i], own.batched[i] === 1, lanes));
    const uniformized: Uniformized = operator.uniformized(slots);
    const step = parameters["side"] === "left" ? uniformized.left : uniformized.right;
    const means = uniformized.rate.mul(time);
    const steps = stepsFor(means);
    const found = whileLoop(
      ([k]: readonly Value[]) => k.lessEqual(steps),
      ([k, x, level, sum]: readonly Value[]) => {
        const next = step(x);
        const term = logPoisson(k, means, poissonShift(k, shortShifts));
        const top = np.maximum(level, term);
        return [k.add(1), next, top, sum.mul(level.sub(top).exp()).add(next.mul(term.sub(top).exp()))];
      },
      [np.array(1), start, means.neg(), start] as readonly Value[],
    );
    const [level, vector] = [found[2], found[3]];
    const total = np.expandDims(vector.abs().sum(1), 1);
    const isPositive = total.greater(0);
    const safe = np.where(isPositive, total, 1);
    const scale = np.where(isPositive, level.add(safe.log()), 0);
    return [scale, vector.div(safe)].map((x) => (isBatched ? x : np.reshape(x, x.shape.slice(1))));
  });
}

/** forgetting_time: nothing is ever closed on this device, every time is swept to. */
export function forgettingProgram(parameters: Parameters, operands: readonly ArrayType[]): Program {
  const { batched } = parameters as TimeParameters;
  const shape = batched.includes(1) ? [lanesOf(operands, batched), 1] : [1];
  return trace(operands, () => [np.full(shape, Infinity)]);
}

const itemCount = 5;
const constantCount = 4;
/** Items in which the energy is linear: left, right, weights. */
const linearItems: readonly number[] = [1, 2, 4];

/** exponential_gradient and exponential_second: derivatives of Σ_n weights_n e^−scale_n left_m exp(A t_n) right. */
export function energyProgram(parameters: Parameters, operands: readonly ArrayType[]): Program | null {
  const own = parameters as EnergyParameters;
  const operator = operatorOf(own);
  if (operator === null || own.batched[1] === 1) return null;
  const lanes = lanesOf(operands, own.batched);
  const isBatched = own.batched.includes(1);
  const { order, base, direction, outputs } = own;
  const isSecond = direction.length > 0;
  const mask = (1 << order) - 1;
  const upper = isSecond ? 1 << order : 0;
  const shapes = own.shapes.map((shape, item) =>
    item === 1 && shape.length === 1 ? [lanes, 1, ...shape] : [lanes, ...shape],
  );
  return trace(operands, (...args) => {
    const parts = args.map((x, i) => inLanes(x, own.batched[i] === 1, lanes));
    /** components[item]: bit set of ε → array. */
    const components = Array.from({ length: itemCount }, () => new Map<number, Value>());
    const given = [
      ...base.map((place) => [place, 0] as const),
      ...direction.map((place) => [place, upper] as const),
    ];
    given.forEach(([place, bit], i) => {
      const item = place >> order;
      components[item].set((place & mask) | bit, np.reshape(parts[constantCount + i], shapes[item]));
    });
    let ring = order + (isSecond ? 1 : 0);
    let targets = outputs.map((place) => ({ item: place >> order, component: (place & mask) | upper }));
    const [only] = direction;
    if (order === 0 && direction.length === 1 && linearItems.includes(only) && !base.includes(only)) {
      // Linear in the direction, and 0 without it: the first derivative there.
      const part = components[only].get(1);
      if (part !== undefined && targets.every(({ item }) => item !== only)) {
        components[only] = new Map([[0, part]]);
        targets = targets.map(({ item }) => ({ item, component: 0 }));
        ring = 0;
      }
    }
    const energy = energyOf(operator, parts[0], args[1]);
    const wanted = [...new Set(targets.map(({ item }) => item))];
    const gradientAt = (epsilons: readonly Value[]): readonly Value[] => {
      const items = components.map((own, item) => itemAt(own, epsilons, shapes[item]));
      const slopes = grad(
        (...moving: Value[]) => energy(items.map((x, item) => moving[wanted.indexOf(item)] ?? x)),
        { argnums: wanted.map((_, i) => i) },
      )(...wanted.map((item) => items[item]));
      return slopes;
    };
    const zeros = Array.from({ length: ring }, (): Value => np.array(0));
    const found = new Map<number, readonly Value[]>();
    for (const { component } of targets) {
      if (!found.has(component)) found.set(component, mixedDerivative(gradientAt, component, zeros));
    }
    return targets.map(({ item, component }) => {
      const value = (found.get(component) ?? [])[wanted.indexOf(item)];
      return np.reshape(value, isBatched ? [lanes, ...own.shapes[item]] : own.shapes[item]);
    });
  });
}

/** Σ over components of an item, each times its ε. */
function itemAt(
  components: ReadonlyMap<number, Value>,
  epsilons: readonly Value[],
  shape: readonly number[],
): Value {
  let sum: Value | null = null;
  for (const [set, part] of components) {
    let term = part;
    epsilons.forEach((epsilon, i) => {
      if ((set & (1 << i)) !== 0) term = term.mul(epsilon);
    });
    sum = sum === null ? term : sum.add(term);
  }
  return sum ?? np.zeros(shape);
}

/** The derivative in every ε of a set, at 0: with squares that vanish, the coefficient of their product. */
function mixedDerivative(
  f: (epsilons: readonly Value[]) => readonly Value[],
  set: number,
  at: readonly Value[],
): readonly Value[] {
  let derived = f;
  for (let i = 0; i < at.length; i++) {
    if ((set & (1 << i)) === 0) continue;
    const inner = derived;
    derived = (epsilons) =>
      jvp(
        (epsilon: Value) => inner(epsilons.map((own, j) => (j === i ? epsilon : own))) as Value[],
        [epsilons[i]],
        [np.array(1)],
      )[1];
  }
  return derived(at);
}

/** The energy of all lanes together, of items over lanes. */
function energyOf(operator: Operator, scales: Value, leftOfTime: Value): (items: readonly Value[]) => Value {
  return ([slots, left, right, times, weights]) => {
    const { rate, right: step } = operator.uniformized(slots);
    const means = rate.mul(times);
    const level = stopGradient(means);
    const isPositive = level.greater(0);
    const safe = np.where(isPositive, level, 1);
    const needed = stepsFor(level);
    const steps = require(needed, needed.lessEqual(mostSteps), {
      code: "PHX965",
      what: `a derivative needs more than ${mostSteps} steps of uniformization`,
      why: "the WebGPU device keeps the vectors of every step, and rates times times are too large for that",
      fix: "take the device cpu, which has methods for large times, or smaller times",
    });
    // The weights of one step, apart from their size: 1, with their derivatives in the mean.
    const ratio = np.where(isPositive, means.div(safe), means);
    const start = means.sub(level).neg().exp();
    const sizeOf = (k: Value, shift: Value): Value => np.where(isPositive, logPoisson(k, safe, shift), 0);
    // Weights of all steps at once, where that is not too much: the loop is shorter without them.
    const [count, perLane] = means.shape;
    const areKept = mostSteps * count * perLane <= mostKeptWeights;
    const column = (x: Value): Value => np.reshape(x, [mostSteps, 1, 1]);
    const allSteps = np.arange(1, mostSteps + 1);
    const slices = areKept ? sizeOf(column(allSteps), column(np.array(shifts))) : np.array(shifts);
    const first = start.mul(level.add(scales).neg().exp()).mul(atTimes(left, right, leftOfTime));
    const [last] = scan(
      (carry: readonly Value[], [k, slice]: readonly Value[]) => {
        const next = cond(
          k.lessEqual(steps),
          ([x, scale, weight, sum]: readonly Value[]) => {
            const [moved, movedScale] = rescaled(step(x), scale);
            const size = areKept ? slice : sizeOf(k, slice);
            const own = weight.mul(np.where(isPositive, ratio, ratio.div(k)));
            const factor = stopGradient(size.add(movedScale).sub(scales).exp());
            return [moved, movedScale, own, sum.add(own.mul(factor).mul(atTimes(left, moved, leftOfTime)))];
          },
          (unchanged: readonly Value[]) => [...unchanged],
          carry,
        );
        return [next, null] as const;
      },
      [right, np.zeros([scales.shape[0], 1]), start, first] as readonly Value[],
      [allSteps, slices] as readonly Value[],
    );
    return last[3].mul(weights).sum();
  };
}
