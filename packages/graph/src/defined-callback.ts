// DefinedCallback: the functions of a model definition as a StateCallback.
import { NdArray, PhxError, withTrace } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import type {
  Cell,
  EpochDeclaration,
  StateCallback,
  StartSink,
  TimeKind,
  TransitionSink,
} from "./callback.ts";
import {
  malformedTransition,
  notAnAmount,
  notWithinState,
  shown,
  wrongCoefficients,
  wrongState,
} from "./definition-errors.ts";
import type { CovariateDeclaration, ParameterDeclaration } from "./description.ts";
import type { FeatureTable, LinearForm } from "./feature-table.ts";
import { FeatureTrace, FeatureTracer } from "./feature-trace.ts";
import type { CallDescription } from "./feature-trace.ts";
import { createFeatureTable } from "./features.ts";
import type { StartDefinition, StateVector, TransitionDefinition } from "./model-definition.ts";
import { describeState } from "./packed-states.ts";

/** Symbols by name, made anew for every call. */
export type SymbolTable = { readonly [name: string]: Value };

/** The parts of a definition that the graph needs, with the types of symbols forgotten. */
export interface CallbackParts {
  readonly kind: TimeKind;
  readonly cells: readonly Cell[];
  readonly parameters: readonly ParameterDeclaration[];
  readonly covariates: readonly CovariateDeclaration[];
  readonly start: (symbols: SymbolTable) => readonly StartDefinition[];
  readonly transitions: (state: StateVector, symbols: SymbolTable) => readonly TransitionDefinition[];
  /** Null: states without transitions stop. */
  readonly stops: readonly ((state: StateVector) => boolean)[] | null;
  readonly causes: readonly string[];
  /** Events that a reward is paid at: these may lead back to the same state. */
  readonly rewarded: ReadonlySet<string>;
}

const transitionKeys: ReadonlySet<string> = new Set([
  "to",
  "rate",
  "probability",
  "coefficients",
  "base",
  "event",
]);

export class DefinedCallback implements StateCallback {
  readonly kind: TimeKind;
  readonly cells: readonly Cell[];
  readonly features: FeatureTable;
  readonly events: string[] = [];
  readonly causes: readonly string[];
  readonly declaresStop: boolean;
  readonly epochs: readonly EpochDeclaration[] = [{ name: "", start: 0 }];
  private readonly parts: CallbackParts;
  private readonly thetaLength: number;
  private readonly eventNumbers = new Map<string, number>();
  private readonly target: Int32Array;

  constructor(parts: CallbackParts) {
    this.parts = parts;
    this.kind = parts.kind;
    this.cells = parts.cells;
    this.thetaLength = parts.parameters.reduce((sum, { size }) => sum + size, 0);
    this.features = createFeatureTable(this.thetaLength, parts.covariates.length);
    this.causes = parts.causes;
    this.declaresStop = parts.stops !== null;
    this.target = new Int32Array(parts.cells.length);
  }

  start(sink: StartSink): void {
    const call = (): string => "start";
    this.withSymbols(call, (symbols, trace) => {
      const starts: unknown = this.parts.start(symbols);
      if (!Array.isArray(starts) || starts.length === 0) {
        throw malformedTransition(
          "start",
          shown(starts),
          "return at least one { to: [...], probability: ... }",
        );
      }
      for (const entry of starts as readonly StartDefinition[]) {
        this.readTarget(call, entry.to);
        const form = this.formOf(trace, call, "probability", entry.probability);
        this.send(form, (count, features, coefficients) =>
          sink.start(this.target, count, features, coefficients),
        );
      }
    });
  }

  transitions(state: Int32Array, _epoch: number, sink: TransitionSink): void {
    const call = (): string => `transitions in ${describeState(this.cells, state)}`;
    this.withSymbols(call, (symbols, trace) => {
      const found: unknown = this.parts.transitions(Array.from(state), symbols);
      if (!Array.isArray(found)) {
        throw malformedTransition(
          call(),
          shown(found),
          "return a list of { to: [...], rate: ... }; [] for none",
        );
      }
      for (const transition of found as readonly TransitionDefinition[]) {
        this.emit(call, trace, state, transition, sink);
      }
    });
  }

  stopCause(state: Int32Array): number {
    const { stops } = this.parts;
    if (stops === null) return -1;
    let cause = -1;
    stops.forEach((stop, index) => {
      const holds: unknown = stop(Array.from(state));
      if (typeof holds !== "boolean") {
        const call = `stop in ${describeState(this.cells, state)}`;
        throw malformedTransition(call, shown(holds), "return true or false");
      }
      if (holds && cause >= 0) throw this.twoCauses(state, cause, index);
      if (holds) cause = index;
    });
    return cause;
  }

  enter(): void {
    // There is one epoch.
  }

  /** Runs a function of the definition with symbols that live as long as it. */
  withSymbols<T>(call: CallDescription, body: (symbols: SymbolTable, trace: FeatureTrace) => T): T {
    return withTrace(
      (level) => new FeatureTrace(level, this.features, call),
      (trace) => {
        const symbols: Record<string, Value> = {};
        for (const { name, offset, shape } of this.parts.parameters)
          symbols[name] = trace.input(offset, shape);
        this.parts.covariates.forEach(({ name }, index) => {
          symbols[name] = trace.input(this.thetaLength + index, []);
        });
        return body(symbols, trace);
      },
    );
  }

  /** The linear form of a number or scalar expression; PHX911 for anything else. */
  formOf(trace: FeatureTrace, call: CallDescription, what: string, amount: unknown): LinearForm {
    if (typeof amount === "number" && Number.isFinite(amount)) return constantForm(amount);
    if (amount instanceof NdArray && amount.size === 1 && Number.isFinite(amount.elements[0])) {
      return constantForm(amount.elements[0]);
    }
    if (amount instanceof FeatureTracer) {
      if (amount.trace !== trace) throw notAnAmount(call(), what, "a symbol that was kept from another call");
      if (amount.size !== 1)
        throw notAnAmount(call(), what, `an array of shape [${amount.shape.join(", ")}]`);
      return this.features.linearForm(amount.nodes[0]);
    }
    if (amount instanceof NdArray)
      throw notAnAmount(call(), what, `an array of shape [${amount.shape.join(", ")}]`);
    throw notAnAmount(call(), what, shown(amount));
  }

  private emit(
    call: CallDescription,
    trace: FeatureTrace,
    state: Int32Array,
    transition: TransitionDefinition,
    sink: TransitionSink,
  ): void {
    if (typeof transition !== "object" || transition === null) {
      throw malformedTransition(
        call(),
        `${shown(transition)} in its list`,
        "each entry is { to: [...], rate: ... }",
      );
    }
    for (const key of Object.keys(transition)) {
      if (!transitionKeys.has(key)) {
        throw malformedTransition(
          call(),
          `a transition with \`${key}\``,
          `known are ${[...transitionKeys].join(", ")}`,
        );
      }
    }
    this.readTarget(call, transition.to);
    const form = this.weightOf(trace, call, transition);
    const event = transition.event ?? "transition";
    if (typeof event !== "string")
      throw malformedTransition(call(), `event ${shown(event)}`, "name events by strings");
    if (form.features.length === 0) return;
    const isLoop = this.target.every((value, c) => value === state[c]);
    if (isLoop && this.kind === "continuous" && !this.parts.rewarded.has(event)) {
      throw notWithinState(call(), describeState(this.cells, state));
    }
    this.send(form, (count, features, coefficients) =>
      sink.edge(this.eventNumber(event), this.target, count, features, coefficients),
    );
  }

  private weightOf(trace: FeatureTrace, call: CallDescription, transition: TransitionDefinition): LinearForm {
    const { rate, probability, coefficients, base } = transition;
    if (this.kind === "continuous" && probability !== undefined) {
      throw malformedTransition(
        call(),
        "a probability in continuous time",
        'give `rate`, or kind: "discrete"',
      );
    }
    const given = [rate, probability, coefficients].filter((value) => value !== undefined);
    if (given.length !== 1 || (base !== undefined && coefficients === undefined)) {
      const found = Object.entries(transition)
        .filter(([key, value]) => key !== "to" && key !== "event" && value !== undefined)
        .map(([key]) => key);
      throw malformedTransition(
        call(),
        `a transition with ${found.length === 0 ? "no weight" : found.join(" and ")}`,
        "give one of `rate`, `probability` (discrete time) and `coefficients` (with `base` if there is a constant)",
      );
    }
    if (coefficients === undefined) {
      return this.formOf(trace, call, rate === undefined ? "probability" : "rate", rate ?? probability);
    }
    if (coefficients.length !== this.thetaLength) {
      throw wrongCoefficients(call(), `${coefficients.length} coefficients`, this.thetaLength);
    }
    let sum = this.features.constant(base ?? 0);
    for (const [index, coefficient] of [base ?? 0, ...coefficients].entries()) {
      if (!Number.isFinite(coefficient))
        throw wrongCoefficients(call(), shown(coefficient), this.thetaLength);
      if (index === 0) continue;
      const term = this.features.apply(
        "mul",
        this.features.constant(coefficient),
        this.features.input(index - 1),
      );
      sum = this.features.apply("add", sum, term);
    }
    return this.features.linearForm(sum);
  }

  /** Puts a state that was given into `target`. */
  private readTarget(call: CallDescription, to: unknown): void {
    const { target } = this;
    if (!Array.isArray(to) && !ArrayBuffer.isView(to)) {
      throw wrongState(call(), shown(to), "a state is a list of whole numbers");
    }
    const values = to as ArrayLike<unknown>;
    if (values.length !== target.length) {
      throw wrongState(
        call(),
        shown(to),
        `it has ${values.length} numbers, and the state has ${target.length} cell${target.length === 1 ? "" : "s"}: ${this.cells.map(({ name }) => name).join(", ")}`,
      );
    }
    for (let c = 0; c < target.length; c++) {
      const value = values[c];
      if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) {
        throw wrongState(
          call(),
          shown(to),
          `${this.cells[c].name} is ${shown(value)}, not a whole number of 32 bits`,
        );
      }
      target[c] = value;
    }
  }

  private send(
    form: LinearForm,
    to: (count: number, features: Int32Array, coefficients: Float64Array) => void,
  ): void {
    to(form.features.length, Int32Array.from(form.features), Float64Array.from(form.coefficients));
  }

  private eventNumber(name: string): number {
    let number = this.eventNumbers.get(name);
    if (number === undefined) {
      number = this.events.length;
      this.events.push(name);
      this.eventNumbers.set(name, number);
    }
    return number;
  }

  private twoCauses(state: Int32Array, first: number, second: number): PhxError {
    return new PhxError({
      code: "PHX410",
      what: `causes \`${this.causes[first]}\` and \`${this.causes[second]}\` both hold in ${describeState(this.cells, state)}`,
      why: "a path ends with one cause",
      fix: "make the conditions exclude each other",
    });
  }
}

function constantForm(value: number): LinearForm {
  return value === 0 ? { features: [], coefficients: [] } : { features: [0], coefficients: [value] };
}
