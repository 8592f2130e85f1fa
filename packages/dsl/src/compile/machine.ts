// Machine: runs bytecode on one state after another, without allocating.
import { special } from "@phxlang/autodiff";
import type { TransitionSink } from "@phxlang/graph";
import { choose, factorial } from "../terms/operations.ts";
import { opcodes } from "./bytecode.ts";
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

const o = opcodes;

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
    const { code, cellLow, cellHigh, checkLow, checkHigh, cellCount } = program;
    for (let cell = 0; cell < cellCount; cell++) {
      r[cell] = state[cell];
      target[cell] = state[cell];
    }
    this.cause = -1;
    if (this.#touchedCount > 0) this.#untouch();
    let moved = false;
    for (let at = 0; ; at += 4) {
      const d = code[at + 1];
      const a = code[at + 2];
      const b = code[at + 3];
      switch (code[at]) {
        case o.end:
          return;
        case o.move:
          r[d] = r[a];
          break;
        case o.add:
          r[d] = r[a] + r[b];
          break;
        case o.sub:
          r[d] = r[a] - r[b];
          break;
        case o.mul:
          r[d] = r[a] * r[b];
          break;
        case o.div:
          r[d] = r[a] / r[b];
          break;
        case o.neg:
          r[d] = -r[a];
          break;
        case o.pow:
          r[d] = special.pow(r[a], r[b]);
          break;
        case o.exp:
          r[d] = special.exp(r[a]);
          break;
        case o.log:
          r[d] = special.log(r[a]);
          break;
        case o.sqrt:
          r[d] = Math.sqrt(r[a]);
          break;
        case o.abs:
          r[d] = Math.abs(r[a]);
          break;
        case o.min:
          r[d] = Math.min(r[a], r[b]);
          break;
        case o.max:
          r[d] = Math.max(r[a], r[b]);
          break;
        case o.floor:
          r[d] = Math.floor(r[a]);
          break;
        case o.ceil:
          r[d] = Math.ceil(r[a]);
          break;
        case o.quotient:
          r[d] = Math.floor(r[a] / r[b]);
          break;
        case o.remainder:
          r[d] = r[a] - r[b] * Math.floor(r[a] / r[b]);
          break;
        case o.choose:
          r[d] = choose(r[a], r[b]);
          break;
        case o.factorial:
          r[d] = factorial(r[a]);
          break;
        case o.less:
          r[d] = r[a] < r[b] ? 1 : 0;
          break;
        case o.lessEqual:
          r[d] = r[a] <= r[b] ? 1 : 0;
          break;
        case o.equal:
          r[d] = r[a] === r[b] ? 1 : 0;
          break;
        case o.not:
          r[d] = 1 - r[a];
          break;
        case o.check: {
          const index = r[a];
          if (!(index >= checkLow[b] && index <= checkHigh[b])) this.#faults.index(this, at / 4, b, index);
          r[d] = index - checkLow[b];
          break;
        }
        case o.softCheck: {
          const index = r[a];
          r[d] = index >= checkLow[b] && index <= checkHigh[b] ? index - checkLow[b] : 0;
          break;
        }
        case o.load:
          r[d] = r[b + r[a]];
          break;
        case o.jump:
          at = 4 * d - 4;
          break;
        case o.jumpIfZero:
          if (r[a] === 0) at = 4 * d - 4;
          break;
        case o.jumpUnlessZero:
          if (r[a] !== 0) at = 4 * d - 4;
          break;
        case o.jumpUnlessLess:
          if (!(r[a] < r[b])) at = 4 * d - 4;
          break;
        case o.jumpUnlessLessEqual:
          if (!(r[a] <= r[b])) at = 4 * d - 4;
          break;
        case o.jumpUnlessEqual:
          if (r[a] !== r[b]) at = 4 * d - 4;
          break;
        case o.jumpIfEqual:
          if (r[a] === r[b]) at = 4 * d - 4;
          break;
        case o.clearTerms:
          this.termCount = 0;
          break;
        case o.oneTerm: {
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
        case o.term: {
          const coefficient = r[a];
          if (coefficient - coefficient !== 0) this.#faults.notFinite(this, at / 4, coefficient);
          if (coefficient !== 0) this.#push(d, coefficient);
          break;
        }
        case o.family:
          this.#pushFamily(at / 4, d, r[a]);
          break;
        case o.mergeTerms:
          this.#mergeTerms();
          break;
        case o.jumpIfNoTerms:
          if (this.termCount === 0) at = 4 * d - 4;
          break;
        case o.assign:
        case o.shift: {
          const value = code[at] === o.shift ? r[d] + r[a] : r[a];
          if (!(value >= cellLow[d] && value <= cellHigh[d])) this.#faults.range(this, at / 4, d, value);
          target[d] = value;
          if (value !== r[d]) moved = true;
          break;
        }
        case o.assignAt:
        case o.addAt:
          this.#change(at / 4, b + r[d], r[a], code[at] === o.addAt);
          break;
        case o.commit:
          if (this.#commit(at / 4)) moved = true;
          break;
        case o.edge:
          if (a === 1 && !moved) this.#faults.selfLoop(this, at / 4);
          moved = false;
          if (sink !== null) sink.edge(d, target, this.termCount, this.features, this.coefficients);
          break;
        case o.rest:
          moved = false;
          if (sink !== null && "rest" in sink) sink.rest(d, target);
          break;
        case o.restore:
          target[d] = r[d];
          break;
        case o.restoreAll:
          this.#untouch();
          break;
        case o.cause:
          if (this.cause >= 0 && this.cause !== d) this.#faults.overlap(this, this.cause, d);
          this.cause = d;
          break;
        case o.trap:
          this.#faults.trap(this, at / 4, d);
      }
    }
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
