// phaseTypes: random phase-type distributions as matrices.
import type { TimeKind } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { fromMatrices } from "@phxlang/runtime";
import * as fc from "fast-check";
import { numberText } from "../number-text.ts";
import { printed } from "./printed.ts";

export interface PhaseType {
  readonly kind: TimeKind;
  /** [n] initial probabilities; what is missing to 1 stops at once. */
  readonly alpha: readonly number[];
  /** [n][n] sub-intensities (discrete: probabilities of one step). */
  readonly S: readonly (readonly number[])[];
  /** [n] rates (probabilities) of stopping. */
  readonly exits: readonly number[];
  readonly source: string;
  readonly model: Model;
}

export interface PhaseTypeOptions {
  /** Default continuous. */
  readonly kind?: TimeKind;
  /** Default 5. */
  readonly mostPhases?: number;
  /** Rates are spread over this many powers of ten; default 1. Discrete distributions ignore it. */
  readonly decades?: number;
  /** Whether some may start stopped, an atom at 0; default true. */
  readonly atoms?: boolean;
}

interface Drawn {
  readonly weights: readonly number[];
  readonly missing: number;
  /** Row-major n × (n + 1): to each phase, then out. */
  readonly rates: readonly number[];
}

/** Phase-type distributions that stop with probability 1; entries are short decimals. */
export function phaseTypes(options: PhaseTypeOptions = {}): fc.Arbitrary<PhaseType> {
  const { kind = "continuous", mostPhases = 5, decades = 1, atoms = true } = options;
  const rate = fc
    .tuple(fc.nat({ max: 9 }), fc.integer({ min: -Math.floor(decades / 2), max: Math.ceil(decades / 2) }))
    .map(([digit, power]) => Number(`${digit}e${power}`));
  return fc
    .integer({ min: 1, max: mostPhases })
    .chain((n) =>
      fc.record<Drawn>({
        weights: fc.array(fc.nat({ max: 4 }), { minLength: n, maxLength: n }),
        missing: atoms ? fc.nat({ max: 2 }) : fc.constant(0),
        rates: fc.array(rate, { minLength: n * (n + 1), maxLength: n * (n + 1) }),
      }),
    )
    .map((drawn) => (kind === "continuous" ? continuous(drawn) : discrete(drawn)));
}

function startOf({ weights, missing }: Drawn): number[] {
  const raised = weights.map((weight, i) => weight + (i === 0 ? 1 : 0));
  const total = raised.reduce((sum, weight) => sum + weight, missing);
  return raised.map((weight) => weight / total);
}

/** Each phase leads on to the next one, the last one out, besides what was drawn. */
function linked({ weights, rates }: Drawn): number[][] {
  const n = weights.length;
  return weights.map((_, i) =>
    Array.from({ length: n + 1 }, (_unused, j) => {
      if (j === i) return 0;
      const drawn = rates[i * (n + 1) + j];
      return j === i + 1 && drawn === 0 ? 1 : drawn;
    }),
  );
}

function continuous(drawn: Drawn): PhaseType {
  const rows = linked(drawn);
  const n = rows.length;
  const S = rows.map((row, i) =>
    row.slice(0, n).map((rate, j) => (i === j ? -row.reduce((sum, one) => sum + one, 0) : rate)),
  );
  const exits = rows.map((row) => row[n]);
  return finish("continuous", startOf(drawn), S, exits);
}

/** Probabilities are rates divided by their sum and a share that stays. */
function discrete(drawn: Drawn): PhaseType {
  const n = drawn.weights.length;
  const rows = linked(drawn).map((row, i) => {
    const stay = drawn.rates[i * (n + 1) + i];
    const total = row.reduce((sum, one) => sum + one, stay);
    return row.map((rate, j) => (j === i ? stay : rate) / total);
  });
  return finish(
    "discrete",
    startOf(drawn),
    rows.map((row) => row.slice(0, n)),
    rows.map((row) => row[n]),
  );
}

function finish(kind: TimeKind, alpha: number[], S: number[][], exits: number[]): PhaseType {
  const source = matrixSource(kind, alpha, S, exits);
  const model = fromMatrices(alpha, S, { kind, exits: exits.map((exit) => [exit]) });
  return printed({ kind, alpha, S, exits, source, model }, () => source);
}

/** A distribution given by numbers, as a `.phx` file; phases are 1 … n, and 0 is where it stops. */
export function matrixSource(
  kind: TimeKind,
  alpha: readonly number[],
  S: readonly (readonly number[])[],
  exits: readonly number[],
): string {
  const started = alpha.flatMap((probability, i) => (probability > 0 ? [{ phase: i + 1, probability }] : []));
  const missing = 1 - alpha.reduce((sum, probability) => sum + probability, 0);
  if (missing > 1e-12) started.push({ phase: 0, probability: missing });
  const events = S.flatMap((row, i) => [
    ...row.flatMap((rate, j) =>
      (i === j && kind === "continuous") || rate === 0
        ? []
        : [`event from_${i + 1}_to_${j + 1} when phase == ${i + 1}: phase = ${j + 1} @ ${numberText(rate)}`],
    ),
    ...(exits[i] === 0
      ? []
      : [`event leave_${i + 1} when phase == ${i + 1}: phase = 0 @ ${numberText(exits[i])}`]),
  ]);
  return [
    `${kind === "discrete" ? "discrete " : ""}model phase_type`,
    "",
    `state phase in 0..${alpha.length}`,
    ...started.map(({ phase, probability }) =>
      started.length === 1
        ? `start: phase = ${phase}`
        : `start: phase = ${phase} @ ${numberText(probability)}`,
    ),
    "stop when phase == 0",
    "",
    ...events,
    "",
  ].join("\n");
}
