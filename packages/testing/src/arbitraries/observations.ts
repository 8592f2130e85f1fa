// observations: random data that a model could have produced.
import { random } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import type { Model, Theta } from "@phxlang/runtime";
import * as fc from "fast-check";
import { printed } from "./printed.ts";

export interface ObservationOptions {
  readonly mostRows?: number;
  /** How some rows are known: "right", "left" and "interval" censored; default all of them. */
  readonly censored?: readonly ("right" | "left" | "interval")[];
}

/**
 * Draws of the model at θ, some of them censored around the drawn value, as `logLikelihood` takes them. A model that
 * may stop at once or never has these draws right-censored at the time 0 and at the largest of the others.
 */
export function observations(
  model: Model,
  theta: Theta,
  options: ObservationOptions = {},
): fc.Arbitrary<StopObservations> {
  const { mostRows = 8, censored = ["right", "left", "interval"] } = options;
  return fc
    .record({
      seed: fc.nat({ max: 2 ** 20 }),
      ways: fc.array(fc.constantFrom("exact", "exact", "exact", ...censored), {
        minLength: 1,
        maxLength: mostRows,
      }),
    })
    .map(({ seed, ways }) => {
      const drawn = model.sample(random.key(seed), theta, ways.length).dataSync();
      return observed(model, Float64Array.from(drawn), ways);
    });
}

function observed(
  model: Model,
  drawn: Float64Array,
  ways: readonly (keyof typeof censoring)[],
): StopObservations {
  const count = drawn.length;
  const finite = drawn.filter((time) => Number.isFinite(time));
  const longest = finite.reduce((largest, time) => Math.max(largest, time), 1);
  const step = model.kind === "discrete" ? 1 : 0;
  const shrunk = (time: number): number => (step === 1 ? Math.floor(time / 2) : time / 2);
  const times = new Float64Array(count);
  const uppers = new Float64Array(count);
  const kinds = new Uint8Array(count);
  drawn.forEach((time, i) => {
    // An atom has no density, and what never stops has no time.
    const way = Number.isFinite(time) && time > 0 ? ways[i] : "right";
    kinds[i] = censoring[way];
    if (way === "right") times[i] = Number.isFinite(time) ? shrunk(time) : longest;
    else if (way === "interval") times[i] = shrunk(time);
    else times[i] = time;
    uppers[i] = way === "interval" ? 2 * time + step : times[i];
  });
  const table: StopObservations = {
    kind: "stop",
    count,
    times,
    uppers,
    censoring: kinds,
    causes: new Int32Array(count).fill(-1),
    entries: null,
    weights: null,
    covariates: null,
    sourceRows: Int32Array.from({ length: count }, (_, i) => i + 1),
  };
  return printed(table, () => rowsText(table));
}

function rowsText({ times, uppers, censoring: kinds }: StopObservations): string {
  const rows = Array.from(times, (time, i) => {
    if (kinds[i] === censoring.exact) return `T = ${time}`;
    if (kinds[i] === censoring.right) return `T > ${time}`;
    return kinds[i] === censoring.left ? `T <= ${time}` : `${time} < T <= ${uppers?.[i]}`;
  });
  return rows.join("\n");
}
