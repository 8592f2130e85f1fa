// Models and data that the tests of estimation share.
import { readFileSync } from "node:fs";
import type { ModelDescription, StopObservations } from "@phxlang/graph";
import { createFeatureTable } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";

type Parameter = ModelDescription["parameters"][number];

/** Stages in a row, each left at the rate of the one parameter. */
export function erlang(stages: number, prior: Parameter["prior"] = null): Model {
  const features = createFeatureTable(1, 0);
  const rate = features.feature(features.input(0));
  return makeModel({
    name: "erlang",
    callback: {
      kind: "continuous",
      cells: [{ name: "stage", lower: 0, upper: stages }],
      features,
      events: ["advance"],
      causes: [""],
      declaresStop: true,
      epochs: [{ name: "", start: 0 }],
      start: (sink) => sink.start(Int32Array.of(0), 1, Int32Array.of(0), Float64Array.of(1)),
      transitions: ([stage], _epoch, sink) =>
        sink.edge(0, Int32Array.of(stage + 1), 1, Int32Array.of(rate), Float64Array.of(1)),
      stopCause: ([stage]) => (stage === stages ? 0 : -1),
      enter: () => undefined,
    },
    parameters: [
      {
        name: "rate",
        shape: [],
        indexFrom: [],
        offset: 0,
        size: 1,
        lower: 0,
        upper: null,
        lowerClosed: false,
        upperClosed: false,
        simplex: false,
        defaults: Float64Array.of(1),
        prior,
      },
    ],
    covariates: [],
    rewards: [],
  });
}

export function repeated(value: number, count: number): number[] {
  return Array.from({ length: count }, () => value);
}

export function observations(times: readonly number[], censored: readonly boolean[] = []): StopObservations {
  return {
    kind: "stop",
    count: times.length,
    weights: null,
    covariates: null,
    sourceRows: Int32Array.from(times, (_, i) => i + 1),
    times: Float64Array.from(times),
    uppers: null,
    censoring: Uint8Array.from(times, (_, i) => (censored[i] ? 1 : 0)),
    causes: new Int32Array(times.length).fill(-1),
    entries: null,
  };
}

export function table(name: string): string[][] {
  const text = readFileSync(new URL(`../../../../data/${name}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.replaceAll('"', "").split(","));
}

/** Rows of one group of the leukaemia patients: weeks, and whether they were still well then. */
export function leukemia(group: string): StopObservations {
  const rows = table("leukemia-remission.csv").filter(([name]) => name === group);
  return observations(
    rows.map(([, time]) => Number(time)),
    rows.map(([, , relapsed]) => relapsed === "0"),
  );
}

export function airConditioning(): StopObservations {
  return observations(table("aircondit7.csv").map(([time]) => Number(time)));
}

/** Exponential times at a rate of its own in each of two groups, both with the prior gamma(2, 1). */
export function twoGroups(): Model {
  const features = createFeatureTable(2, 1);
  const [first, second, group] = [0, 1, 2].map((input) => features.input(input));
  const isFirst = features.apply("sub", features.constant(1), group);
  const rates = [features.apply("mul", first, isFirst), features.apply("mul", second, group)].map((rate) =>
    features.feature(rate),
  );
  const { callback, parameters } = erlang(1, { law: "gamma", args: [2, 1] }).description;
  return makeModel({
    name: "two groups",
    callback: {
      ...callback,
      features,
      transitions: ([stage], _epoch, sink) =>
        sink.edge(0, Int32Array.of(stage + 1), 2, Int32Array.from(rates), Float64Array.of(1, 1)),
    },
    parameters: ["slow", "fast"].map((name, offset) => ({ ...parameters[0], name, offset })),
    covariates: [{ name: "group", defaultValue: 0 }],
    rewards: [],
  });
}

/** Rows at 1 in both groups. */
export function twoGroupsData(first: number, second: number): StopObservations {
  const rows = Int32Array.from({ length: first + second }, (_, row) => (row < first ? 0 : 1));
  return {
    ...observations(repeated(1, first + second)),
    covariates: { values: [Float64Array.of(0), Float64Array.of(1)], rows },
  };
}
