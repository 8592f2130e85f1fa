// What a law is, how it is tried on random inputs, and how a counterexample is reported.
import { PhxError } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import * as fc from "fast-check";
import type { ThetaArray } from "../arbitraries/parameters.ts";
import { parameters } from "../arbitraries/parameters.ts";
import { timeScale } from "../time-scale.ts";
import { describeInput } from "./describe-input.ts";

/** Where a law is tried. */
export interface Situation {
  readonly theta: ThetaArray;
  /** Ascending, distinct; whole numbers for discrete models. */
  readonly times: readonly number[];
  /** The mean, or another time of that order. */
  readonly scale: number;
}

export interface Law {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly says: string;
  /** Default: every model. */
  readonly appliesTo?: (model: Model) => boolean;
  /** Throws a Disagreement where the law is broken. */
  readonly check: (model: Model, situation: Situation) => void;
}

export interface LawOptions {
  /** Random inputs for each law; default 20. */
  readonly runs?: number;
  /** The same seed gives the same inputs; default 1. */
  readonly seed?: number;
  /** θ to try; default `parameters(model)`. */
  readonly parameters?: fc.Arbitrary<ThetaArray>;
}

/** A law that held. */
export interface LawResult {
  readonly law: string;
  readonly says: string;
  readonly runs: number;
}

/** Two numbers that must agree and do not. */
export class Disagreement extends Error {
  constructor(what: string, found: number, expected: number, allowed: number) {
    super(`${what}: ${found}, but it must be ${expected} within ${allowed.toPrecision(2)}`);
    this.name = "Disagreement";
  }
}

/** |found − expected| ≤ relative · |expected| + absolute, else a Disagreement. */
export function agree(what: string, found: number, expected: number, relative: number, absolute = 0): void {
  const allowed = relative * Math.abs(expected) + absolute;
  if (found === expected || Math.abs(found - expected) <= allowed) return;
  throw new Disagreement(what, found, expected, allowed);
}

/**
 * Tries every law that applies to the model. Throws PHX989 with the law, the smallest input found and both numbers;
 * returns what was tried.
 */
export function tryLaws(model: Model, laws: readonly Law[], options: LawOptions = {}): readonly LawResult[] {
  const { runs = 20, seed = 1 } = options;
  const inputs = situations(model, options.parameters ?? parameters(model));
  return laws
    .filter((law) => law.appliesTo?.(model) ?? true)
    .map((law) => {
      const property = fc.property(inputs, ({ theta, thousandths }) => {
        law.check(model, situationAt(model, theta, thousandths));
      });
      const outcome = fc.check(property, { numRuns: runs, seed });
      if (outcome.failed) throw brokenLaw(model, law, outcome, seed);
      return { law: law.name, says: law.says, runs };
    });
}

interface DrawnSituation {
  readonly theta: ThetaArray;
  /** Times in thousandths of the scale. */
  readonly thousandths: readonly number[];
}

/** A few of the times may be far away, to meet the tail. */
function situations(model: Model, thetas: fc.Arbitrary<ThetaArray>): fc.Arbitrary<DrawnSituation> {
  const near = fc.integer({ min: 1, max: 4000 });
  const far = fc.integer({ min: 1, max: model.kind === "discrete" ? 4000 : 20_000 });
  return fc.record({
    theta: thetas,
    thousandths: fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: far }), {
      minLength: 1,
      maxLength: 3,
    }),
  });
}

function situationAt(model: Model, theta: ThetaArray, thousandths: readonly number[]): Situation {
  const scale = timeScale(model, theta);
  const raw = thousandths.map((part) => (part * scale) / 1000);
  const times = model.kind === "discrete" ? raw.map((time) => Math.max(1, Math.round(time))) : raw;
  return { theta, scale, times: [...new Set(times)].sort((a, b) => a - b) };
}

function brokenLaw(model: Model, law: Law, outcome: fc.RunDetails<[DrawnSituation]>, seed: number): PhxError {
  const [smallest] = outcome.counterexample ?? [];
  const cause = outcome.errorInstance;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const input =
    smallest === undefined
      ? ""
      : describeInput(
          model,
          smallest.theta,
          () => situationAt(model, smallest.theta, smallest.thousandths).times,
        );
  return new PhxError({
    code: "PHX989",
    what: `${model.name} breaks the law "${law.name}": ${law.says}`,
    why: reason,
    fix: `the smallest input found, in run ${outcome.numRuns} with seed ${seed} after ${outcome.numShrinks} simplifications:\n${input}`,
  });
}
