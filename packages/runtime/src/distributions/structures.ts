// Structures: the forms that one graph takes for what is asked of it, lumped where states need not be told apart.
import type {
  EliminationTrace,
  LinearForms,
  LumpSeeds,
  MarkovGraph,
  ModelDescription,
  RecordOptions,
  RewardDeclaration,
} from "@phxlang/graph";
import { isLumped } from "./epoch-structure.ts";
import { buildStructure, formsOf, withTrace } from "./model-structure.ts";
import type { ModelStructure } from "./model-structure.ts";

/**
 * Classes of states that lead to every other class at equal rates, for any θ, have the same future. So the time to
 * absorption, its cause, and rewards that are equal within classes have the same laws on the classes, to rounding.
 */
export interface Structures {
  /** For the time to absorption and its cause. */
  readonly time: ModelStructure;
  /** Every state by itself: for what is asked by state. */
  readonly states: ModelStructure;
  /** For accumulated rewards, together; null is the time. */
  of(rewards: readonly (RewardDeclaration | null)[]): ModelStructure;
}

/** `lumps` false: all three are the same. Traces other than that of the time are recorded when first asked for. */
export function makeStructures(
  description: ModelDescription,
  graph: MarkovGraph,
  traceOf: (options: RecordOptions) => EliminationTrace,
  lumps: boolean,
): Structures {
  const epoch = graph.epochs.length - 1;
  const time = buildStructure(description, graph, traceOf({ epoch, lump: lumps }));
  const known = new Map<string, ModelStructure>();
  const recorded = (name: string, lump: false | LumpSeeds): ModelStructure => {
    // Classes that rewards tell apart are finer still.
    if (!isLumped(time.trace)) return time;
    const structure = known.get(name) ?? withTrace(time, traceOf({ epoch, lump }));
    known.set(name, structure);
    return structure;
  };
  return {
    time,
    get states() {
      return recorded("", false);
    },
    of(rewards) {
      const seeds = new Map<string, LinearForms>();
      for (const reward of rewards) {
        if (reward === null) continue;
        const { state, impulse } = formsOf(time, reward, epoch);
        // What a transition pays goes with where it leads, which classes do not keep.
        if (impulse !== null) return recorded("", false);
        if (state !== null) seeds.set(reward.name, state);
      }
      if (seeds.size === 0) return time;
      const names = [...seeds.keys()].toSorted();
      return recorded(names.join(), { stateRewards: names.flatMap((name) => seeds.get(name) ?? []) });
    },
  };
}

/** The same choice among structures that are made from these, each once. */
export function mapStructures(
  structures: Structures,
  change: (structure: ModelStructure) => ModelStructure,
): Structures {
  const changed = new Map<ModelStructure, ModelStructure>();
  const map = (structure: ModelStructure): ModelStructure => {
    const result = changed.get(structure) ?? change(structure);
    changed.set(structure, result);
    return result;
  };
  return {
    time: map(structures.time),
    get states() {
      return map(structures.states);
    },
    of: (rewards) => map(structures.of(rewards)),
  };
}
