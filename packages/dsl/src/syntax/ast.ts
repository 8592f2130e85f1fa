// The syntax tree of a .phx file: one record for each production of the grammar, with spans, without meaning.
import type { Span } from "@phxlang/autodiff";
import type {
  Binder,
  Expression,
  Identifier,
  LoopVariable,
  Range,
  StringLiteral,
} from "./ast-expressions.ts";

/**
 * Spans are half-open offsets into the text, in UTF-16 units. The tree is plain data and can be compared with
 * deep equality. Its depth never exceeds `maximumDepth`, so passes over it may recurse; chains of operators
 * of one precedence and `else if` ladders are lists and not depth.
 */
export interface AstFile {
  readonly kind: "file";
  /** Null if the text has no readable `model NAME`. */
  readonly header: ModelHeader | null;
  /** In the order of the text; those with syntax errors are left out. */
  readonly declarations: readonly Declaration[];
  readonly span: Span;
}

export interface ModelHeader {
  readonly kind: "model";
  readonly discrete: boolean;
  readonly name: Identifier;
  readonly span: Span;
}

// Declarations -------------------------------------------------------------------------------------------

export type Declaration =
  | UseDeclaration
  | ConstDeclaration
  | ParamDeclaration
  | CovariateDeclaration
  | StateDeclaration
  | StartDeclaration
  | StopDeclaration
  | EventDeclaration
  | RewardDeclaration
  | DefDeclaration
  | EpochDeclaration
  | EnterDeclaration
  | DataDeclaration
  | ObserveDeclaration;

/** `use "other.phx"` */
export interface UseDeclaration {
  readonly kind: "use";
  readonly path: StringLiteral;
  readonly span: Span;
}

/** `const n = 5` */
export interface ConstDeclaration {
  readonly kind: "const";
  readonly name: Identifier;
  readonly value: ListOrExpression;
  readonly span: Span;
}

/** `param rate[1..n] > 0 = 1 ~ gamma(2, 2)` */
export interface ParamDeclaration {
  readonly kind: "param";
  readonly name: Identifier;
  /** Empty for a scalar. */
  readonly dimensions: readonly Range[];
  readonly bound: Bound | null;
  readonly defaultValue: ListOrExpression | null;
  readonly prior: PriorCall | null;
  readonly span: Span;
}

export type Bound = IntervalBound | OneSidedBound | SimplexBound;

/** `in 0..1` */
export interface IntervalBound {
  readonly kind: "interval";
  readonly range: Range;
  readonly span: Span;
}

/** `> 0` */
export interface OneSidedBound {
  readonly kind: "oneSided";
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: Expression;
  readonly span: Span;
}

/** `simplex` */
export interface SimplexBound {
  readonly kind: "simplex";
  readonly span: Span;
}

/** `gamma(2, 2)` after `~`; law names are looked up by the checker. */
export interface PriorCall {
  readonly kind: "prior";
  readonly law: Identifier;
  readonly args: readonly Expression[];
  readonly span: Span;
}

/** `covariate treated = 0` */
export interface CovariateDeclaration {
  readonly kind: "covariate";
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `state b[1..n] in 0..n` */
export interface StateDeclaration {
  readonly kind: "state";
  readonly name: Identifier;
  /** Empty for a single cell. */
  readonly dimensions: readonly Range[];
  readonly domain: StateDomain;
  readonly span: Span;
}

export type StateDomain = RangeDomain | EnumDomain | BoolDomain;

/** `0..n` */
export interface RangeDomain {
  readonly kind: "range";
  readonly range: Range;
  readonly span: Span;
}

/** `{none, mild, severe}` */
export interface EnumDomain {
  readonly kind: "enum";
  readonly values: readonly Identifier[];
  readonly span: Span;
}

/** `bool` */
export interface BoolDomain {
  readonly kind: "bool";
  readonly span: Span;
}

/** `start for i in 1..m: phase = i @ alpha[i]` */
export interface StartDeclaration {
  readonly kind: "start";
  readonly binder: Binder | null;
  readonly changes: Changes;
  /** Null where no `@` is written. */
  readonly weight: Expression | null;
  readonly span: Span;
}

/** `stop ruined when money == 0` */
export interface StopDeclaration {
  readonly kind: "stop";
  readonly name: Identifier | null;
  readonly condition: Expression;
  readonly span: Span;
}

/** `event infect when S > 0: S -= 1, I += 1 @ beta * S * I / N` */
export interface EventDeclaration {
  readonly kind: "event";
  readonly name: Identifier;
  readonly binder: Binder | null;
  readonly changes: Changes;
  readonly rate: Expression | RestRate;
  readonly span: Span;
}

/** `rest` after `@`: whatever probability the other events leave. */
export interface RestRate {
  readonly kind: "rest";
  readonly span: Span;
}

/** `reward branch[i in 1..n - 1] on coalesce, migrate = b[i]` */
export interface RewardDeclaration {
  readonly kind: "reward";
  readonly name: Identifier;
  /** Empty for a scalar reward. */
  readonly indices: readonly LoopVariable[];
  /** Events at which it is paid; empty for a reward per unit time. */
  readonly on: readonly Identifier[];
  readonly value: Expression;
  readonly span: Span;
}

/** `def pairs(i, j) = b[i] * b[j]` */
export interface DefDeclaration {
  readonly kind: "def";
  readonly name: Identifier;
  /** Null for a def without arguments. */
  readonly parameters: readonly Identifier[] | null;
  readonly body: Expression;
  readonly span: Span;
}

/** `epoch crash from t1` */
export interface EpochDeclaration {
  readonly kind: "epoch";
  readonly name: Identifier;
  readonly from: Expression;
  readonly span: Span;
}

/** `enter ancestral: a += b, b = 0` */
export interface EnterDeclaration {
  readonly kind: "enter";
  /** The epoch that begins. */
  readonly epoch: Identifier;
  readonly changes: Changes;
  readonly span: Span;
}

/** `data visits from "cav.csv"` */
export interface DataDeclaration {
  readonly kind: "data";
  readonly name: Identifier;
  readonly path: StringLiteral;
  readonly span: Span;
}

/** `observe visits with treated = x when age > 18: stop at time` */
export interface ObserveDeclaration {
  readonly kind: "observe";
  readonly data: Identifier;
  /** Covariates of a row; empty where no `with` is written. */
  readonly givens: readonly Given[];
  /** Rows for which it fails are left out. */
  readonly condition: Expression | null;
  readonly observation: Observation;
  readonly span: Span;
}

/** `treated = group == "drug"` after `with`. */
export interface Given {
  readonly kind: "given";
  readonly covariate: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

export type Observation = StopObservation | RewardObservation | PathObservation;

/** `stop = cause at t censored when c` */
export interface StopObservation {
  readonly kind: "stop";
  readonly cause: Expression | null;
  readonly time: Expression;
  readonly censored: Expression | null;
  readonly span: Span;
}

/** `reward r = x` */
export interface RewardObservation {
  readonly kind: "reward";
  readonly reward: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `path by id at t, s = col exact when c` */
export interface PathObservation {
  readonly kind: "path";
  readonly subject: Expression;
  readonly time: Expression;
  readonly changes: Changes;
  readonly exact: Expression | null;
  readonly span: Span;
}

// Clauses ------------------------------------------------------------------------------------------------

/** Simultaneous changes, at most once repeated for all values of an `each`. */
export interface Changes {
  readonly kind: "changes";
  readonly items: readonly Change[];
  /** `each i in 0..n when …`: the same record as `for`, applied at once. */
  readonly each: Binder | null;
  readonly span: Span;
}

/** `b[i + j] += 1` */
export interface Change {
  readonly kind: "change";
  readonly cell: Identifier;
  /** Empty for a single cell. */
  readonly indices: readonly Expression[];
  /** From the cell's name to the end of its indices. */
  readonly cellSpan: Span;
  readonly operator: "=" | "+=" | "-=";
  readonly operatorSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

export type ListOrExpression = ListLiteral | Expression;

/** `[[0, 2], [1, 0]]` */
export interface ListLiteral {
  readonly kind: "list";
  readonly items: readonly ListOrExpression[];
  readonly span: Span;
}

/** A `#` comment, with its sign and without the line's end. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
}

export { maximumDepth, outerSpan } from "./ast-expressions.ts";
export type * from "./ast-expressions.ts";
