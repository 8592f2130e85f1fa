// Primitives made from an energy: its gradient, and the derivative of the gradient, closed under all transforms.
import type { Parameters, Primitive, Tangent, Value } from "@phxlang/autodiff";
import { bind, internalError } from "@phxlang/autodiff";
import type { Energy } from "../jets/energy.ts";
import { evaluateGradient } from "./energy-evaluation.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import {
  batchByLeadingAxis,
  batchedType,
  batchLength,
  isValueOperand,
  sumWhereShared,
} from "./leading-batch.ts";

/** Places of components: item · 2^order + component. Operands come in the order of these lists. */
type JetParameters = BatchedParameters & {
  readonly order: number;
  /** Components of the items that are given; the others are zero. */
  readonly base: readonly number[];
  /** Of the direction: none for a gradient primitive. */
  readonly direction: readonly number[];
  readonly outputs: readonly number[];
  /** Shapes of all items, given or not. */
  readonly shapes: readonly (readonly number[])[];
};

export type GradientParameters<P extends Parameters> = P & JetParameters;

/** The two primitives of an energy. Operands: its constants, base components, direction components. */
export interface EnergyPrimitives<P extends Parameters> {
  /** order 0, no direction: ∂Φ/∂item for the items of `outputs`. */
  readonly gradient: Primitive<GradientParameters<P>>;
  /**
   * ∂²Φ(base) · direction over jets of `order`: linear in the direction and, since second derivatives are
   * symmetric, its own transpose.
   */
  readonly second: Primitive<GradientParameters<P>>;
}

export function energyPrimitives<P extends Parameters>(energy: Energy<P>): EnergyPrimitives<P> {
  type Q = GradientParameters<P>;
  const constantCount = energy.constants.length;

  const type: Primitive<Q>["type"] = (operands, { outputs, shapes, order, batched }) => {
    const length = batchLength(operands, batched);
    return outputs.map((place) => batchedType(shapes[place >> order], length));
  };

  /** Both primitives: with a direction, an ε is added for it and outputs are the components that contain it. */
  const evaluate: Primitive<Q>["evaluate"] = (operands, parameters, types) => {
    const { order, base, direction, outputs, batched } = parameters;
    const isSecond = direction.length > 0;
    const ringOrder = isSecond ? order + 1 : order;
    const ringPlace = (place: number, upper: boolean): number => {
      const item = place >> order;
      const component = place & ((1 << order) - 1);
      return (item << ringOrder) | component | (upper ? 1 << order : 0);
    };
    const wanted = Array.from({ length: energy.items.length << ringOrder }, () => false);
    for (const place of outputs) wanted[ringPlace(place, isSecond)] = true;
    const inputs = [
      ...base.map((place) => ringPlace(place, false)),
      ...direction.map((place) => ringPlace(place, true)),
    ];
    return evaluateGradient(energy, {
      order: ringOrder,
      shapes: parameters.shapes,
      parameters,
      wanted,
      operands,
      batched,
      inputs,
      outputs: outputs.map((place) => ringPlace(place, isSecond)),
      types,
    });
  };

  /** Operands of tangents that are not zero, with the places they belong to. */
  const present = (
    tangents: readonly Tangent[],
    first: number,
    places: readonly number[],
    batched: readonly number[],
    move: (place: number) => number,
  ): { operands: Value[]; places: number[]; batched: number[] } => {
    const found = { operands: [] as Value[], places: [] as number[], batched: [] as number[] };
    places.forEach((place, i) => {
      const tangent = tangents[first + i];
      if (tangent === null) return;
      found.operands.push(tangent);
      found.places.push(move(place));
      found.batched.push(batched[first + i]);
    });
    return found;
  };

  const gradient: Primitive<Q> = {
    name: `${energy.name}_gradient`,
    documentation: `first derivatives of ${energy.documentation}`,
    type,
    evaluate,
    jvp(primals, tangents, parameters) {
      const { base, outputs, batched } = parameters;
      const results = bind(gradient, primals, parameters);
      const direction = present(tangents, constantCount, base, batched, (place) => place);
      if (direction.places.length === 0) return { primals: results, tangents: results.map(() => null) };
      const operands = [...primals, ...direction.operands];
      const moved = bind(second, operands, {
        ...parameters,
        direction: direction.places,
        outputs,
        batched: [...batched, ...direction.batched],
      });
      return { primals: results, tangents: moved };
    },
    batch: (operands, axes, parameters, size) =>
      batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
        bind(gradient, merged, { ...parameters, batched }),
      ),
  };

  const second: Primitive<Q> = {
    name: `${energy.name}_second`,
    documentation: `second derivatives, applied to a direction, of ${energy.documentation}`,
    type,
    evaluate,
    // ∂[∂²Φ(c)·d] = the ε-part of ∂²Φ(c + ε d)·(ċ + ε ḋ), with ε a new one.
    jvp(primals, tangents, parameters) {
      const { order, base, direction, outputs, batched } = parameters;
      const results = bind(second, primals, parameters);
      const lower = (place: number): number => raised(place, order, 0);
      const upper = (place: number): number => raised(place, order, 1);
      const firstDirection = constantCount + base.length;
      const ofBase = present(tangents, constantCount, base, batched, lower);
      const ofDirection = present(tangents, firstDirection, direction, batched, upper);
      if (ofBase.places.length + ofDirection.places.length === 0) {
        return { primals: results, tangents: results.map(() => null) };
      }
      const moved = bind(second, [...primals, ...ofBase.operands, ...ofDirection.operands], {
        ...parameters,
        order: order + 1,
        base: [...base.map(lower), ...direction.map(upper)],
        direction: [...ofBase.places, ...ofDirection.places],
        outputs: outputs.map(upper),
        batched: [...batched, ...ofBase.batched, ...ofDirection.batched],
      });
      return { primals: results, tangents: moved };
    },
    // Pairing component A of one jet with the complement of A of another makes ∂²Φ its own transpose.
    transpose(cotangents, operands, parameters) {
      const { order, base, direction, outputs, batched } = parameters;
      const all = (1 << order) - 1;
      const complement = (place: number): number => place ^ all;
      const firstDirection = constantCount + base.length;
      const fixed = operands.slice(0, firstDirection).filter(isValueOperand);
      if (fixed.length !== firstDirection) throw internalError(`${energy.name} is not linear in its base`);
      const hasBatch = batched.includes(1);
      const given = present(
        cotangents,
        0,
        outputs,
        outputs.map(() => (hasBatch ? 1 : 0)),
        complement,
      );
      const linear = direction.flatMap((_, i) => (isValueOperand(operands[firstDirection + i]) ? [] : [i]));
      const results: Tangent[] = operands.map(() => null);
      if (given.places.length === 0 || linear.length === 0) return results;
      const back = bind(second, [...fixed, ...given.operands], {
        ...parameters,
        direction: given.places,
        outputs: linear.map((i) => complement(direction[i])),
        batched: [...batched.slice(0, firstDirection), ...given.batched],
      });
      linear.forEach((i, n) => {
        results[firstDirection + i] = back[n];
      });
      return sumWhereShared(results, batched, hasBatch);
    },
    batch: (operands, axes, parameters, size) =>
      batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
        bind(second, merged, { ...parameters, batched }),
      ),
  };
  return { gradient, second };
}

/** A place among jets of one order more: with the new ε or without. */
function raised(place: number, order: number, upper: 0 | 1): number {
  const item = place >> order;
  const component = place & ((1 << order) - 1);
  return (item << (order + 1)) | component | (upper << order);
}
