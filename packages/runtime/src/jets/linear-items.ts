// A shortcut for energies that are linear in some of their items: first derivatives of them need no ε.
import type { Parameters } from "@phxlang/autodiff";
import type { LaneGradientRequest, LaneJet } from "./energy.ts";

/**
 * Where one linear item consists of multiples of the last ε alone, and no other item contains that ε, it is a factor
 * of the whole gradient: what is computed is of one order less. That is every first derivative of a result.
 */
export function withoutLastEpsilon<P extends Parameters>(
  request: LaneGradientRequest<P>,
  linearItems: readonly number[],
  gradient: (request: LaneGradientRequest<P>) => readonly LaneJet[],
): readonly LaneJet[] {
  const { order, items, wanted } = request;
  const half = (1 << order) >> 1;
  const isZero = (parts: LaneJet): boolean => parts.every((part) => part === null);
  const factor = linearItems.find(
    (item) =>
      half > 0 &&
      isZero(items[item].slice(0, half)) &&
      items.every((jet, other) => other === item || isZero(jet.slice(half))),
  );
  if (factor === undefined) return gradient(request);
  const lower = (item: number): number => 2 * half * item + (item === factor ? 0 : half);
  const lowered = withoutLastEpsilon(
    {
      ...request,
      order: order - 1,
      items: items.map((jet, item) => (item === factor ? jet.slice(half) : jet.slice(0, half))),
      wanted: items.flatMap((_, item) => wanted.slice(lower(item), lower(item) + half)),
    },
    linearItems,
    gradient,
  );
  const zeros = Array.from({ length: half }, () => null);
  return lowered.map((jet, item) => (item === factor ? [...jet, ...zeros] : [...zeros, ...jet]));
}
