// ModelDescription: everything a model says besides its graph. Files and code both produce one.
import type { GraphCallback } from "./callback.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { MarkovGraph } from "./markov-graph.ts";

/** A bound, a prior's argument, an epoch's time: a number, or the feature whose value it is. */
export type BoundValue = number | { readonly feature: number };

export interface ParameterDeclaration {
  readonly name: string;
  /** [] for a scalar; entries of an array are numbered row-major, with lower index bounds `indexFrom`. */
  readonly shape: readonly number[];
  readonly indexFrom: readonly number[];
  /** First entry in θ. */
  readonly offset: number;
  readonly size: number;
  readonly lower: BoundValue | null;
  readonly upper: BoundValue | null;
  /** Whether the end itself is allowed as a fixed value. */
  readonly lowerClosed: boolean;
  readonly upperClosed: boolean;
  readonly simplex: boolean;
  /** Length size; null where the file gives none. */
  readonly defaults: Float64Array | null;
  readonly prior: PriorDeclaration | null;
}

export interface PriorDeclaration {
  readonly law: PriorLaw;
  /** Feature numbers of the arguments (constants as plain numbers). */
  readonly args: readonly BoundValue[];
}

export type PriorLaw =
  | "normal"
  | "half_normal"
  | "lognormal"
  | "gamma"
  | "exponential"
  | "beta"
  | "uniform"
  | "dirichlet";

export interface CovariateDeclaration {
  readonly name: string;
  readonly defaultValue: number;
}

/**
 * A reward: per unit time (per step) in each state, plus at each firing of the events it is `on`.
 * Array rewards are flattened to names `branch[1]`, `branch[2]`, … The built-in reward `time`, 1 per unit time, is not declared: every model has it.
 */
export interface RewardDeclaration {
  readonly name: string;
  /** Row per graph state, during an epoch; evaluated after exploration. Null for a pure impulse reward. */
  stateForms(graph: MarkovGraph, epoch: number): LinearForms | null;
  /** Row per transition of graph.transitions, during an epoch; null for a pure state reward. */
  impulseForms(graph: MarkovGraph, epoch: number): LinearForms | null;
}

export interface ModelDescription {
  readonly name: string;
  readonly callback: GraphCallback;
  readonly parameters: readonly ParameterDeclaration[];
  readonly covariates: readonly CovariateDeclaration[];
  readonly rewards: readonly RewardDeclaration[];
}
