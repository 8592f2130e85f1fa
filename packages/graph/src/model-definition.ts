// What defineModel takes: a model written as functions.
import type { Value } from "@phxlang/autodiff";
import type { TimeKind } from "./callback.ts";
import type { PriorLaw } from "./description.ts";

/** A rate, a probability, a reward: a number, or an expression of the symbolic parameters. Scalars. */
export type Amount = number | Value;

export interface ParameterOptions {
  /** Length of an array parameter, or its shape; without it the parameter is one number. */
  readonly shape?: number | readonly number[];
  /** Smallest and largest value, both allowed. Default: none. */
  readonly lower?: number;
  readonly upper?: number;
  /** Nonnegative entries that sum to 1; an array parameter of one axis. */
  readonly simplex?: boolean;
  /** Value where none is given; one number for all entries, or one for each, row-major. */
  readonly default?: number | readonly number[];
  readonly prior?: { readonly law: PriorLaw; readonly args: readonly number[] };
}

/** A cell of the state: its name, or its name with the range that it stays in. */
export type CellDefinition =
  | string
  | {
      readonly name: string;
      readonly lower: number;
      readonly upper: number;
      readonly labels?: readonly string[];
    };

export type StateVector = readonly number[];

export interface StartDefinition {
  readonly to: StateVector;
  readonly probability: Amount;
}

/**
 * One transition: `rate` (or `probability`, in discrete time) is an expression of the parameters, or is given as
 * base + Σ coefficients[i] · θ[i], the special case that needs no symbols.
 */
export interface TransitionDefinition {
  readonly to: StateVector;
  readonly rate?: Amount;
  readonly probability?: Amount;
  readonly coefficients?: readonly number[];
  readonly base?: number;
  /** Name, for impulse rewards and sampled paths. Default "transition". */
  readonly event?: string;
}

export type RewardFunction<S> = (state: StateVector, symbols: S) => Amount;

/** A reward per unit time (per step), or, with `on`, at each firing of these events in the state before it. */
export type RewardDefinition<S> =
  | RewardFunction<S>
  | { readonly on: string | readonly string[]; readonly value: RewardFunction<S> | number };

/** Symbols by name: parameters, then covariates. */
export type Symbols<P, C> = { readonly [name in (keyof P | keyof C) & string]: Value };

export interface ModelDefinition<
  P extends { readonly [K in keyof P]: ParameterOptions },
  C extends { readonly [K in keyof C]: number },
> {
  readonly name?: string;
  /** Default "continuous". */
  readonly kind?: TimeKind;
  readonly state: readonly CellDefinition[];
  readonly parameters?: P;
  /** Known numbers that may differ from observation to observation, with their default values. */
  readonly covariates?: C;
  /** The initial distribution; probabilities sum to 1. */
  readonly start: readonly StartDefinition[] | ((symbols: Symbols<P, C>) => readonly StartDefinition[]);
  /** Called once for each reachable state that does not stop. */
  readonly transitions: (state: StateVector, symbols: Symbols<P, C>) => readonly TransitionDefinition[];
  /** Where the path ends; by name for competing causes. Default: states without transitions. */
  readonly stop?:
    | ((state: StateVector) => boolean)
    | { readonly [cause: string]: (state: StateVector) => boolean };
  readonly rewards?: { readonly [name: string]: RewardDefinition<Symbols<P, C>> };
}
