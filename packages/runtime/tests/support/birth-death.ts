// A queue that grows and shrinks until it is full, as a hand-written GraphCallback: the smallest cyclic model.
import type { GraphCallback, MarkovGraph } from "@phxlang/graph";
import { createFeatureTable, explore } from "@phxlang/graph";

/** States 0 … full, up at rate θ₀, down at rate θ₁ × scale; stops when full. */
export function birthDeath(full: number, scale = 1): MarkovGraph {
  const features = createFeatureTable(2, 0);
  const up = features.feature(features.input(0));
  const down = features.feature(features.input(1));
  const callback: GraphCallback = {
    kind: "continuous",
    cells: [{ name: "q", lower: 0, upper: full }],
    features,
    events: ["up", "down"],
    causes: [""],
    declaresStop: true,
    epochs: [{ name: "", start: 0 }],
    start: (sink) => sink.start(Int32Array.of(0), 1, Int32Array.of(0), Float64Array.of(1)),
    transitions([q], _epoch, sink) {
      sink.edge(0, Int32Array.of(q + 1), 1, Int32Array.of(up), Float64Array.of(1));
      if (q > 0) sink.edge(1, Int32Array.of(q - 1), 1, Int32Array.of(down), Float64Array.of(scale));
    },
    stopCause: ([q]) => (q === full ? 0 : -1),
    enter: () => undefined,
  };
  return explore(callback);
}
