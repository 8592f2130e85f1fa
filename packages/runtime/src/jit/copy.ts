// The elementwise operation that does nothing: how a view becomes dense.
import type { Elementwise } from "./lowering.ts";

export const copyLowering: Elementwise = {
  kind: "elementwise",
  weight: 1,
  usesOnce: true,
  emit: (_body, [operand]) => operand,
};
