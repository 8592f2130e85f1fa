// What a thread must know to read the programs that are sent to it.
import type { Primitive, ProgramDecoders, Structure } from "@phxlang/autodiff";
import {
  collectivePrimitives,
  condPrimitive,
  csrFromBytes,
  primitives,
  scanPrimitive,
  whilePrimitive,
} from "@phxlang/autodiff";
import { decodeTrace } from "@phxlang/graph";
import { chainShapeFromBytes } from "../distributions/quantile.ts";
import { momentPlanFromBytes } from "../patterns/moment-plan.ts";
import { operatorPatternFromBytes } from "../patterns/operator-pattern.ts";
import { reductionPlanFromBytes } from "../patterns/reduction-plan.ts";
import { valueCheckFromBytes } from "../primitives/checked.ts";
import { phaseTypePrimitives } from "../primitives/index.ts";
import { simulationPlanFromBytes } from "../primitives/simulation.ts";

const loops = [scanPrimitive, whilePrimitive, condPrimitive] as unknown as readonly Primitive[];

const byName: ReadonlyMap<string, Primitive> = new Map(
  [...primitives, ...loops, ...collectivePrimitives, ...phaseTypePrimitives].map((primitive) => [
    primitive.name,
    primitive,
  ]),
);

const readers: Readonly<Record<string, (bytes: Uint8Array) => Structure>> = {
  "csr-pattern": csrFromBytes,
  "csr-matrix": csrFromBytes,
  "elimination-trace": decodeTrace,
  "operator-pattern": operatorPatternFromBytes,
  "reduction-plan": reductionPlanFromBytes,
  "moment-plan": momentPlanFromBytes,
  "chain-shape": chainShapeFromBytes,
  "simulation-plan": simulationPlanFromBytes,
  "value-check": valueCheckFromBytes,
};

/** Every primitive and structure that a compiled program of this package can hold. */
export const programDecoders: Required<ProgramDecoders> = {
  primitive: (name) => byName.get(name),
  structure: (kind, bytes) => readers[kind]?.(bytes),
};
