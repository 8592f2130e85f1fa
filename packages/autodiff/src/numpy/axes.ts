// Axis arguments: negative ones, lists, and the options of reductions.
import { PhxError } from "../errors.ts";
import { range } from "../primitives/layout.ts";
import type { ArrayLike } from "../as-value.ts";

export type AxisArgument = number | readonly number[] | null;

/** What a reduction takes: an axis, several, null for all, or an object with further options. */
export type ReductionArgument = AxisArgument | ReductionOptions;

export interface ReductionOptions {
  /** Default null: all axes. */
  readonly axis?: AxisArgument;
  /** Keep reduced axes with length 1. Default false. */
  readonly keepdims?: boolean;
  /** Only entries where this (broadcast) condition holds count. */
  readonly where?: ArrayLike;
}

export function reductionOptions(argument: ReductionArgument | undefined): ReductionOptions {
  if (argument === undefined || argument === null) return {};
  return isAxis(argument) ? { axis: argument } : argument;
}

function isAxis(
  argument: number | readonly number[] | ReductionOptions,
): argument is number | readonly number[] {
  return typeof argument === "number" || Array.isArray(argument);
}

/** An axis as a number from 0; PHX945 if there is none such. */
export function normalizeAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && positive >= 0 && positive < rank) return positive;
  throw new PhxError({
    code: "PHX945",
    what: `axis ${axis} of an array with ${rank} ${rank === 1 ? "axis" : "axes"}`,
    why:
      rank === 0
        ? "a scalar has no axes"
        : `axes are numbered 0 to ${rank - 1}, or −1 to −${rank} from the end`,
    fix: "name an axis in range",
  });
}

/** Axes ascending and from 0; all of them for null. PHX945 if one is named twice. */
export function normalizeAxes(axis: AxisArgument | undefined, rank: number): number[] {
  if (axis === undefined || axis === null) return range(rank);
  const list = typeof axis === "number" ? [axis] : axis;
  const axes = list.map((a) => normalizeAxis(a, rank)).sort((a, b) => a - b);
  for (let i = 1; i < axes.length; i++) {
    if (axes[i] === axes[i - 1]) {
      throw new PhxError({
        code: "PHX945",
        what: `axis ${axes[i]} is named twice in [${list.join(", ")}]`,
        why: "an axis can be reduced or moved only once",
        fix: "name every axis once",
      });
    }
  }
  return axes;
}
