// Markowitz ordering: the pivot whose elimination can fill least, with the fill computed exactly.
import type { BlockPattern } from "./block-pattern.ts";
import { transpose } from "./block-pattern.ts";

/**
 * Repeatedly eliminates the vertex with the smallest (in-degree × out-degree), ties to the smallest number. Rows and
 * columns of what remains are kept exactly, so the cost grows with the operations of the elimination: `limit` of
 * them at most, else null.
 */
export function markowitzOrder(block: BlockPattern, limit: number): Int32Array | null {
  const { size } = block;
  const rows = distinctRows(block);
  const columns = distinctRows({ size, members: block.members, ...transpose(block) });
  const order = new Int32Array(size);
  const heap = new VertexHeap(size, (v) => rows[v].length * columns[v].length);
  const mark = new Int32Array(size).fill(-1);
  let work = 0;
  for (let p = 0; p < size; p++) {
    const pivot = heap.pop();
    order[p] = pivot;
    const out = rows[pivot];
    const into = columns[pivot];
    for (const j of out) remove(columns[j], pivot);
    for (const i of into) {
      remove(rows[i], pivot);
      const row = rows[i];
      for (const j of row) mark[j] = i;
      for (const j of out) {
        if (j === i || mark[j] === i) continue;
        row.push(j);
        columns[j].push(i);
      }
      for (const j of row) mark[j] = -1;
      work += row.length + out.length;
    }
    if (work > limit) return null;
    for (const i of into) heap.update(i);
    for (const j of out) heap.update(j);
  }
  return order;
}

function distinctRows({ size, offsets, columns }: BlockPattern): number[][] {
  return Array.from({ length: size }, (_, v) => [...new Set(columns.subarray(offsets[v], offsets[v + 1]))]);
}

/** Removes a value that occurs once; the order of the rest may change. */
function remove(values: number[], value: number): void {
  const at = values.indexOf(value);
  const last = values.pop();
  if (last !== undefined && at < values.length) values[at] = last;
}

/** Vertices by (key, number), smallest first; keys are read anew where a vertex is updated. */
class VertexHeap {
  private readonly keyOf: (vertex: number) => number;
  private readonly keys: Float64Array;
  private readonly heap: Int32Array;
  private readonly places: Int32Array;
  private length: number;

  constructor(size: number, keyOf: (vertex: number) => number) {
    this.keyOf = keyOf;
    this.keys = Float64Array.from({ length: size }, (_, v) => keyOf(v));
    this.heap = Int32Array.from({ length: size }, (_, v) => v);
    this.places = this.heap.slice();
    this.length = size;
    for (let at = size >> 1; at >= 0; at--) this.sink(at);
  }

  pop(): number {
    const top = this.heap[0];
    this.length--;
    if (this.length > 0) {
      this.place(this.heap[this.length], 0);
      this.sink(0);
    }
    this.places[top] = -1;
    return top;
  }

  update(vertex: number): void {
    const at = this.places[vertex];
    this.keys[vertex] = this.keyOf(vertex);
    this.sink(this.rise(at));
  }

  private before(a: number, b: number): boolean {
    return this.keys[a] < this.keys[b] || (this.keys[a] === this.keys[b] && a < b);
  }

  private place(vertex: number, at: number): void {
    this.heap[at] = vertex;
    this.places[vertex] = at;
  }

  private rise(from: number): number {
    let at = from;
    const vertex = this.heap[at];
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(vertex, this.heap[parent])) break;
      this.place(this.heap[parent], at);
      at = parent;
    }
    this.place(vertex, at);
    return at;
  }

  private sink(from: number): void {
    if (from >= this.length) return;
    let at = from;
    const vertex = this.heap[at];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && this.before(this.heap[child + 1], this.heap[child])) child++;
      if (!this.before(this.heap[child], vertex)) break;
      this.place(this.heap[child], at);
      at = child;
    }
    this.place(vertex, at);
  }
}
