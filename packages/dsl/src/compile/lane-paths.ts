// LanePaths: which lanes run the next instruction, and which wait further down where they jumped to.

/**
 * Jumps lead forward only, so lanes that part meet again: those that jumped wait at their target until the others get
 * there. `active` holds the lanes that run, in its first `count` entries.
 */
export class LanePaths {
  readonly active: Int32Array;
  count = 0;
  /** First instruction at which lanes wait; Infinity if none do. */
  next: number = Infinity;
  /** All lanes of the run, in order. */
  readonly #all: Int32Array;
  #total = 0;
  /** Targets at which lanes wait, descending, and those lanes. */
  readonly #targets: number[] = [];
  readonly #waiting: WaitingLanes[] = [];
  readonly #spare: WaitingLanes[] = [];

  constructor(width: number) {
    this.active = new Int32Array(width);
    this.#all = new Int32Array(width);
  }

  /** Forgets what a run that failed has left. */
  begin(lanes: Int32Array): void {
    for (const waiting of this.#waiting) waiting.count = 0;
    this.#spare.push(...this.#waiting.splice(0));
    this.#targets.length = 0;
    this.next = Infinity;
    this.active.set(lanes);
    this.#all.set(lanes);
    this.count = lanes.length;
    this.#total = lanes.length;
  }

  /** Those that wait at an instruction further down, to be added to. */
  waitingAt(target: number): WaitingLanes {
    let i = this.#targets.length;
    while (i > 0 && this.#targets[i - 1] < target) i--;
    if (i > 0 && this.#targets[i - 1] === target) return this.#waiting[i - 1];
    const waiting = this.#spare.pop() ?? { lanes: new Int32Array(this.active.length), count: 0 };
    this.#targets.splice(i, 0, target);
    this.#waiting.splice(i, 0, waiting);
    this.next = this.#targets[this.#targets.length - 1];
    return waiting;
  }

  /** Those that wait at `next` run again. */
  land(): void {
    const waiting = this.#waiting.pop();
    this.#targets.pop();
    this.next = this.#targets.length === 0 ? Infinity : this.#targets[this.#targets.length - 1];
    if (waiting === undefined) return;
    const count = this.count + waiting.count;
    if (count === this.#total) {
      // In order again: memory is read in order, and the first lane that fails is the first state.
      this.active.set(this.#all);
    } else {
      for (let k = 0; k < waiting.count; k++) this.active[this.count + k] = waiting.lanes[k];
    }
    this.count = count;
    waiting.count = 0;
    this.#spare.push(waiting);
  }
}

export interface WaitingLanes {
  readonly lanes: Int32Array;
  count: number;
}
