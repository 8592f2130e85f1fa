// Approximate minimum degree ordering on the quotient graph (Amestoy, Davis & Duff 1996), integers only.
import type { BlockPattern } from "./block-pattern.ts";
import { transpose } from "./block-pattern.ts";

/** Pivot order for the pattern of A + Aᵀ. Ties fall by the order in which vertices entered their degree. */
export function minimumDegreeOrder(block: BlockPattern): Int32Array {
  return new QuotientGraph(block).order();
}

const variable = 0;
const element = 1;
const dead = 2;
const none = -1;

/**
 * Vertices are variables until they are eliminated, then elements: an element stands for the clique that its
 * elimination made. lists[begin[v] .. begin[v] + length[v]) holds, of a variable, first elementCount[v] elements it
 * belongs to, then variables it is adjacent to; of an element, the variables of its clique. Variables with equal
 * lists are merged: `weight` counts the merged ones, 0 for those that went into another (or were eliminated with a
 * pivot); `groupNext` chains them behind the one that stands for them. While a pivot is eliminated, the weights of
 * its clique are negative.
 */
class QuotientGraph {
  private readonly size: number;
  private lists: Int32Array;
  private listEnd: number;
  private readonly begin: Int32Array;
  private readonly length: Int32Array;
  private readonly elementCount: Int32Array;
  private readonly status: Uint8Array;
  private readonly weight: Int32Array;
  /** Of variables an upper bound of the degree outside themselves; of elements the weight of the clique. */
  private readonly degree: Int32Array;
  private readonly groupNext: Int32Array;
  private readonly groupLast: Int32Array;
  /** Doubly linked variables of each degree. */
  private readonly degreeHead: Int32Array;
  private readonly degreeNext: Int32Array;
  private readonly degreePrevious: Int32Array;
  private minimumDegree = 0;
  private readonly hashHead: Int32Array;
  private readonly hashNext: Int32Array;
  /** marks[e] ≥ stamp: marks[e] − stamp is the weight of the clique of e outside the pivot's. */
  private readonly marks: Int32Array;
  private stamp = 1;
  private readonly clique: Int32Array;
  private eliminated = 0;

  constructor(block: BlockPattern) {
    const { size } = block;
    this.size = size;
    this.begin = new Int32Array(size);
    this.length = new Int32Array(size);
    this.elementCount = new Int32Array(size);
    this.status = new Uint8Array(size);
    this.weight = new Int32Array(size).fill(1);
    this.degree = new Int32Array(size);
    this.groupNext = new Int32Array(size).fill(none);
    this.groupLast = Int32Array.from({ length: size }, (_, v) => v);
    this.degreeHead = new Int32Array(size + 1).fill(none);
    this.degreeNext = new Int32Array(size);
    this.degreePrevious = new Int32Array(size);
    this.hashHead = new Int32Array(size).fill(none);
    this.hashNext = new Int32Array(size);
    this.marks = new Int32Array(size);
    this.clique = new Int32Array(size);
    this.lists = new Int32Array(2 * block.offsets[size] + size);
    this.listEnd = this.buildAdjacency(block);
  }

  order(): Int32Array {
    const { size, status } = this;
    const pivots: number[] = [];
    const late = this.setDenseAside();
    for (let v = size - 1; v >= 0; v--) if (status[v] === variable) this.enterDegree(v);
    while (this.eliminated < size) {
      const pivot = this.takeMinimum();
      pivots.push(pivot);
      this.eliminate(pivot);
    }
    const order = new Int32Array(size);
    let length = 0;
    for (const pivot of pivots) for (let v = pivot; v !== none; v = this.groupNext[v]) order[length++] = v;
    for (const v of late) order[length++] = v;
    return order;
  }

  private buildAdjacency(block: BlockPattern): number {
    const { size, offsets, columns } = block;
    const reversed = transpose(block);
    const seen = new Int32Array(size).fill(none);
    let end = 0;
    for (let v = 0; v < size; v++) {
      seen[v] = v;
      this.begin[v] = end;
      for (let j = offsets[v]; j < offsets[v + 1]; j++) {
        if (seen[columns[j]] === v) continue;
        seen[columns[j]] = v;
        this.lists[end++] = columns[j];
      }
      for (let j = reversed.offsets[v]; j < reversed.offsets[v + 1]; j++) {
        if (seen[reversed.columns[j]] === v) continue;
        seen[reversed.columns[j]] = v;
        this.lists[end++] = reversed.columns[j];
      }
      this.length[v] = end - this.begin[v];
      this.degree[v] = this.length[v];
    }
    return end;
  }

  /** Vertices adjacent to very many others cost time at every step and come last anyway: they are left out. */
  private setDenseAside(): readonly number[] {
    const threshold = Math.max(16, Math.floor(10 * Math.sqrt(this.size)));
    const late: number[] = [];
    for (let v = 0; v < this.size; v++) {
      if (this.degree[v] <= threshold) continue;
      late.push(v);
      this.status[v] = dead;
      this.weight[v] = 0;
      this.eliminated++;
    }
    return late.sort((a, b) => this.degree[a] - this.degree[b] || a - b);
  }

  private enterDegree(v: number): void {
    const d = this.degree[v];
    const head = this.degreeHead[d];
    this.degreeNext[v] = head;
    this.degreePrevious[v] = none;
    if (head !== none) this.degreePrevious[head] = v;
    this.degreeHead[d] = v;
    if (d < this.minimumDegree) this.minimumDegree = d;
  }

  private leaveDegree(v: number): void {
    const next = this.degreeNext[v];
    const previous = this.degreePrevious[v];
    if (next !== none) this.degreePrevious[next] = previous;
    if (previous !== none) this.degreeNext[previous] = next;
    else this.degreeHead[this.degree[v]] = next;
  }

  private takeMinimum(): number {
    while (this.degreeHead[this.minimumDegree] === none) this.minimumDegree++;
    const pivot = this.degreeHead[this.minimumDegree];
    this.leaveDegree(pivot);
    return pivot;
  }

  private eliminate(pivot: number): void {
    const pivotWeight = this.weight[pivot];
    this.eliminated += pivotWeight;
    this.weight[pivot] = -pivotWeight;
    const cliqueLength = this.gatherClique(pivot);
    let cliqueWeight = 0;
    for (let k = 0; k < cliqueLength; k++) cliqueWeight -= this.weight[this.clique[k]];
    this.measureElements(cliqueLength);
    cliqueWeight -= this.updateLists(pivot, cliqueLength);
    this.mergeEqual(cliqueLength);
    this.storeElement(pivot, pivotWeight, cliqueLength, cliqueWeight);
  }

  /** Puts the live variables adjacent to the pivot into `clique`, their weights negated; absorbs its elements. */
  private gatherClique(pivot: number): number {
    const { lists } = this;
    let count = 0;
    const end = this.begin[pivot] + this.length[pivot];
    const firstVariable = this.begin[pivot] + this.elementCount[pivot];
    for (let j = this.begin[pivot]; j < end; j++) {
      if (j >= firstVariable) {
        count = this.join(lists[j], count);
        continue;
      }
      const e = lists[j];
      if (this.status[e] !== element) continue;
      for (let k = this.begin[e]; k < this.begin[e] + this.length[e]; k++) count = this.join(lists[k], count);
      this.status[e] = dead;
    }
    return count;
  }

  private join(v: number, count: number): number {
    if (this.weight[v] <= 0) return count;
    this.leaveDegree(v);
    this.weight[v] = -this.weight[v];
    this.clique[count] = v;
    return count + 1;
  }

  /** For every element that meets the clique: how much of it lies outside. */
  private measureElements(cliqueLength: number): void {
    const { lists, marks, status } = this;
    if (this.stamp > 0x3fffffff) {
      marks.fill(0);
      this.stamp = 1;
    }
    this.stamp += this.size + 1;
    const { stamp } = this;
    for (let k = 0; k < cliqueLength; k++) {
      const v = this.clique[k];
      const end = this.begin[v] + this.elementCount[v];
      for (let j = this.begin[v]; j < end; j++) {
        const e = lists[j];
        if (status[e] !== element) continue;
        marks[e] = (marks[e] >= stamp ? marks[e] : this.degree[e] + stamp) + this.weight[v];
      }
    }
  }

  /**
   * Rewrites the lists of the clique: dead elements, elements inside the clique, and variables that the new element
   * covers go; the new element comes first. A variable with nothing else is eliminated with the pivot. Returns
   * the weight that was.
   */
  private updateLists(pivot: number, cliqueLength: number): number {
    const { lists, begin, elementCount, length, marks, status, weight, stamp } = this;
    let massWeight = 0;
    for (let k = 0; k < cliqueLength; k++) {
      const v = this.clique[k];
      const start = begin[v];
      const firstVariable = start + elementCount[v];
      const end = start + length[v];
      let at = start;
      let outside = 0;
      let hash = 0;
      for (let j = start; j < firstVariable; j++) {
        const e = lists[j];
        if (status[e] !== element) continue;
        const rest = marks[e] - stamp;
        if (rest > 0) {
          outside += rest;
          lists[at++] = e;
          hash += e;
        } else {
          status[e] = dead;
        }
      }
      const variables = at;
      for (let j = firstVariable; j < end; j++) {
        const u = lists[j];
        if (weight[u] <= 0) continue;
        outside += weight[u];
        lists[at++] = u;
        hash += u;
      }
      if (outside === 0) {
        massWeight -= weight[v];
        this.eliminated -= weight[v];
        this.absorb(v, pivot);
        continue;
      }
      this.degree[v] = Math.min(this.degree[v], outside);
      // One entry at least went (the pivot, or an element with it), so there is room for the new element.
      lists[at] = lists[variables];
      lists[variables] = lists[start];
      lists[start] = pivot;
      length[v] = at + 1 - start;
      elementCount[v] = variables + 1 - start;
      const bucket = hash % this.size;
      this.hashNext[v] = this.hashHead[bucket];
      this.hashHead[bucket] = v;
      this.degreePrevious[v] = bucket;
    }
    return massWeight;
  }

  private absorb(v: number, into: number): void {
    this.status[v] = dead;
    this.weight[v] = 0;
    this.groupNext[this.groupLast[into]] = v;
    this.groupLast[into] = this.groupLast[v];
  }

  /** Merges variables of the clique whose lists are equal as sets. */
  private mergeEqual(cliqueLength: number): void {
    this.stamp += this.size;
    for (let k = 0; k < cliqueLength; k++) {
      const v = this.clique[k];
      if (this.weight[v] === 0) continue;
      const bucket = this.degreePrevious[v];
      const first = this.hashHead[bucket];
      this.hashHead[bucket] = none;
      for (let a = first; a !== none; a = this.hashNext[a]) this.mergeInto(a);
    }
  }

  /** Merges those after `a` in its chain that equal it into it. */
  private mergeInto(a: number): void {
    const { lists, begin, length, elementCount, marks, hashNext, weight } = this;
    if (hashNext[a] === none) return;
    const stamp = ++this.stamp;
    // The first entry of both is the new element.
    for (let j = begin[a] + 1; j < begin[a] + length[a]; j++) marks[lists[j]] = stamp;
    let previous = a;
    for (let b = hashNext[a]; b !== none; b = hashNext[previous]) {
      let isEqual = length[b] === length[a] && elementCount[b] === elementCount[a];
      for (let j = begin[b] + 1; isEqual && j < begin[b] + length[b]; j++)
        isEqual = marks[lists[j]] === stamp;
      if (!isEqual) {
        previous = b;
        continue;
      }
      hashNext[previous] = hashNext[b];
      weight[a] += weight[b];
      this.absorb(b, a);
    }
  }

  /** Makes the pivot an element with what is left of the clique, and puts those variables back by degree. */
  private storeElement(pivot: number, pivotWeight: number, cliqueLength: number, cliqueWeight: number): void {
    const { clique, weight } = this;
    if (this.listEnd + cliqueLength > this.lists.length) this.compact(cliqueLength);
    this.begin[pivot] = this.listEnd;
    for (let k = 0; k < cliqueLength; k++) {
      const v = clique[k];
      if (weight[v] === 0) continue;
      weight[v] = -weight[v];
      const outside = this.degree[v] + cliqueWeight - weight[v];
      this.degree[v] = Math.max(0, Math.min(outside, this.size - this.eliminated - weight[v]));
      this.enterDegree(v);
      this.lists[this.listEnd++] = v;
    }
    this.length[pivot] = this.listEnd - this.begin[pivot];
    this.degree[pivot] = cliqueWeight;
    this.weight[pivot] = -pivotWeight;
    this.status[pivot] = this.length[pivot] === 0 ? dead : element;
  }

  /** Copies the lists that are still in use to the front of a new array with room for `extra` more. */
  private compact(extra: number): void {
    let used = 0;
    for (let v = 0; v < this.size; v++) if (this.status[v] !== dead) used += this.length[v];
    const lists = new Int32Array(Math.max(this.lists.length, used + extra));
    let end = 0;
    for (let v = 0; v < this.size; v++) {
      if (this.status[v] === dead) continue;
      const from = this.begin[v];
      this.begin[v] = end;
      for (let j = from; j < from + this.length[v]; j++) lists[end++] = this.lists[j];
    }
    this.lists = lists;
    this.listEnd = end;
  }
}
