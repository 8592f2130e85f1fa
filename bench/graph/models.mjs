// The models of docs/performance.md as hand-written callbacks: what exploration costs without a language above it.
import { createFeatureTable } from "@phxlang/graph";

/**
 * A callback from a few functions. `transitions(state, target, edge)` fills `target` (a copy of the state) and calls
 * `edge(event, parameter, coefficient)`; parameter −1 is the constant 1.
 */
export function handWritten({
  kind = "continuous",
  cells,
  parameterCount,
  start,
  stop,
  events,
  transitions,
}) {
  const features = createFeatureTable(parameterCount);
  const parameterFeatures = Array.from({ length: parameterCount }, (_, p) =>
    features.feature(features.input(p)),
  );
  const terms = new Int32Array(1);
  const coefficients = new Float64Array(1);
  const target = new Int32Array(cells.length);
  return {
    kind,
    cells,
    features,
    events,
    causes: [""],
    declaresStop: true,
    epochs: [{ name: "", start: 0 }],
    start(sink) {
      terms[0] = 0;
      coefficients[0] = 1;
      sink.start(Int32Array.from(start), 1, terms, coefficients);
    },
    transitions(state, _epoch, sink) {
      transitions(state, target, (event, parameter, coefficient) => {
        terms[0] = parameter < 0 ? 0 : parameterFeatures[parameter];
        coefficients[0] = coefficient;
        sink.edge(event, target, 1, terms, coefficients);
      });
    },
    stopCause: (state) => (stop(state) ? 0 : -1),
    enter() {},
  };
}

const cell = (name, lower, upper) => ({ name, lower, upper });

/** Two islands of rabbits; floods take all of an island's. (n + 1)(n + 2) / 2 states. */
export function rabbits(n) {
  return handWritten({
    cells: [cell("left", 0, n), cell("right", 0, n)],
    parameterCount: 2,
    start: [n, 0],
    stop: ([left, right]) => left + right === 0,
    events: ["jump_right", "jump_left", "flood_left", "flood_right"],
    transitions(state, target, edge) {
      const left = state[0];
      const right = state[1];
      if (left > 0) {
        target[0] = left - 1;
        target[1] = right + 1;
        edge(0, -1, 1);
      }
      if (right > 0) {
        target[0] = left + 1;
        target[1] = right - 1;
        edge(1, -1, 1);
      }
      if (left > 0) {
        target[0] = 0;
        target[1] = right;
        edge(2, 0, 1);
      }
      if (right > 0) {
        target[0] = left;
        target[1] = 0;
        edge(3, 1, 1);
      }
    },
  });
}

/** Block-counting coalescent of n lineages: partitions of n. */
export function blockCounting(n) {
  return handWritten({
    cells: Array.from({ length: n }, (_, i) => cell(`b[${i + 1}]`, 0, n)),
    parameterCount: 1,
    start: Array.from({ length: n }, (_, i) => (i === 0 ? n : 0)),
    stop: (state) => state[n - 1] === 1,
    events: ["coalesce"],
    transitions(state, target, edge) {
      for (let i = 0; i < n; i++) {
        if (state[i] === 0) continue;
        for (let j = i; i + j + 1 < n; j++) {
          const pairs = i === j ? (state[i] * (state[i] - 1)) / 2 : state[i] * state[j];
          if (pairs === 0) continue;
          target.set(state);
          target[i]--;
          target[j]--;
          target[i + j + 1]++;
          edge(0, 0, pairs);
        }
      }
    },
  });
}

/** Lineages on two islands, counted; ends when one is left. */
export function islandCounts(n) {
  return handWritten({
    cells: [cell("a", 0, n), cell("b", 0, n)],
    parameterCount: 4,
    start: [n, 0],
    stop: ([a, b]) => a + b === 1,
    events: ["coalesce_1", "coalesce_2", "migrate_12", "migrate_21"],
    transitions([a, b], target, edge) {
      if (a > 1) {
        target[0] = a - 1;
        target[1] = b;
        edge(0, 0, (a * (a - 1)) / 2);
      }
      if (b > 1) {
        target[0] = a;
        target[1] = b - 1;
        edge(1, 1, (b * (b - 1)) / 2);
      }
      if (a > 0) {
        target[0] = a - 1;
        target[1] = b + 1;
        edge(2, 2, a);
      }
      if (b > 0) {
        target[0] = a + 1;
        target[1] = b - 1;
        edge(3, 3, b);
      }
    },
  });
}

/** Two islands, block counting: x[i, d] lineages with i descendants on island d. */
export function islandBlocks(n) {
  const at = (size, island) => (size - 1) * 2 + island;
  return handWritten({
    cells: Array.from({ length: 2 * n }, (_, i) => cell(`x[${(i >> 1) + 1}, ${(i & 1) + 1}]`, 0, n)),
    parameterCount: 4,
    start: Array.from({ length: 2 * n }, (_, i) => (i === 0 ? n : 0)),
    stop: (state) => state[at(n, 0)] + state[at(n, 1)] === 1,
    events: ["coalesce", "migrate"],
    transitions(state, target, edge) {
      for (let island = 0; island < 2; island++) {
        for (let i = 1; i <= n; i++) {
          const count = state[at(i, island)];
          if (count === 0) continue;
          for (let j = i; i + j <= n; j++) {
            const pairs = i === j ? (count * (count - 1)) / 2 : count * state[at(j, island)];
            if (pairs === 0) continue;
            target.set(state);
            target[at(i, island)]--;
            target[at(j, island)]--;
            target[at(i + j, island)]++;
            edge(0, island, pairs);
          }
          target.set(state);
          target[at(i, island)]--;
          target[at(i, 1 - island)]++;
          edge(1, 2 + island, count);
        }
      }
    },
  });
}

/** M/M/1 queue from empty to n customers: n transient states. */
export function queue(n) {
  return handWritten({
    cells: [cell("q", 0, n)],
    parameterCount: 2,
    start: [0],
    stop: ([q]) => q === n,
    events: ["arrive", "serve"],
    transitions([q], target, edge) {
      target[0] = q + 1;
      edge(0, 0, 1);
      if (q > 0) {
        target[0] = q - 1;
        edge(1, 1, 1);
      }
    },
  });
}

/** SIRS epidemic: immunity wanes, so the transient states are one component. */
export function sirs(n) {
  return handWritten({
    cells: [cell("S", 0, n), cell("I", 0, n)],
    parameterCount: 3,
    start: [n - 1, 1],
    stop: ([, I]) => I === 0,
    events: ["infect", "recover", "wane"],
    transitions([S, I], target, edge) {
      if (S > 0) {
        target[0] = S - 1;
        target[1] = I + 1;
        edge(0, 0, S * I);
      }
      target[0] = S;
      target[1] = I - 1;
      edge(1, 1, I);
      if (S + I < n) {
        target[0] = S + 1;
        target[1] = I;
        edge(2, 2, n - S - I);
      }
    },
  });
}

/** SIR epidemic: acyclic. */
export function sir(n) {
  return handWritten({
    cells: [cell("S", 0, n), cell("I", 0, n)],
    parameterCount: 2,
    start: [n - 1, 1],
    stop: ([, I]) => I === 0,
    events: ["infect", "recover"],
    transitions([S, I], target, edge) {
      if (S > 0) {
        target[0] = S - 1;
        target[1] = I + 1;
        edge(0, 0, S * I);
      }
      target[0] = S;
      target[1] = I - 1;
      edge(1, 1, I);
    },
  });
}

/** Two-locus ancestral recombination graph, counts of ab, a and b lineages. */
export function recombination(n) {
  return handWritten({
    cells: [cell("ab", 0, n), cell("a", 0, n), cell("b", 0, n)],
    parameterCount: 1,
    start: [n, 0, 0],
    stop: ([ab, a, b]) => ab + a === 1 && ab + b === 1,
    events: ["recombine", "join_ab", "absorb_a", "absorb_b", "join_a", "join_b", "rejoin"],
    transitions([ab, a, b], target, edge) {
      const to = (x, y, z, event, parameter, coefficient) => {
        if (coefficient === 0) return;
        target[0] = x;
        target[1] = y;
        target[2] = z;
        edge(event, parameter, coefficient);
      };
      to(ab - 1, a + 1, b + 1, 0, 0, ab / 2);
      to(ab - 1, a, b, 1, -1, (ab * (ab - 1)) / 2);
      to(ab, a - 1, b, 2, -1, ab * a);
      to(ab, a, b - 1, 3, -1, ab * b);
      to(ab, a - 1, b, 4, -1, (a * (a - 1)) / 2);
      to(ab, a, b - 1, 5, -1, (b * (b - 1)) / 2);
      to(ab + 1, a - 1, b - 1, 6, -1, a * b);
    },
  });
}

/** Walk on a k × k grid that is left by stepping out at the last corner. */
export function grid(k) {
  return handWritten({
    cells: [cell("x", 0, k), cell("y", 0, k)],
    parameterCount: 4,
    start: [0, 0],
    stop: ([x]) => x === k,
    events: ["right", "left", "up", "down", "leave"],
    transitions([x, y], target, edge) {
      const to = (toX, toY, event, parameter) => {
        target[0] = toX;
        target[1] = toY;
        edge(event, parameter, 1);
      };
      if (x < k - 1) to(x + 1, y, 0, 0);
      if (x > 0) to(x - 1, y, 1, 1);
      if (y < k - 1) to(x, y + 1, 2, 2);
      if (y > 0) to(x, y - 1, 3, 3);
      if (x === k - 1 && y === k - 1) to(k, 0, 4, -1);
    },
  });
}

/** Two queues of capacity k in a row; ends when the second is full and is served into. */
export function tandem(k) {
  return handWritten({
    cells: [cell("first", 0, k), cell("second", 0, k + 1)],
    parameterCount: 3,
    start: [0, 0],
    stop: ([, second]) => second === k + 1,
    events: ["arrive", "move", "serve"],
    transitions([first, second], target, edge) {
      const to = (x, y, event) => {
        target[0] = x;
        target[1] = y;
        edge(event, event, 1);
      };
      if (first < k) to(first + 1, second, 0);
      if (first > 0) to(first - 1, second + 1, 1);
      if (second > 0) to(first, second - 1, 2);
    },
  });
}

/** Random digraph of n states, each with `degree` successors, one of them left at rate 1. */
export function randomDigraph(n, degree) {
  let seed = 12345;
  const random = (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const successors = Array.from({ length: n }, (_, i) => {
    const to = new Set([(i + 1) % n]);
    while (to.size < degree) to.add(random(n));
    to.delete(i);
    return [...to];
  });
  return handWritten({
    cells: [cell("at", 0, n)],
    parameterCount: degree,
    start: [0],
    stop: ([at]) => at === n,
    events: ["go", "leave"],
    transitions([at], target, edge) {
      successors[at].forEach((to, k) => {
        target[0] = to;
        edge(0, k, 1);
      });
      if (at % 10 === 0) {
        target[0] = n;
        edge(1, -1, 1);
      }
    },
  });
}
