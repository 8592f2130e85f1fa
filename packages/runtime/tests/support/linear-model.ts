// Descriptions of models given as lists of edges with rates that are linear in θ: for reference values and laws.
import type {
  GraphCallback,
  LinearForms,
  ModelDescription,
  RewardDeclaration,
  TimeKind,
} from "@phxlang/graph";
import { createFeatureTable, LinearFormsBuilder } from "@phxlang/graph";

export interface LinearEdge {
  readonly from: number;
  /** −1 − cause for stopping. */
  readonly to: number;
  readonly base: number;
  readonly coefficients: readonly number[];
}

export interface LinearModel {
  readonly kind?: TimeKind;
  /** Transient states; each cause has one more state. */
  readonly stateCount: number;
  readonly parameterCount: number;
  readonly edges: readonly LinearEdge[];
  /** Over transient states; what is missing to 1 starts stopped, with cause 0. */
  readonly alpha: readonly number[];
  readonly rewards?: Readonly<Record<string, readonly number[]>>;
  readonly defaults?: readonly number[];
  readonly causes?: readonly string[];
  /** Beginnings of epochs 1, 2, … (numbers, or entries of θ); their edges follow. */
  readonly epochs?: readonly {
    readonly start: number | { readonly parameter: number };
    readonly edges: readonly LinearEdge[];
  }[];
}

export function linearModel(model: LinearModel): ModelDescription {
  const { stateCount, parameterCount, edges } = model;
  const features = createFeatureTable(parameterCount);
  const inputs = Array.from({ length: parameterCount }, (_, p) => features.feature(features.input(p)));
  const causes = model.causes ?? [""];
  const placeOf = (state: number): number => (state >= 0 ? state : stateCount - 1 - state);
  const terms = (base: number, coefficients: readonly number[]): [Int32Array, Float64Array] => {
    const pairs = [[0, base] as const, ...coefficients.map((c, p) => [inputs[p], c] as const)].filter(
      ([, c]) => c !== 0,
    );
    return [Int32Array.from(pairs, ([f]) => f), Float64Array.from(pairs, ([, c]) => c)];
  };
  const missing = 1 - model.alpha.reduce((sum, a) => sum + a, 0);
  const epochs = model.epochs ?? [];
  const leaving = [edges, ...epochs.map((epoch) => epoch.edges)].map((own) => {
    const bySource = Array.from({ length: stateCount }, () => [] as LinearEdge[]);
    for (const edge of own) bySource[edge.from].push(edge);
    return bySource;
  });
  const callback: GraphCallback = {
    kind: model.kind ?? "continuous",
    cells: [{ name: "place", lower: 0, upper: stateCount + causes.length - 1 }],
    features,
    events: ["move"],
    causes,
    declaresStop: true,
    epochs: [
      { name: "first", start: 0 },
      ...epochs.map(({ start }, e) => ({
        name: `epoch${e + 1}`,
        start: typeof start === "number" ? start : { feature: inputs[start.parameter] },
      })),
    ],
    start(sink) {
      for (const [state, weight] of model.alpha.entries()) {
        if (weight > 0) sink.start(Int32Array.of(state), 1, Int32Array.of(0), Float64Array.of(weight));
      }
      if (missing > 1e-15)
        sink.start(Int32Array.of(stateCount), 1, Int32Array.of(0), Float64Array.of(missing));
    },
    transitions([state], epoch, sink) {
      for (const { to, base, coefficients } of leaving[epoch][state]) {
        const [own, values] = terms(base, coefficients);
        if (own.length > 0) sink.edge(0, Int32Array.of(placeOf(to)), own.length, own, values);
      }
    },
    stopCause: ([state]) => (state < stateCount ? -1 : state - stateCount),
    enter: () => undefined,
  };
  return {
    name: "linear",
    callback,
    parameters: Array.from({ length: parameterCount }, (_, p) => ({
      name: `theta${p}`,
      shape: [],
      indexFrom: [],
      offset: p,
      size: 1,
      lower: 0,
      upper: null,
      lowerClosed: true,
      upperClosed: false,
      simplex: false,
      defaults: model.defaults === undefined ? null : Float64Array.of(model.defaults[p]),
      prior: null,
    })),
    covariates: [],
    rewards: Object.entries(model.rewards ?? {}).map(([name, values]): RewardDeclaration => ({
      name,
      stateForms(graph): LinearForms {
        const builder = new LinearFormsBuilder(graph.stateCount);
        for (let i = 0; i < graph.stateCount; i++) {
          const [place] = graph.states.read(i);
          builder.add(0, place < stateCount ? values[place] : 0);
          builder.endRow();
        }
        return builder.toForms();
      },
      impulseForms: () => null,
    })),
  };
}
