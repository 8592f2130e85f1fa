// FileCallback: a checked model as the RuleCallback that exploration asks.
import { internalError, PhxError } from "@phxlang/autodiff";
import type { Place } from "@phxlang/autodiff";
import { describeState } from "@phxlang/graph";
import type {
  Cell,
  EpochDeclaration,
  FeatureTable,
  MoveSink,
  RuleCallback,
  StartSink,
  StateColumns,
  TimeKind,
} from "@phxlang/graph";
import type { CheckedModel } from "../check/model.ts";
import { diagnostic } from "../check/reporter.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { entryName, sizeOf } from "../terms/shape.ts";
import { faultsOf, partOfEvent } from "./faults.ts";
import type { FaultContext, Part } from "./faults.ts";
import { Machine } from "./machine.ts";
import type { RuleSink } from "./machine.ts";
import { cellRanges, ProgramCompiler } from "./programs.ts";
import type { Program } from "./programs.ts";
import { RestMoves } from "./rest.ts";
import { FeatureFactory } from "./term-code.ts";
import type { UnrolledEpoch, UnrolledReward, UnrolledStart } from "./unroll.ts";

/** Everything that unrolling found; epochs in order. */
export interface UnrolledModel {
  readonly table: InstanceTable;
  readonly starts: readonly UnrolledStart[];
  readonly epochs: readonly UnrolledEpoch[];
  readonly rewards: readonly UnrolledReward[];
}

interface EpochMachines {
  readonly transitions: Machine;
  readonly stops: Machine;
  readonly enter: Machine;
  readonly hasRest: boolean;
}

/** States at once: enough to forget the cost of an instruction, few enough for the cells to stay in the cache. */
const mostLanes = 256;
const blockSize = 16_384;

export class FileCallback implements RuleCallback {
  readonly kind: TimeKind;
  readonly cells: readonly Cell[];
  readonly features: FeatureTable;
  readonly events: readonly string[];
  readonly causes: readonly string[];
  readonly declaresStop: boolean;
  readonly epochs: readonly EpochDeclaration[];
  readonly width: number;
  /** Builds features of parameters; shared with rewards, bounds and priors. */
  readonly factory: FeatureFactory;
  readonly #model: CheckedModel;
  readonly #unrolled: UnrolledModel;
  readonly #compiler: ProgramCompiler;
  readonly #context: FaultContext;
  readonly #machines: (EpochMachines | undefined)[] = [];
  readonly #allLanes: Int32Array;
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
    this.width = Math.max(1, Math.min(mostLanes, Math.floor(blockSize / Math.max(1, this.cells.length))));
    this.#allLanes = Int32Array.from({ length: this.width }, (_, lane) => lane);
  }

  start(sink: StartSink): void {
    const lowest = Float64Array.from(this.cells, (cell) => cell.lower);
    for (const { rule, changes, weight } of this.#unrolled.starts) {
      const part: Part = {
        what: "a start",
        place: rule.place,
        valuePlace: rule.weight?.place ?? rule.place,
        valueNoun: "weight",
        changes: rule.changes.items,
      };
      const begin = this.#machine(this.#compiler.changes(changes), 1, () => part);
      const weighs = this.#machine(this.#compiler.terms(weight), 1, () => part);
      const cells = lowest.slice();
      begin.run({ width: 1, count: 1, cells: lowest }, oneLane, {
        move({ cells: changed, cellCount, deltas }) {
          for (let k = 0; k < cellCount; k++) cells[changed[k]] += deltas[k];
        },
        rest: noRest,
      });
      const { terms } = weighs;
      weighs.run({ width: 1, count: 1, cells }, oneLane, nothingMoves);
      sink.start(Int32Array.from(cells), terms.counts[0], terms.features, terms.coefficients);
    }
  }

  moves(states: StateColumns, lanes: Int32Array, epoch: number, sink: MoveSink): void {
    const { transitions, hasRest } = this.#epoch(epoch);
    if (!hasRest) {
      transitions.run(states, lanes, { move: (moves) => sink.move(moves), rest: noRest });
      return;
    }
    const rest = new RestMoves(states.width, sink, (lane, first, second) =>
      this.#twoRests(stateIn(states, lane, this.cells.length), first, second),
    );
    transitions.run(states, lanes, rest);
    rest.flush();
  }

  stopCauses(states: StateColumns, epoch: number, causes: Int32Array): void {
    const { stops } = this.#epoch(epoch);
    stops.run(states, this.#lanes(states), nothingMoves);
    for (let lane = 0; lane < states.count; lane++) causes[lane] = stops.causes[lane];
  }

  entries(states: StateColumns, epoch: number, sink: MoveSink): void {
    const { enter } = this.#epoch(epoch);
    enter.run(states, this.#lanes(states), { move: (moves) => sink.move(moves), rest: noRest });
  }

  /** A machine for the terms of an expression, given as a node; faults speak of `part`. */
  termMachine(root: number, part: Part): Machine {
    return this.#machine(this.#compiler.terms(root), this.width, () => part);
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
    const { width } = this;
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
      transitions: this.#machine(transitions, width, (instruction) =>
        partOfEvent(transitions.origins, instruction),
      ),
      stops: this.#machine(this.#compiler.stops(unrolled, causes), width, () => stop),
      enter: this.#machine(this.#compiler.changes(unrolled.enter), width, () => enter),
      hasRest: unrolled.events.some((event) => event.rate === "rest"),
    };
  }

  #lanes({ count }: StateColumns): Int32Array {
    return this.#allLanes.subarray(0, count);
  }

  #machine(program: Program<unknown>, width: number, partAt: (instruction: number) => Part): Machine {
    return new Machine(program.bytecode, width, this.factory.families, faultsOf(this.#context, partAt));
  }

  #twoRests(witness: Int32Array, first: number, second: number): never {
    const [one, other] = [this.#model.events[first], this.#model.events[second]];
    const state = describeState(this.cells, witness);
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

const oneLane = Int32Array.of(0);

function noRest(): never {
  throw internalError("a rest where no event takes one");
}

/** For programs that have no edges. */
export const nothingMoves: RuleSink = {
  move(): never {
    throw internalError("a move in a program without edges");
  },
  rest: noRest,
};

function stateIn({ cells, width }: StateColumns, lane: number, cellCount: number): Int32Array {
  return Int32Array.from({ length: cellCount }, (_, cell) => cells[cell * width + lane]);
}

function cellsOf(model: CheckedModel): readonly Cell[] {
  return model.states.flatMap(({ name, array, lower, upper, labels }) =>
    Array.from({ length: sizeOf(array.shape) }, (_, i): Cell => {
      const cell = { name: entryName(name, array.shape, i), lower, upper };
      return labels === null ? cell : { ...cell, labels };
    }),
  );
}
