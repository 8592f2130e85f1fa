// Programs of a model: transitions, stops and changes of each epoch, and the terms of weights and rewards.
import type { CheckedModel } from "../check/model.ts";
import type { InstanceTable } from "../terms/instances.ts";
import type { Bytecode, FamilyCall, Origin } from "./bytecode.ts";
import { emitChanges } from "./change-code.ts";
import { CodeBuilder } from "./code-builder.ts";
import type { Label } from "./code-builder.ts";
import { emitTerms } from "./term-code.ts";
import type { FeatureFactory } from "./term-code.ts";
import type { UnrolledChange, UnrolledEpoch, UnrolledEvent } from "./unroll.ts";

/** A program and, for messages, what each stretch of it does. */
export interface Program<Subject = null> {
  readonly bytecode: Bytecode;
  readonly origins: readonly Origin<Subject>[];
}

/** Ranges of the cells, by cell number. */
export interface CellRanges {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function cellRanges(model: CheckedModel): CellRanges {
  const low: number[] = [];
  const high: number[] = [];
  for (const { array, lower, upper } of model.states) {
    const size = array.shape.sizes.reduce((product, length) => product * length, 1);
    for (let i = 0; i < size; i++) {
      low.push(lower);
      high.push(upper);
    }
  }
  return { low: Int32Array.from(low), high: Int32Array.from(high) };
}

export class ProgramCompiler {
  readonly #factory: FeatureFactory;
  readonly #table: InstanceTable;
  readonly #ranges: CellRanges;

  constructor(factory: FeatureFactory, ranges: CellRanges) {
    this.#factory = factory;
    this.#table = factory.table;
    this.#ranges = ranges;
  }

  /** `mayStay`: events that may lead back to the same state. */
  transitions(epoch: UnrolledEpoch, mayStay: (event: number) => boolean): Program<UnrolledEvent> {
    const builder = new CodeBuilder(this.#table, this.#ranges.low.length);
    const calls: FamilyCall[] = [];
    const origins: Origin<UnrolledEvent>[] = [];
    for (const subject of epoch.events) {
      builder.forget();
      origins.push({ from: builder.position, subject });
      const skip: Label = [];
      for (const condition of subject.conditions) builder.jumpUnless(condition, skip);
      if (subject.rate !== "rest") emitTerms(builder, this.#factory, subject.rate, calls, skip);
      const list = emitChanges(builder, this.#table, subject.changes);
      if (subject.rate === "rest") builder.put("rest", subject.event, 0, list);
      else builder.put("edge", subject.event, mayStay(subject.event) ? 0 : 1, list);
      builder.land(skip);
    }
    return { bytecode: this.#finish(builder, calls), origins };
  }

  /** Leaves the number of the cause in the machine; `causes` are those of the stops, in their order. */
  stops(epoch: UnrolledEpoch, causes: readonly number[]): Program {
    const builder = new CodeBuilder(this.#table, this.#ranges.low.length);
    for (const [i, condition] of epoch.stops.entries()) {
      if (this.#table.constantValue(condition) === 0) continue;
      builder.forget();
      const skip: Label = [];
      builder.jumpUnless(condition, skip);
      builder.put("cause", causes[i]);
      builder.land(skip);
    }
    return { bytecode: this.#finish(builder, []), origins: [] };
  }

  /** Leaves the changed state in the machine's target. */
  changes(changes: readonly UnrolledChange[]): Program {
    const builder = new CodeBuilder(this.#table, this.#ranges.low.length);
    builder.put("become", 0, 0, emitChanges(builder, this.#table, changes));
    return { bytecode: this.#finish(builder, []), origins: [] };
  }

  /** Leaves the terms of an expression in the machine. */
  terms(root: number): Program {
    const builder = new CodeBuilder(this.#table, this.#ranges.low.length);
    const calls: FamilyCall[] = [];
    emitTerms(builder, this.#factory, root, calls, null);
    return { bytecode: this.#finish(builder, calls), origins: [] };
  }

  #finish(builder: CodeBuilder, familyCalls: readonly FamilyCall[]): Bytecode {
    builder.put("end");
    const checks = this.#table.checks();
    return {
      code: builder.code.toArray(),
      registers: builder.registers(),
      cellCount: this.#ranges.low.length,
      checkLow: Float64Array.from(checks, (check) => check.low),
      checkHigh: Float64Array.from(checks, (check) => check.high),
      cellLow: this.#ranges.low,
      cellHigh: this.#ranges.high,
      changes: builder.changes.toArray(),
      changeOffsets: builder.changeOffsets.toArray(),
      familyCalls,
    };
  }
}
