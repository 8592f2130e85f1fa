// Transitions by event, in columns that are made only as far as they are needed.
import type { LinearForms } from "./linear-forms.ts";
import type { Transitions } from "./markov-graph.ts";

/** Collects the distinct pairs (edge, event), by edge, then event. */
export class TransitionColumns {
  private readonly events: Int32Array;
  /** Null while transition t is edge t, which is the common case. */
  private edges: Int32Array | null = null;
  private count = 0;

  constructor(capacity: number) {
    this.events = new Int32Array(capacity);
  }

  add(edge: number, event: number): void {
    if (this.edges === null && edge !== this.count) {
      this.edges = Int32Array.from({ length: this.events.length }, (_, t) => t);
    }
    if (this.edges !== null) this.edges[this.count] = edge;
    this.events[this.count++] = event;
  }

  /** Where each edge is one transition, their weights are the edges'; else `own` makes them. */
  finish(
    rowOffsets: Int32Array,
    edgeCount: number,
    edgeWeights: readonly LinearForms[],
    own: () => readonly LinearForms[],
  ): Transitions {
    const { count, edges, events } = this;
    return new LazyTransitions(
      rowOffsets,
      events.length === count ? events : events.slice(0, count),
      edges === null ? null : edges.slice(0, count),
      edges === null && count === edgeCount ? edgeWeights : own(),
    );
  }
}

/** `edges` and `sources` are made when they are first asked for: many uses of a graph never do. */
class LazyTransitions implements Transitions {
  readonly count: number;
  readonly events: Int32Array;
  readonly weights: readonly LinearForms[];
  private readonly rowOffsets: Int32Array;
  private ownEdges: Int32Array | null;
  private ownSources: Int32Array | null = null;

  constructor(
    rowOffsets: Int32Array,
    events: Int32Array,
    edges: Int32Array | null,
    weights: readonly LinearForms[],
  ) {
    this.count = events.length;
    this.rowOffsets = rowOffsets;
    this.events = events;
    this.ownEdges = edges;
    this.weights = weights;
  }

  get edges(): Int32Array {
    this.ownEdges ??= Int32Array.from({ length: this.count }, (_, t) => t);
    return this.ownEdges;
  }

  get sources(): Int32Array {
    this.ownSources ??= this.findSources();
    return this.ownSources;
  }

  private findSources(): Int32Array {
    const { rowOffsets, edges } = this;
    const sources = new Int32Array(this.count);
    let source = 0;
    for (let t = 0; t < this.count; t++) {
      while (rowOffsets[source + 1] <= edges[t]) source++;
      sources[t] = source;
    }
    return sources;
  }
}
