// FileCallback: a checked model as the GraphCallback that exploration asks.
import { PhxError } from "@phxlang/autodiff";
import type { Place } from "@phxlang/autodiff";
import { describeState } from "@phxlang/graph";
import type {
  Cell,
  EpochDeclaration,
  FeatureTable,
  GraphCallback,
  StartSink,
  TimeKind,
  TransitionSink,
} from "@phxlang/graph";
import type { CheckedModel } from "../check/model.ts";
import { diagnostic } from "../check/reporter.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { entryName, sizeOf } from "../terms/shape.ts";
import type { Bytecode } from "./bytecode.ts";
import { faultsOf, partOfEvent } from "./faults.ts";
import type { FaultContext, Part } from "./faults.ts";
import { Machine } from "./machine.ts";
import { cellRanges, ProgramCompiler } from "./programs.ts";
import type { Program } from "./programs.ts";
import { RestBuffer } from "./rest.ts";
import { FeatureFactory } from "./term-code.ts";
import type { UnrolledEpoch, UnrolledReward, UnrolledStart } from "./unroll.ts";

/** Everything that unrolling found; epochs in order. */
export interface UnrolledModel {
  readonly table: InstanceTable;
  readonly starts: readonly UnrolledStart[];
  readonly epochs: readonly UnrolledEpoch[];
  readonly rewards: readonly UnrolledReward[];
}

/** The programs of one epoch, as data for back ends that generate code from them. */
export interface EpochPrograms {
  readonly transitions: Bytecode;
  readonly stops: Bytecode;
  readonly enter: Bytecode;
}

interface EpochMachines {
  readonly transitions: Machine;
  readonly stops: Machine;
  readonly enter: Machine;
  readonly hasRest: boolean;
}

export class FileCallback implements GraphCallback {
  readonly kind: TimeKind;
  readonly cells: readonly Cell[];
  readonly features: FeatureTable;
  readonly events: readonly string[];
  readonly causes: readonly string[];
  readonly declaresStop: boolean;
  readonly epochs: readonly EpochDeclaration[];
  /** Builds features of parameters; shared with rewards, bounds and priors. */
  readonly factory: FeatureFactory;
  readonly #model: CheckedModel;
  readonly #unrolled: UnrolledModel;
  readonly #compiler: ProgramCompiler;
  readonly #context: FaultContext;
  readonly #machines: (EpochMachines | undefined)[] = [];
  readonly #rest: RestBuffer;
  /** The state whose transitions are being collected in `#rest`. */
  #witness: Int32Array = new Int32Array();
  /** Events that pay an impulse reward: they may lead back to the same state. */
  readonly #rewarded: ReadonlySet<number>;

  constructor(
    model: CheckedModel,
    unrolled: UnrolledModel,
    features: FeatureTable,
    epochs: (factory: FeatureFactory) => readonly EpochDeclaration[],
    textAt: (place: Place) => string,
  ) {
    this.kind = model.kind;
    this.cells = cellsOf(model);
    this.features = features;
    this.events = model.events.map((event) => event.name);
    this.causes = model.causes.map((cause) => cause.name);
    this.declaresStop = model.stops.length > 0;
    this.factory = new FeatureFactory(unrolled.table, features);
    this.epochs = epochs(this.factory);
    this.#model = model;
    this.#unrolled = unrolled;
    this.#compiler = new ProgramCompiler(this.factory, cellRanges(model));
    this.#context = { model, table: unrolled.table, cells: this.cells, textAt };
    this.#rewarded = new Set(model.rewards.flatMap((reward) => reward.on));
    this.#rest = new RestBuffer((first, second) => this.#twoRests(first, second));
  }

  start(sink: StartSink): void {
    for (const { rule, changes, weight } of this.#unrolled.starts) {
      const part: Part = {
        what: "a start",
        place: rule.place,
        valuePlace: rule.weight?.place ?? rule.place,
        valueNoun: "weight",
        changes: rule.changes.items,
      };
      const begin = this.#machine(this.#compiler.changes(changes), () => part);
      begin.run(
        Int32Array.from(this.cells, (cell) => cell.lower),
        null,
      );
      const state = begin.target.slice();
      const terms = this.#machine(this.#compiler.terms(weight), () => part);
      terms.run(state, null);
      sink.start(state, terms.termCount, terms.features, terms.coefficients);
    }
  }

  transitions(state: Int32Array, epoch: number, sink: TransitionSink): void {
    const { transitions, hasRest } = this.#epoch(epoch);
    if (!hasRest) {
      transitions.run(state, sink);
      return;
    }
    this.#rest.clear();
    this.#witness = state;
    transitions.run(state, this.#rest);
    this.#rest.flush(sink, state.length);
  }

  stopCause(state: Int32Array, epoch: number): number {
    const { stops } = this.#epoch(epoch);
    stops.run(state, null);
    return stops.cause;
  }

  enter(state: Int32Array, epoch: number): void {
    const { enter } = this.#epoch(epoch);
    enter.run(state, null);
    state.set(enter.target);
  }

  /** The programs of an epoch. */
  programs(epoch: number): EpochPrograms {
    const { transitions, stops, enter } = this.#epoch(epoch);
    return { transitions: transitions.program, stops: stops.program, enter: enter.program };
  }

  /** A machine for the terms of an expression, given as a node; faults speak of `part`. */
  termMachine(root: number, part: Part): Machine {
    return this.#machine(this.#compiler.terms(root), () => part);
  }

  #epoch(epoch: number): EpochMachines {
    let machines = this.#machines[epoch];
    if (machines === undefined) {
      machines = this.#compileEpoch(epoch);
      this.#machines[epoch] = machines;
    }
    return machines;
  }

  #compileEpoch(epoch: number): EpochMachines {
    const model = this.#model;
    const unrolled = this.#unrolled.epochs[epoch];
    const mayStay = (event: number): boolean => model.kind === "discrete" || this.#rewarded.has(event);
    const transitions = this.#compiler.transitions(unrolled, mayStay);
    const causes = model.stops.map((stop) => this.causes.indexOf(stop.name));
    const stop: Part = { what: "a stop condition", place: model.place, valuePlace: model.place };
    const begins = model.epochs[epoch];
    const enter: Part =
      begins === undefined
        ? stop
        : {
            what: `\`enter ${begins.name}\``,
            place: begins.place,
            valuePlace: begins.place,
            changes: begins.enter?.items ?? [],
          };
    return {
      transitions: this.#machine(transitions, (instruction) => partOfEvent(transitions.origins, instruction)),
      stops: this.#machine(this.#compiler.stops(unrolled, causes), () => stop),
      enter: this.#machine(this.#compiler.changes(unrolled.enter), () => enter),
      hasRest: unrolled.events.some((event) => event.rate === "rest"),
    };
  }

  #machine(program: Program<unknown>, partAt: (instruction: number) => Part): Machine {
    return new Machine(program.bytecode, this.factory.families, faultsOf(this.#context, partAt));
  }

  #twoRests(first: number, second: number): never {
    const [one, other] = [this.#model.events[first], this.#model.events[second]];
    const state = describeState(this.cells, this.#witness);
    const message =
      first === second
        ? `event \`${one.name}\` takes the rest more than once in ${state}`
        : `two \`@ rest\` events in ${state}: \`${one.name}\` and \`${other.name}\``;
    throw new PhxError([
      diagnostic("error", "PHX407", other.ratePlace, message, {
        related: first === second ? undefined : [{ ...one.ratePlace, label: "and this one" }],
        hint: "guard one of them with `when`",
      }),
    ]);
  }
}

function cellsOf(model: CheckedModel): readonly Cell[] {
  return model.states.flatMap(({ name, array, lower, upper, labels }) =>
    Array.from({ length: sizeOf(array.shape) }, (_, i): Cell => {
      const cell = { name: entryName(name, array.shape, i), lower, upper };
      return labels === null ? cell : { ...cell, labels };
    }),
  );
}
