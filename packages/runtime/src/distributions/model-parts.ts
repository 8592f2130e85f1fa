// ModelParts: what a Model is made from.
import type { EliminationTrace, ModelDescription } from "@phxlang/graph";
import type { EvaluationOptions, Theta } from "../model.ts";
import type { EpochInputs } from "./evaluation.ts";
import type { Structures } from "./structures.ts";

export interface ModelParts {
  readonly description: ModelDescription;
  readonly structures: Structures;
  /** Of any epoch, every state by itself. */
  traceOf(epoch: number): EliminationTrace;
  /** How θ and covariates become the feature inputs of each epoch. */
  inputs(theta: Theta, options: EvaluationOptions | undefined): EpochInputs;
}
