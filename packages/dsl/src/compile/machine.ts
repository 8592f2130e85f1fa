// Machine: runs bytecode on one state after another, without allocating.
import { internalError, special } from "@phxlang/autodiff";
import type { TransitionSink } from "@phxlang/graph";
import { choose, factorial } from "../terms/operations.ts";
import type { Bytecode } from "./bytecode.ts";
import type { Family } from "./families.ts";

/** What can go wrong while a program runs; `instruction` tells in which part of the model. Each of them throws. */
export interface Faults {
  index(machine: Machine, instruction: number, check: number, value: number): never;
  /** A cell would get a value outside its range, or not a number. */
  range(machine: Machine, instruction: number, cell: number, value: number): never;
  conflict(machine: Machine, instruction: number, cell: number): never;
  /** The coefficient of a rate is infinite or not a number. */
  notFinite(machine: Machine, instruction: number, value: number): never;
  /** A rate that reads no parameter is below 0. */
  negative(machine: Machine, instruction: number, value: number): never;
  selfLoop(machine: Machine, instruction: number): never;
  overlap(machine: Machine, first: number, second: number): never;
  trap(machine: Machine, instruction: number, trap: number): never;
}

/** Receives edges whose probability is what the others leave. */
export interface RestSink extends TransitionSink {
  rest(event: number, target: Int32Array): void;
}

export class Machine {
  readonly program: Bytecode;
  readonly registers: Float64Array;
  /** The state that the running event leads to; between events it equals the state. */
  readonly target: Int32Array;
  /** Terms of the rate: features and coefficients up to termCount. */
  features: Int32Array = new Int32Array(16);
  coefficients: Float64Array = new Float64Array(16);
  termCount = 0;
  /** Cause found by the program, or −1. */
  cause = -1;
  readonly #families: readonly Family[];
  readonly #faults: Faults;
  /** New values of cells that assignAt and addAt changed, which are listed in `touched`. */
  readonly #next: Float64Array;
  /** 0: unchanged; 1: set; 2: added to. */
  readonly #marks: Uint8Array;
  readonly #touched: Int32Array;
  #touchedCount = 0;

  constructor(program: Bytecode, families: readonly Family[], faults: Faults) {
    this.program = program;
    this.registers = program.registers.slice();
    this.target = new Int32Array(program.cellCount);
    this.#families = families;
    this.#faults = faults;
    this.#next = new Float64Array(program.cellCount);
    this.#marks = new Uint8Array(program.cellCount);
    this.#touched = new Int32Array(program.cellCount);
  }

  /** Runs the program on a state. `sink` is needed by programs with edges. */
  run(state: Int32Array, sink: TransitionSink | RestSink | null): void {
    const { registers: r, target, program } = this;
    const { code, checkLow, checkHigh, cellCount } = program;
    for (let cell = 0; cell < cellCount; cell++) {
      r[cell] = state[cell];
      target[cell] = state[cell];
    }
    this.cause = -1;
    if (this.#touchedCount > 0) this.#untouch();
    for (let at = 0; ; at += 4) {
      const d = code[at + 1];
      const a = code[at + 2];
      const b = code[at + 3];
      // Literal numbers of `opcodes`: only of these do engines make a jump table.
      switch (code[at]) {
        case 0: // end
          return;
        case 1: // move
          r[d] = r[a];
          break;
        case 2: // add
          r[d] = r[a] + r[b];
          break;
        case 3: // sub
          r[d] = r[a] - r[b];
          break;
        case 4: // mul
          r[d] = r[a] * r[b];
          break;
        case 5: // div
          r[d] = r[a] / r[b];
          break;
        case 6: // neg
          r[d] = -r[a];
          break;
        case 7: // pow
          r[d] = special.pow(r[a], r[b]);
          break;
        case 8: // exp
          r[d] = special.exp(r[a]);
          break;
        case 9: // log
          r[d] = special.log(r[a]);
          break;
        case 10: // sqrt
          r[d] = Math.sqrt(r[a]);
          break;
        case 11: // abs
          r[d] = Math.abs(r[a]);
          break;
        case 12: // min
          r[d] = Math.min(r[a], r[b]);
          break;
        case 13: // max
          r[d] = Math.max(r[a], r[b]);
          break;
        case 14: // floor
          r[d] = Math.floor(r[a]);
          break;
        case 15: // ceil
          r[d] = Math.ceil(r[a]);
          break;
        case 16: // quotient
          r[d] = Math.floor(r[a] / r[b]);
          break;
        case 17: // remainder
          r[d] = r[a] - r[b] * Math.floor(r[a] / r[b]);
          break;
        case 18: // choose
          r[d] = choose(r[a], r[b]);
          break;
        case 19: // factorial
          r[d] = factorial(r[a]);
          break;
        case 20: // less
          r[d] = r[a] < r[b] ? 1 : 0;
          break;
        case 21: // lessEqual
          r[d] = r[a] <= r[b] ? 1 : 0;
          break;
        case 22: // equal
          r[d] = r[a] === r[b] ? 1 : 0;
          break;
        case 23: // not
          r[d] = 1 - r[a];
          break;
        case 24: {
          // check
          const index = r[a];
          if (!(index >= checkLow[b] && index <= checkHigh[b])) this.#faults.index(this, at / 4, b, index);
          r[d] = index - checkLow[b];
          break;
        }
        case 25: // load
          r[d] = r[b + r[a]];
          break;
        case 26: // jump
          at = 4 * d - 4;
          break;
        case 27: // jumpIfZero
          if (r[a] === 0) at = 4 * d - 4;
          break;
        case 28: // jumpUnlessZero
          if (r[a] !== 0) at = 4 * d - 4;
          break;
        case 29: // jumpUnlessLess
          if (!(r[a] < r[b])) at = 4 * d - 4;
          break;
        case 30: // jumpUnlessLessEqual
          if (!(r[a] <= r[b])) at = 4 * d - 4;
          break;
        case 31: // jumpUnlessEqual
          if (r[a] !== r[b]) at = 4 * d - 4;
          break;
        case 32: // jumpIfEqual
          if (r[a] === r[b]) at = 4 * d - 4;
          break;
        case 33: // clearTerms
          this.termCount = 0;
          break;
        case 34: {
          // oneTerm
          const coefficient = r[a];
          if (coefficient === 0) {
            at = 4 * d - 4;
            break;
          }
          if (coefficient - coefficient !== 0) this.#faults.notFinite(this, at / 4, coefficient);
          if (coefficient < 0 && b === 0) this.#faults.negative(this, at / 4, coefficient);
          this.features[0] = b;
          this.coefficients[0] = coefficient;
          this.termCount = 1;
          break;
        }
        case 35: {
          // term
          const coefficient = r[a];
          if (coefficient - coefficient !== 0) this.#faults.notFinite(this, at / 4, coefficient);
          if (coefficient !== 0) this.#push(d, coefficient);
          break;
        }
        case 36: // family
          this.#pushFamily(at / 4, d, r[a]);
          break;
        case 37: // mergeTerms
          this.#mergeTerms();
          break;
        case 38: // jumpIfNoTerms
          if (this.termCount === 0) at = 4 * d - 4;
          break;
        case 39: // assignAt
        case 40: // addAt
          this.#change(at / 4, b + r[d], r[a], code[at] === 40);
          break;
        case 41: {
          // edge
          const moved = b < 0 ? this.#commit(at / 4) : this.#apply(at / 4, b);
          if (a === 1 && !moved) this.#faults.selfLoop(this, at / 4);
          if (sink !== null) sink.edge(d, target, this.termCount, this.features, this.coefficients);
          if (b < 0) this.#untouch();
          else this.#restore(b);
          break;
        }
        case 42: // rest
          if (b < 0) this.#commit(at / 4);
          else this.#apply(at / 4, b);
          if (sink !== null && "rest" in sink) sink.rest(d, target);
          if (b < 0) this.#untouch();
          else this.#restore(b);
          break;
        case 43: // become
          if (b < 0) this.#commit(at / 4);
          else this.#apply(at / 4, b);
          break;
        case 44: // cause
          if (this.cause >= 0 && this.cause !== d) this.#faults.overlap(this, this.cause, d);
          this.cause = d;
          break;
        case 45: // trap
          this.#faults.trap(this, at / 4, d);
          break;
        case 46: {
          // softCheck
          const index = r[a];
          r[d] = index >= checkLow[b] && index <= checkHigh[b] ? index - checkLow[b] : 0;
          break;
        }
        default:
          throw internalError(`instruction ${at / 4} has no operation`);
      }
    }
  }

  /** Makes the changes of a list in the target; whether one of them changes anything. */
  #apply(instruction: number, list: number): boolean {
    const { changes, changeOffsets, cellLow, cellHigh } = this.program;
    const { registers, target } = this;
    let moved = false;
    const end = 3 * changeOffsets[list + 1];
    for (let c = 3 * changeOffsets[list]; c < end; c += 3) {
      const cell = changes[c];
      const old = registers[cell];
      const given = registers[changes[c + 1]];
      const value = changes[c + 2] === 1 ? old + given : given;
      if (!(value >= cellLow[cell] && value <= cellHigh[cell])) {
        this.#faults.range(this, instruction, cell, value);
      }
      target[cell] = value;
      if (value !== old) moved = true;
    }
    return moved;
  }

  #restore(list: number): void {
    const { changes, changeOffsets } = this.program;
    const end = 3 * changeOffsets[list + 1];
    for (let c = 3 * changeOffsets[list]; c < end; c += 3)
      this.target[changes[c]] = this.registers[changes[c]];
  }

  #push(feature: number, coefficient: number): void {
    if (this.termCount === this.features.length) {
      const features = new Int32Array(2 * this.termCount);
      const coefficients = new Float64Array(2 * this.termCount);
      features.set(this.features);
      coefficients.set(this.coefficients);
      this.features = features;
      this.coefficients = coefficients;
    }
    this.features[this.termCount] = feature;
    this.coefficients[this.termCount++] = coefficient;
  }

  #pushFamily(instruction: number, call: number, scale: number): void {
    const { family, keys } = this.program.familyCalls[call];
    const found = this.#families[family];
    const member = found.find(this.registers, keys);
    const { offsets, features, coefficients } = found;
    for (let i = offsets.items[member]; i < offsets.items[member + 1]; i++) {
      const coefficient = scale * coefficients.items[i];
      if (coefficient - coefficient !== 0) this.#faults.notFinite(this, instruction, coefficient);
      if (coefficient !== 0) this.#push(features.items[i], coefficient);
    }
  }

  /** Sorts by feature, adds up equal ones, drops zeros. Rates have few terms. */
  #mergeTerms(): void {
    const { features, coefficients } = this;
    for (let i = 1; i < this.termCount; i++) {
      const feature = features[i];
      const coefficient = coefficients[i];
      let k = i;
      for (; k > 0 && features[k - 1] > feature; k--) {
        features[k] = features[k - 1];
        coefficients[k] = coefficients[k - 1];
      }
      features[k] = feature;
      coefficients[k] = coefficient;
    }
    let count = 0;
    for (let i = 0; i < this.termCount;) {
      const feature = features[i];
      let sum = 0;
      for (; i < this.termCount && features[i] === feature; i++) sum += coefficients[i];
      if (sum === 0) continue;
      features[count] = feature;
      coefficients[count++] = sum;
    }
    this.termCount = count;
  }

  #change(instruction: number, cell: number, value: number, adds: boolean): void {
    const mark = this.#marks[cell];
    if (mark === 1 || (mark === 2 && !adds)) this.#faults.conflict(this, instruction, cell);
    if (mark === 0) {
      this.#touched[this.#touchedCount++] = cell;
      this.#next[cell] = this.registers[cell];
    }
    this.#marks[cell] = adds ? 2 : 1;
    this.#next[cell] = adds ? this.#next[cell] + value : value;
  }

  /** Whether a cell changed. */
  #commit(instruction: number): boolean {
    const { cellLow, cellHigh } = this.program;
    let moved = false;
    for (let i = 0; i < this.#touchedCount; i++) {
      const cell = this.#touched[i];
      const value = this.#next[cell];
      if (!(value >= cellLow[cell] && value <= cellHigh[cell]))
        this.#faults.range(this, instruction, cell, value);
      this.target[cell] = value;
      if (value !== this.registers[cell]) moved = true;
    }
    return moved;
  }

  #untouch(): void {
    for (let i = 0; i < this.#touchedCount; i++) {
      const cell = this.#touched[i];
      this.#marks[cell] = 0;
      this.target[cell] = this.registers[cell];
    }
    this.#touchedCount = 0;
  }
}
