// RefinablePartition: a partition of 0 … n − 1 whose blocks are split in time proportional to what is marked.

/**
 * The elements of block b are members[begins[b] .. ends[b]); placeOf[x] is where element x stands. The marked
 * elements of a block stand before its others: members[begins[b] .. marked[b]).
 */
export class RefinablePartition {
  readonly members: Int32Array;
  readonly blockOf: Int32Array;
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  blockCount = 0;
  private readonly placeOf: Int32Array;
  private readonly marked: Int32Array;
  private readonly touched: Int32Array;
  private touchedCount = 0;

  /** `colors[x]` is the initial block of x; colors are 0 … colorCount − 1, each with at least one element. */
  constructor(colors: Int32Array, colorCount: number) {
    const n = colors.length;
    this.members = new Int32Array(n);
    this.placeOf = new Int32Array(n);
    this.blockOf = colors.slice();
    this.begins = new Int32Array(n);
    this.ends = new Int32Array(n);
    this.marked = new Int32Array(n);
    this.touched = new Int32Array(n);
    this.blockCount = colorCount;
    for (const color of colors) this.ends[color]++;
    let begin = 0;
    for (let b = 0; b < colorCount; b++) {
      const size = this.ends[b];
      this.begins[b] = this.ends[b] = this.marked[b] = begin;
      begin += size;
    }
    for (let x = 0; x < n; x++) this.put(x, this.ends[colors[x]]++);
  }

  get isDiscrete(): boolean {
    return this.blockCount === this.members.length;
  }

  mark(x: number): void {
    const b = this.blockOf[x];
    const place = this.placeOf[x];
    const boundary = this.marked[b];
    if (place < boundary) return;
    if (boundary === this.begins[b]) this.touched[this.touchedCount++] = b;
    const other = this.members[boundary];
    this.put(other, place);
    this.put(x, boundary);
    this.marked[b] = boundary + 1;
  }

  /**
   * Splits every block with marks into its unmarked elements and one block for each weight among the marked ones;
   * then nothing is marked. The largest part keeps the block's number; `onNew` is told the numbers of the others.
   */
  splitByWeight(weights: Float64Array, onNew: (block: number) => void): void {
    for (let t = 0; t < this.touchedCount; t++) {
      const b = this.touched[t];
      const boundary = this.marked[b];
      this.marked[b] = this.begins[b];
      if (this.ends[b] - this.begins[b] > 1) this.splitBlock(b, boundary, weights, onNew);
    }
    this.touchedCount = 0;
  }

  private put(x: number, place: number): void {
    this.members[place] = x;
    this.placeOf[x] = place;
  }

  private splitBlock(
    b: number,
    boundary: number,
    weights: Float64Array,
    onNew: (block: number) => void,
  ): void {
    const { members } = this;
    const begin = this.begins[b];
    const end = this.ends[b];
    this.sortByWeight(begin, boundary, weights);
    let keptBegin = boundary;
    let keptSize = end - boundary;
    for (let from = begin; from < boundary;) {
      const to = this.runEnd(from, boundary, weights);
      if (to - from > keptSize) [keptBegin, keptSize] = [from, to - from];
      from = to;
    }
    if (keptSize === end - begin) return;
    for (let from = begin; from < end;) {
      const to = from < boundary ? this.runEnd(from, boundary, weights) : end;
      if (from !== keptBegin) {
        const created = this.blockCount++;
        this.begins[created] = this.marked[created] = from;
        this.ends[created] = to;
        for (let place = from; place < to; place++) this.blockOf[members[place]] = created;
        onNew(created);
      }
      from = to;
    }
    this.begins[b] = this.marked[b] = keptBegin;
    this.ends[b] = keptBegin + keptSize;
  }

  private runEnd(from: number, boundary: number, weights: Float64Array): number {
    const weight = weights[this.members[from]];
    let to = from + 1;
    while (to < boundary && weights[this.members[to]] === weight) to++;
    return to;
  }

  /** Most often all weights are equal, which costs one look at each. */
  private sortByWeight(from: number, to: number, weights: Float64Array): void {
    if (this.runEnd(from, to, weights) === to) return;
    const sorted = this.members.slice(from, to).sort((x, y) => weights[x] - weights[y] || x - y);
    for (let k = 0; k < sorted.length; k++) this.put(sorted[k], from + k);
  }
}
