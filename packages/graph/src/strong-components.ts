// Strongly connected components by Tarjan's algorithm, iterative.

/**
 * Component c has members members[offsets[c] .. offsets[c + 1]). Every edge between components leads to a component
 * with a smaller number. The result is a function of the arrays alone.
 */
export interface StrongComponents {
  readonly offsets: Int32Array;
  readonly members: Int32Array;
  readonly componentOf: Int32Array;
}

/** Components of the graph with edges i → columns[rowOffsets[i] .. rowOffsets[i + 1]). */
export function strongComponents(
  count: number,
  rowOffsets: Int32Array,
  columns: Int32Array,
): StrongComponents {
  const componentOf = new Int32Array(count).fill(-1);
  const members = new Int32Array(count);
  const offsets = new Int32Array(count + 1);
  /** Order of discovery from 1, 0 before; lowered to the smallest number reachable through the open vertices. */
  const low = new Int32Array(count);
  const discovered = new Int32Array(count);
  const nextEdge = rowOffsets.slice(0, count);
  const path = new Int32Array(count);
  const open = new Int32Array(count);
  let pathLength = 0;
  let openLength = 0;
  let clock = 0;
  let componentCount = 0;
  let memberCount = 0;
  for (let root = 0; root < count; root++) {
    if (discovered[root] !== 0) continue;
    path[pathLength++] = root;
    open[openLength++] = root;
    discovered[root] = low[root] = ++clock;
    while (pathLength > 0) {
      const vertex = path[pathLength - 1];
      const edge = nextEdge[vertex];
      if (edge < rowOffsets[vertex + 1]) {
        nextEdge[vertex] = edge + 1;
        const target = columns[edge];
        if (discovered[target] === 0) {
          discovered[target] = low[target] = ++clock;
          path[pathLength++] = target;
          open[openLength++] = target;
        } else if (componentOf[target] < 0 && discovered[target] < low[vertex]) {
          low[vertex] = discovered[target];
        }
        continue;
      }
      pathLength--;
      if (pathLength > 0) {
        const parent = path[pathLength - 1];
        if (low[vertex] < low[parent]) low[parent] = low[vertex];
      }
      if (low[vertex] !== discovered[vertex]) continue;
      let member: number;
      do {
        member = open[--openLength];
        componentOf[member] = componentCount;
        members[memberCount++] = member;
      } while (member !== vertex);
      offsets[++componentCount] = memberCount;
    }
  }
  return { offsets: offsets.slice(0, componentCount + 1), members, componentOf };
}
