// The rules of a model, asked about one state at a time: what exploring many at once has to agree with.
import type { LaneTermLists, Moves, RuleCallback, StateCallback, StateColumns } from "@phxlang/graph";

export function stateByState(rules: RuleCallback): StateCallback {
  const lane = Int32Array.of(0);
  const { width } = rules;
  const causes = new Int32Array(width);
  const columnsOf = (state: Int32Array): StateColumns => {
    const columns = new Float64Array(width * state.length);
    for (const [cell, value] of state.entries()) columns[cell * width] = value;
    return { width, count: 1, cells: columns };
  };
  const changed = (state: Int32Array, moves: Moves): Int32Array => {
    if (moves.count !== 1) throw new Error(`${moves.count} moves of one state`);
    const target = state.slice();
    for (let k = 0; k < moves.cellCount; k++) target[moves.cells[k]] += moves.deltas[k * width];
    return target;
  };
  const { kind, cells, features, events, epochs, declaresStop } = rules;
  return {
    kind,
    cells,
    features,
    events,
    epochs,
    declaresStop,
    causes: rules.causes,
    start: (sink) => rules.start(sink),
    stopCause(state, epoch) {
      rules.stopCauses(columnsOf(state), epoch, causes);
      return causes[0];
    },
    transitions(state, epoch, sink) {
      rules.moves(columnsOf(state), lane, epoch, {
        move(moves) {
          const target = changed(state, moves);
          const { event, feature, coefficients, terms } = moves;
          if (feature >= 0) sink.edge(event, target, 1, Int32Array.of(feature), coefficients);
          else sink.edge(event, target, terms.counts[0], ...listOf(terms));
        },
      });
    },
    enter(state, epoch) {
      rules.entries(columnsOf(state), epoch, { move: (moves) => state.set(changed(state, moves)) });
    },
  };
}

function listOf({ counts, features, coefficients }: LaneTermLists): [Int32Array, Float64Array] {
  return [features.slice(0, counts[0]), coefficients.slice(0, counts[0])];
}
