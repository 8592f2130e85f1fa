// Machine: runs bytecode on many states side by side, an instruction at a time, without allocating.
import { internalError } from "@phxlang/autodiff";
import type { MoveSink, StateColumns } from "@phxlang/graph";
import { instructionSize, opcodes } from "./bytecode.ts";
import type { Bytecode } from "./bytecode.ts";
import { columnJumps, columnOperations } from "./column-operations.ts";
import type { Family } from "./families.ts";
import { FoundChanges, LaneMoves, ListedChanges } from "./lane-changes.ts";
import type { ChangeFaults } from "./lane-changes.ts";
import { LanePaths } from "./lane-paths.ts";
import { LaneTerms } from "./lane-terms.ts";

/** What can go wrong in a state while a program runs; `instruction` tells in which part. Each of them throws. */
export interface Faults {
  index(state: Int32Array, instruction: number, check: number, value: number): never;
  /** A cell would get a value outside its range, or not a number. */
  range(state: Int32Array, instruction: number, cell: number, value: number): never;
  conflict(state: Int32Array, instruction: number, cell: number): never;
  /** The coefficient of a rate is infinite or not a number. */
  notFinite(state: Int32Array, instruction: number, value: number): never;
  /** A rate that reads no parameter is below 0. */
  negative(state: Int32Array, instruction: number, value: number): never;
  selfLoop(state: Int32Array, instruction: number): never;
  overlap(state: Int32Array, first: number, second: number): never;
  trap(state: Int32Array, instruction: number, trap: number): never;
}

/** Receives what programs with edges or changes do. */
export interface RuleSink extends MoveSink {
  /** Moves whose probability is what the others of the lane leave. */
  rest(moves: LaneMoves): void;
}

/**
 * A register that some instruction writes is a column of `width` numbers, one a lane; so are the cells. All others are
 * one number that the lanes share. Register r begins at places[r]; masks[r] is −1 for a column and 0 for one number.
 */
export class Machine implements ChangeFaults {
  readonly width: number;
  /** Terms of the rate in each lane. */
  readonly terms: LaneTerms;
  /** Cause found in each lane, or −1. */
  readonly causes: Int32Array;
  readonly #program: Bytecode;
  readonly #places: Int32Array;
  readonly #masks: Int32Array;
  readonly #values: Float64Array;
  readonly #families: readonly Family[];
  readonly #faults: Faults;
  readonly #paths: LanePaths;
  readonly #moves: LaneMoves;
  readonly #listed: ListedChanges;
  /** Null where no cell that changes is decided by the state. */
  readonly #found: FoundChanges | null;
  /** Keys of a member of a family. */
  #keys = new Float64Array(4);
  /** The running instruction. */
  #at = 0;

  constructor(program: Bytecode, width: number, families: readonly Family[], faults: Faults) {
    const columns = columnRegisters(program);
    this.width = width;
    this.#program = program;
    this.#places = new Int32Array(columns.length);
    this.#masks = new Int32Array(columns.length);
    let size = 0;
    for (let register = 0; register < columns.length; register++) {
      this.#places[register] = size;
      this.#masks[register] = columns[register] === 1 ? -1 : 0;
      size += columns[register] === 1 ? width : 1;
    }
    this.#values = new Float64Array(size);
    for (let register = 0; register < columns.length; register++) {
      if (columns[register] === 0) this.#values[this.#places[register]] = program.registers[register];
    }
    this.#families = families;
    this.#faults = faults;
    this.terms = new LaneTerms(width);
    this.causes = new Int32Array(width);
    this.#paths = new LanePaths(width);
    this.#moves = new LaneMoves(width, this.terms);
    this.#listed = new ListedChanges(program, width, this.#places, this.#masks);
    this.#found = usesFoundChanges(program) ? new FoundChanges(program, width) : null;
  }

  /** Runs the program on the states in some lanes of columns that have the width of the machine. */
  run(states: StateColumns, lanes: Int32Array, sink: RuleSink): void {
    const { code } = this.#program;
    const values = this.#values;
    const places = this.#places;
    const masks = this.#masks;
    const paths = this.#paths;
    const { active } = paths;
    // The cells are the first registers.
    values.set(states.cells);
    this.#found?.forget();
    paths.begin(lanes);
    for (const lane of lanes) this.causes[lane] = -1;
    for (let at = 0; ; at++) {
      // Where no lane is left, to where some wait.
      if (paths.count === 0 && paths.next < Infinity) at = paths.next;
      if (at === paths.next) paths.land();
      const opcode = code[4 * at];
      const d = code[4 * at + 1];
      const a = code[4 * at + 2];
      const b = code[4 * at + 3];
      const operation = columnOperations[opcode];
      if (operation !== undefined) {
        operation(values, places[d], places[a], masks[a], places[b], masks[b], active, paths.count);
        continue;
      }
      const jump = columnJumps[opcode];
      if (jump !== undefined) {
        const left = paths.waitingAt(d);
        const { count } = paths;
        const [pa, ma, pb, mb] = [places[a], masks[a], places[b], masks[b]];
        paths.count = jump(values, pa, ma, pb, mb, active, count, left.lanes, left.count);
        left.count += count - paths.count;
        continue;
      }
      if (opcode === opcodes.end) return;
      this.#at = at;
      this.#execute(opcode, d, a, b, sink);
    }
  }

  range(lane: number, cell: number, value: number): never {
    return this.#faults.range(this.#state(lane), this.#at, cell, value);
  }

  conflict(lane: number, cell: number): never {
    return this.#faults.conflict(this.#state(lane), this.#at, cell);
  }

  selfLoop(lane: number): never {
    return this.#faults.selfLoop(this.#state(lane), this.#at);
  }

  #execute(opcode: number, d: number, a: number, b: number, sink: RuleSink): void {
    switch (opcode) {
      case opcodes.check:
      case opcodes.softCheck:
        this.#check(d, a, b, opcode === opcodes.softCheck);
        break;
      case opcodes.load:
        this.#loadAt(d, a, b);
        break;
      case opcodes.jump:
        this.#jumpAll(d);
        break;
      case opcodes.clearTerms:
        this.#moves.feature = -1;
        this.#eachLane((lane) => {
          this.terms.counts[lane] = 0;
        });
        break;
      case opcodes.oneTerm:
        this.#oneTerm(d, a, b);
        break;
      case opcodes.term:
        this.#term(d, a);
        break;
      case opcodes.family:
        this.#eachLane((lane) => this.#pushFamily(lane, d, this.#read(a, lane)));
        break;
      case opcodes.mergeTerms:
        this.#eachLane((lane) => this.terms.merge(lane));
        break;
      case opcodes.jumpIfNoTerms:
        this.#jumpIfNoTerms(d);
        break;
      case opcodes.assignAt:
      case opcodes.addAt:
        this.#eachLane((lane) => {
          const cell = b + this.#read(d, lane);
          this.#found?.change(lane, cell, this.#read(a, lane), opcode === opcodes.addAt, this.#values, this);
        });
        break;
      case opcodes.edge:
        this.#move(d, b, a === 0, (moves) => sink.move(moves));
        break;
      case opcodes.rest:
        this.#move(d, b, true, (moves) => sink.rest(moves));
        break;
      case opcodes.become:
        this.#move(-1, b, true, (moves) => sink.move(moves));
        break;
      case opcodes.cause:
        this.#eachLane((lane) => {
          const before = this.causes[lane];
          if (before >= 0 && before !== d) this.#faults.overlap(this.#state(lane), before, d);
          this.causes[lane] = d;
        });
        break;
      case opcodes.trap:
        this.#faults.trap(this.#state(this.#paths.active[0]), this.#at, d);
        break;
      default:
        throw internalError(`instruction ${this.#at} has no operation`);
    }
  }

  #read(register: number, lane: number): number {
    return this.#values[this.#places[register] + (lane & this.#masks[register])];
  }

  #state(lane: number): Int32Array {
    return Int32Array.from({ length: this.#program.cellCount }, (_, cell) => this.#read(cell, lane));
  }

  #eachLane(body: (lane: number) => void): void {
    const { active, count } = this.#paths;
    for (let k = 0; k < count; k++) body(active[k]);
  }

  #check(d: number, a: number, b: number, soft: boolean): void {
    const low = this.#program.checkLow[b];
    const high = this.#program.checkHigh[b];
    const { active, count } = this.#paths;
    for (let k = 0; k < count; k++) {
      const lane = active[k];
      const index = this.#read(a, lane);
      const inside = index >= low && index <= high;
      if (!inside && !soft) this.#faults.index(this.#state(lane), this.#at, b, index);
      this.#values[this.#places[d] + lane] = inside ? index - low : 0;
    }
  }

  /** Registers from b on are cells, which are columns, or constants, which are one number each. */
  #loadAt(d: number, a: number, b: number): void {
    const values = this.#values;
    const from = this.#places[b];
    const [step, mask] = this.#masks[b] === 0 ? [1, 0] : [this.width, -1];
    const { active, count } = this.#paths;
    for (let k = 0; k < count; k++) {
      const lane = active[k];
      values[this.#places[d] + lane] = values[from + this.#read(a, lane) * step + (lane & mask)];
    }
  }

  #jumpAll(d: number): void {
    const paths = this.#paths;
    const left = paths.waitingAt(d);
    for (let k = 0; k < paths.count; k++) left.lanes[left.count++] = paths.active[k];
    paths.count = 0;
  }

  /** The rate is one term; lanes where it is zero go on at d. */
  #oneTerm(d: number, a: number, feature: number): void {
    const paths = this.#paths;
    const { active, count } = paths;
    const values = this.#values;
    const place = this.#places[a];
    const mask = this.#masks[a];
    const { coefficients } = this.#moves;
    const left = paths.waitingAt(d);
    let staying = 0;
    for (let k = 0; k < count; k++) {
      const lane = active[k];
      const coefficient = values[place + (lane & mask)];
      if (coefficient === 0) {
        left.lanes[left.count++] = lane;
        continue;
      }
      if (coefficient - coefficient !== 0) {
        this.#faults.notFinite(this.#state(lane), this.#at, coefficient);
      }
      if (coefficient < 0 && feature === 0) {
        this.#faults.negative(this.#state(lane), this.#at, coefficient);
      }
      coefficients[lane] = coefficient;
      active[staying++] = lane;
    }
    paths.count = staying;
    this.#moves.feature = feature;
  }

  #term(feature: number, a: number): void {
    const { active, count } = this.#paths;
    for (let k = 0; k < count; k++) {
      const lane = active[k];
      const coefficient = this.#read(a, lane);
      if (coefficient - coefficient !== 0) {
        this.#faults.notFinite(this.#state(lane), this.#at, coefficient);
      }
      if (coefficient !== 0) this.terms.push(lane, feature, coefficient);
    }
  }

  #pushFamily(lane: number, call: number, scale: number): void {
    const { family, keys } = this.#program.familyCalls[call];
    if (this.#keys.length < keys.length) this.#keys = new Float64Array(keys.length);
    for (let k = 0; k < keys.length; k++) this.#keys[k] = this.#read(keys[k], lane);
    const found = this.#families[family];
    const member = found.find(this.#keys);
    const { offsets, features, coefficients } = found;
    for (let i = offsets.items[member]; i < offsets.items[member + 1]; i++) {
      const coefficient = scale * coefficients.items[i];
      if (coefficient - coefficient !== 0) {
        this.#faults.notFinite(this.#state(lane), this.#at, coefficient);
      }
      if (coefficient !== 0) this.terms.push(lane, features.items[i], coefficient);
    }
  }

  #jumpIfNoTerms(d: number): void {
    const paths = this.#paths;
    const left = paths.waitingAt(d);
    let staying = 0;
    for (let k = 0; k < paths.count; k++) {
      const lane = paths.active[k];
      if (this.terms.counts[lane] === 0) left.lanes[left.count++] = lane;
      else paths.active[staying++] = lane;
    }
    paths.count = staying;
  }

  /** List −1 stands for the changes that assignAt and addAt found. */
  #move(event: number, list: number, mayStay: boolean, take: (moves: LaneMoves) => void): void {
    const { active, count } = this.#paths;
    const moves = this.#moves;
    moves.event = event;
    if (list < 0) {
      this.#found?.moveEach(active, count, mayStay, this.#values, moves, this, take);
      return;
    }
    moves.lanes = active;
    moves.count = count;
    this.#listed.apply(list, this.#values, moves, this);
    if (!mayStay) this.#listed.requireMoves(list, moves, this);
    take(moves);
  }
}

function usesFoundChanges({ code }: Bytecode): boolean {
  for (let word = 0; word < code.length; word += instructionSize) {
    if (code[word] === opcodes.assignAt || code[word] === opcodes.addAt) return true;
    const moves = code[word] === opcodes.edge || code[word] === opcodes.rest || code[word] === opcodes.become;
    if (moves && code[word + 3] < 0) return true;
  }
  return false;
}

/** 1 for the registers that are columns. */
function columnRegisters({ code, registers, cellCount }: Bytecode): Uint8Array {
  const columns = new Uint8Array(registers.length).fill(1, 0, cellCount);
  for (let word = 0; word < code.length; word += instructionSize) {
    if (writes(code[word])) columns[code[word + 1]] = 1;
  }
  return columns;
}

function writes(opcode: number): boolean {
  const loads = opcode === opcodes.check || opcode === opcodes.softCheck || opcode === opcodes.load;
  return loads || columnOperations[opcode] !== undefined;
}
