// CheckedModel: a model whose names, kinds and levels are right; what compilation and the binding of data read.
import type { Place } from "@phxlang/autodiff";
import type { ParameterDeclaration, PriorLaw, TimeKind } from "@phxlang/graph";
import type { Kind } from "../terms/kinds.ts";
import type { Binding, ElementTerm, Loop, Term, TermArray } from "../terms/terms.ts";

export interface CheckedModel {
  readonly name: string;
  readonly place: Place;
  readonly kind: TimeKind;
  readonly parameters: readonly CheckedParameter[];
  readonly covariates: readonly CheckedCovariate[];
  readonly states: readonly CheckedState[];
  readonly starts: readonly StartRule[];
  readonly stops: readonly StopRule[];
  /** Distinct causes of the stops, in the order of their first; one unnamed cause where there is no stop. */
  readonly causes: readonly StopCause[];
  readonly events: readonly EventRule[];
  readonly epochs: readonly EpochRule[];
  readonly rewards: readonly RewardRule[];
  readonly data: readonly DataRule[];
  readonly observes: readonly ObserveRule[];
}

export interface CheckedParameter {
  readonly name: string;
  readonly place: Place;
  readonly array: TermArray;
  readonly lower: Term | null;
  readonly upper: Term | null;
  readonly lowerClosed: boolean;
  readonly upperClosed: boolean;
  readonly simplex: boolean;
  readonly defaults: ParameterDeclaration["defaults"];
  readonly prior: { readonly law: PriorLaw; readonly args: readonly Term[] } | null;
}

export interface CheckedCovariate {
  readonly name: string;
  readonly place: Place;
  readonly defaultValue: number;
  /** Whether anything of the model reads it. */
  readonly used: boolean;
}

export interface CheckedState {
  readonly name: string;
  readonly place: Place;
  readonly array: TermArray;
  readonly kind: Kind;
  readonly lower: number;
  readonly upper: number;
  /** Labels of lower, lower + 1, …; null for whole numbers. */
  readonly labels: readonly string[] | null;
}

/** Simultaneous changes, repeated over `each`. */
export interface ChangeList {
  readonly items: readonly ChangeRule[];
  readonly each: Binding;
}

export interface ChangeRule {
  readonly place: Place;
  readonly state: CheckedState;
  /** The cell that changes. */
  readonly target: ElementTerm;
  readonly operator: "=" | "+=" | "-=";
  readonly value: Term;
}

export interface StartRule {
  readonly place: Place;
  readonly binding: Binding;
  readonly changes: ChangeList;
  /** Null where no `@` is written. */
  readonly weight: Term | null;
}

export interface StopCause {
  /** Empty for the unnamed cause. */
  readonly name: string;
  readonly place: Place;
}

export interface StopRule {
  /** Empty for the unnamed cause. */
  readonly name: string;
  readonly place: Place;
  readonly condition: Term;
}

export interface EventRule {
  readonly name: string;
  readonly place: Place;
  readonly binding: Binding;
  readonly changes: ChangeList;
  readonly rate: Term | "rest";
  readonly ratePlace: Place;
}

export interface EpochRule {
  readonly name: string;
  readonly place: Place;
  readonly from: Term;
  readonly enter: ChangeList | null;
}

export interface RewardRule {
  readonly name: string;
  readonly place: Place;
  readonly indices: readonly Loop[];
  /** Events at which it is paid; empty for a reward per unit time. */
  readonly on: readonly number[];
  readonly value: Term;
}

export interface DataRule {
  readonly name: string;
  readonly place: Place;
  readonly path: string;
}

export interface ObserveRule {
  readonly place: Place;
  readonly data: string;
  /** Covariates that rows give, with the place of each value. */
  readonly givens: readonly { readonly covariate: number; readonly value: Term }[];
  readonly condition: Term | null;
  readonly observation: ObservedStop | ObservedReward | ObservedPath;
}

export interface ObservedStop {
  readonly kind: "stop";
  readonly cause: Term | null;
  readonly time: Term;
  readonly censored: Term | null;
}

export interface ObservedReward {
  readonly kind: "reward";
  readonly reward: string;
  readonly value: Term;
}

export interface ObservedPath {
  readonly kind: "path";
  readonly subject: Term;
  readonly time: Term;
  readonly cells: readonly { readonly cell: number; readonly state: CheckedState; readonly value: Term }[];
  readonly exact: Term | null;
}
