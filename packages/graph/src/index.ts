// The public face of @phxlang/graph.
export type {
  Cell,
  EpochDeclaration,
  GraphCallback,
  LaneTermLists,
  Moves,
  MoveSink,
  RuleCallback,
  StartSink,
  StateCallback,
  StateColumns,
  TimeKind,
  TransitionSink,
} from "./callback.ts";
export { checkProbabilities } from "./check-probabilities.ts";
export { checkWeights } from "./check-weights.ts";
export { defineModel } from "./define-model.ts";
export type {
  BoundValue,
  CovariateDeclaration,
  ModelDescription,
  ParameterDeclaration,
  PriorDeclaration,
  PriorLaw,
  RewardDeclaration,
} from "./description.ts";
export { exploreModel } from "./explore-model.ts";
export { explore } from "./explore.ts";
export type { ExploreOptions } from "./explore.ts";
export { graphCodes } from "./codes.ts";
export { decodeTrace } from "./decode-trace.ts";
export type { EliminationTrace, PivotOrdering } from "./elimination-trace.ts";
export { copyFeatures } from "./copy-features.ts";
export { createFeatureTable } from "./features.ts";
export type { FeatureOperation } from "./feature-operations.ts";
export type { FeatureTable, LinearForm } from "./feature-table.ts";
export { LinearFormsBuilder, linearFormsOf } from "./linear-forms.ts";
export type { LinearForms } from "./linear-forms.ts";
export { describeState, PackedStates } from "./packed-states.ts";
export { fromMatrices } from "./from-matrices.ts";
export type { MatrixOptions, NumberRows } from "./from-matrices.ts";
export { toDot, toPlainGraph } from "./graph-export.ts";
export type { PlainGraph } from "./graph-export.ts";
export { graphStatistics } from "./graph-statistics.ts";
export type { GraphStatistics } from "./graph-statistics.ts";
export { toMatrices } from "./to-matrices.ts";
export type { DenseMatrices } from "./to-matrices.ts";
export { graphRemarks } from "./graph-remarks.ts";
export type { GraphRemarks } from "./graph-remarks.ts";
export { interiorPoints } from "./interior-points.ts";
export type { LumpSeeds } from "./lump.ts";
export { recordGenerator } from "./record-generator.ts";
export { recordTrace } from "./record-trace.ts";
export type { RecordOptions } from "./record-trace.ts";
export type { GraphEpoch, MarkovGraph, StateTable, Transitions } from "./markov-graph.ts";
export type {
  Amount,
  CellDefinition,
  ModelDefinition,
  ParameterOptions,
  RewardDefinition,
  StartDefinition,
  StateVector,
  TransitionDefinition,
} from "./model-definition.ts";
export { censoring } from "./observations.ts";
export type {
  CovariateTable,
  Observations,
  PathObservations,
  RewardObservations,
  StopObservations,
} from "./observations.ts";
export { structureKey } from "./structure-key.ts";
export type { IncrementalHash, KeyOptions } from "./structure-key.ts";
export { findMisfit } from "./trace-fits.ts";
export { withinMemory } from "./within-memory.ts";
