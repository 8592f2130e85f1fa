// BlockPattern: the in-block arcs of one strongly connected component, by local numbers.
import type { ClassGraph } from "./class-graph.ts";
import type { StrongComponents } from "./strong-components.ts";

/**
 * Vertex v of the block is the v-th of `members` (class numbers, ascending); columns[offsets[v] .. offsets[v + 1])
 * are the vertices it leads to, without itself; repeated where several arcs lead there. The arrays are reused from
 * block to block.
 */
export interface BlockPattern {
  readonly size: number;
  readonly members: Int32Array;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
}

/** Reads blocks one after the other into shared memory of the size of the largest. */
export class BlockReader {
  private readonly graph: ClassGraph;
  private readonly components: StrongComponents;
  private readonly localOf: Int32Array;
  private readonly offsets: Int32Array;
  private readonly columns: Int32Array;

  constructor(graph: ClassGraph, components: StrongComponents) {
    this.graph = graph;
    this.components = components;
    this.localOf = new Int32Array(graph.classCount);
    let largest = 0;
    let mostArcs = 0;
    for (let b = 0; b + 1 < components.offsets.length; b++) {
      const size = components.offsets[b + 1] - components.offsets[b];
      if (size === 1) continue;
      largest = Math.max(largest, size);
      mostArcs = Math.max(mostArcs, this.countArcs(b));
    }
    this.offsets = new Int32Array(largest + 1);
    this.columns = new Int32Array(mostArcs);
  }

  read(block: number): BlockPattern {
    const { arcOffsets, arcTargets } = this.graph;
    const { componentOf } = this.components;
    const members = this.components.members
      .slice(this.components.offsets[block], this.components.offsets[block + 1])
      .sort();
    members.forEach((vertex, local) => {
      this.localOf[vertex] = local;
    });
    let length = 0;
    for (let v = 0; v < members.length; v++) {
      const c = members[v];
      for (let a = arcOffsets[c]; a < arcOffsets[c + 1]; a++) {
        const target = arcTargets[a];
        if (target >= 0 && componentOf[target] === block) this.columns[length++] = this.localOf[target];
      }
      this.offsets[v + 1] = length;
    }
    return { size: members.length, members, offsets: this.offsets, columns: this.columns };
  }

  private countArcs(block: number): number {
    const { arcOffsets, arcTargets } = this.graph;
    const { offsets, members, componentOf } = this.components;
    let count = 0;
    for (let m = offsets[block]; m < offsets[block + 1]; m++) {
      for (let a = arcOffsets[members[m]]; a < arcOffsets[members[m] + 1]; a++) {
        if (arcTargets[a] >= 0 && componentOf[arcTargets[a]] === block) count++;
      }
    }
    return count;
  }
}

/** Share of the distinct arcs of a block whose reverse is an arc too. */
export function patternSymmetry(block: BlockPattern): number {
  const { size, offsets, columns } = block;
  const transposed = transpose(block);
  const mark = new Int32Array(size).fill(-1);
  let distinct = 0;
  let mutual = 0;
  for (let v = 0; v < size; v++) {
    for (let j = transposed.offsets[v]; j < transposed.offsets[v + 1]; j++) mark[transposed.columns[j]] = v;
    for (let j = offsets[v]; j < offsets[v + 1]; j++) {
      const w = columns[j];
      if (mark[w] === -2 - v) continue;
      distinct++;
      if (mark[w] === v) mutual++;
      mark[w] = -2 - v;
    }
  }
  return distinct === 0 ? 1 : mutual / distinct;
}

/** Reversed arcs, each as often as it occurs; sources ascend. */
export function transpose({ size, offsets, columns }: BlockPattern): {
  offsets: Int32Array;
  columns: Int32Array;
} {
  const reversed = new Int32Array(size + 1);
  for (let j = 0; j < offsets[size]; j++) reversed[columns[j] + 1]++;
  for (let v = 0; v < size; v++) reversed[v + 1] += reversed[v];
  const next = reversed.slice(0, size);
  const sources = new Int32Array(offsets[size]);
  for (let v = 0; v < size; v++) {
    for (let j = offsets[v]; j < offsets[v + 1]; j++) sources[next[columns[j]]++] = v;
  }
  return { offsets: reversed, columns: sources };
}
